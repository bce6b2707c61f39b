"""What a page needs to be replayed is captured, once per change, after the articles."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archiver.demo.server import DemoSite
from tests.cli import crawl
from tests.crawl.small import shrink

ASSETS = (".css", ".js", ".png", ".svg", ".ico", ".woff2", ".pdf", ".jpg", ".gif", ".webp")


def is_asset(path: str) -> bool:
    return path.partition("?")[0].endswith(ASSETS)


def query(data: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(data / "archive.db")) as db:
        return db.execute(sql).fetchall()


@pytest.fixture(scope="module")
def site() -> Iterator[DemoSite]:
    with DemoSite() as site:
        shrink(site, 28)  # the last of them links to a PDF
        yield site


@pytest.fixture(scope="module")
def data(site: DemoSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    crawl(site.url, folder)
    return folder


def test_stylesheets_images_scripts_and_pdfs_are_captured_after_the_articles(
    site: DemoSite, data: Path
) -> None:
    paths = [request.path for request in site.requests]
    assets = [path for path in paths if is_asset(path)]
    assert {path.partition("?")[0].rpartition(".")[2] for path in assets} >= {
        "css",
        "js",
        "png",
        "pdf",
    }
    assert len(assets) == len(set(assets))
    last_article = max(i for i, path in enumerate(paths) if path == site.expected()[0].path)
    assert last_article < paths.index(assets[0])


def test_a_stylesheets_own_picture_is_found(data: Path) -> None:
    hops = query(data, "SELECT hops FROM frontier WHERE kind = 'asset'")
    assert any(path.endswith("EE") for (path,) in hops)


def test_a_missing_one_is_a_fact_and_no_failure(data: Path) -> None:
    missing = query(data, "SELECT url FROM captures WHERE status = 404 AND url LIKE '%.png'")
    assert len(missing) == 1


def test_later_crawls_ask_again_only_when_full_and_then_conditionally(
    site: DemoSite, data: Path
) -> None:
    before = len(site.requests)
    crawl(site.url, data)
    assert not [request.path for request in site.requests[before:] if is_asset(request.path)]
    before = len(site.requests)
    crawl(site.url, data, "--full")
    again = [request for request in site.requests[before:] if is_asset(request.path)]
    assert any("if-none-match" in request.headers for request in again)
    revisits = query(
        data,
        "SELECT count(*) FROM captures c JOIN captures o ON o.record_id = c.revisit_of"
        " WHERE c.status = 304 AND c.url = o.url AND o.status = 200",
    )
    assert revisits[0][0] > 0


def test_without_assets(site: DemoSite, tmp_path: Path) -> None:
    before = len(site.requests)
    crawl(site.url, tmp_path, "--no-assets")
    assert not [request.path for request in site.requests[before:] if is_asset(request.path)]

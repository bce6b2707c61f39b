"""The main job, end to end: the sample site crawled over HTTP by the command, read in SQLite."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archiver.demo.expected import ExpectedArticle
from archiver.demo.server import DemoSite
from spiders.news import USUAL_SITEMAPS
from tests.cli import crawl
from tests.crawl.small import shrink


@dataclass(frozen=True)
class Crawled:
    """The sample site's first state, crawled once for all the tests that only read."""

    site: str
    data: Path
    expected: list[ExpectedArticle]
    requests: list[str]
    output: str


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    data = tmp_path_factory.mktemp("data")
    with DemoSite() as site:
        done = crawl(site.url, data)
        paths = [request.path for request in site.requests]
        yield Crawled(site.base, data, site.expected(), paths, done.stdout)


def rows(data: Path, sql: str, *values: Any) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(data / "archive.db")) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(sql, values)]


def differences(data: Path, base: str, expected: list[ExpectedArticle]) -> list[str]:
    """Every field of every article that is not what the content file says."""
    found = {row["url"].lower(): row for row in rows(data, "SELECT * FROM articles")}
    out = []
    for article in expected:
        row = found.pop((base + article.path).lower(), None)
        if row is None:
            out.append(f"{article.path} is missing")
            continue
        out += [
            f"{article.path} {name}: {row[name]!r} instead of {value!r}"
            for name, value in fields_of(article).items()
            if row[name] != value
        ]
        questions = rows(
            data, "SELECT * FROM questions WHERE article_id = ? ORDER BY position", row["id"]
        )
        if len(questions) != len(article.questions):
            out.append(f"{article.path} has {len(questions)} questions")
            continue
        for question, wanted in zip(questions, article.questions, strict=True):
            out += [
                f"{article.path} question {name}: {question[name]!r} instead of {value!r}"
                for name in wanted.__dataclass_fields__
                if question[name] != (value := getattr(wanted, name))
            ]
    return out + [f"{url} should not be there" for url in found]


def fields_of(article: ExpectedArticle) -> dict[str, Any]:
    return {
        "post_id": article.post_id,
        "title": article.title,
        "kind": article.kind,
        "published_on": article.published_on,
        "author": article.author,
        "categories": json.dumps(article.categories, ensure_ascii=False, separators=(",", ":")),
        "tags": json.dumps(article.tags, ensure_ascii=False, separators=(",", ":")),
        "body_text": article.body_text,
        "vote_count": article.vote_count,
        "rating": article.rating,
    }


def test_every_article_has_every_field_of_its_content_file(crawled: Crawled) -> None:
    assert differences(crawled.data, crawled.site, crawled.expected) == []


def test_each_article_is_fetched_once(crawled: Crawled) -> None:
    articles = {article.path.lower() for article in crawled.expected}
    fetched = [path.lower() for path in crawled.requests if path.lower() in articles]
    assert sorted(fetched) == sorted(articles)


def test_nothing_out_of_scope_is_fetched(crawled: Crawled) -> None:
    unwanted = ("/wp-admin", "replytocom", "add-to-cart", "/en/", "/tag/", "/author/")
    assert [path for path in crawled.requests if any(part in path for part in unwanted)] == []


def test_every_exchange_is_a_capture(crawled: Crawled) -> None:
    captures = rows(crawled.data, "SELECT url, method FROM captures")
    fetched = sorted(crawled.site + path for path in crawled.requests)
    assert sorted(row["url"] for row in captures) == fetched
    assert {row["method"] for row in captures} == {"wire"}


def test_the_files_are_closed(crawled: Crawled) -> None:
    assert not list((crawled.data / "warc").glob("*.open"))
    assert list((crawled.data / "warc").glob("*.warc.gz"))


def test_a_home_page_in_a_sitemaps_place_is_not_leafed_through(tmp_path: Path) -> None:
    usual = [f"/{name}" for name in USUAL_SITEMAPS]
    with DemoSite() as site:
        page = site.answer_to("/actualite/", {}).body(coded=False)
        body = page.replace(b"/actualite/2/", b"/sitemap.xml?paged=2")
        shrink(site, 5)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n"
        site.switches.robots = ""
        site.switches.raw = {path: lambda: head + body for path in usual}
        crawl(site.url, tmp_path, "--no-assets")
        asked = [request.path for request in site.requests if "sitemap" in request.path]
    assert b"/sitemap.xml?paged=2" in body
    assert sorted(asked) == sorted(usual)

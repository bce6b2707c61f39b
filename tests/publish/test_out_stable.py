"""Addresses outlive a rebuild that gives every row another id, and an article's change of slug."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from datasette.app import Datasette

from archiver.folder import DataFolder
from archiver.ingest import as_stored, ingest, site_of
from archiver.ops.rebuild import rebuild
from archiver.profiles import load
from archiver.provenance import Provenance
from archiver.publish.engine import build
from archiver.publish.projection import publish
from archiver.publish.projection.options import Options
from archiver.store.database import Store
from archiver.store.model import CrawlStart
from archiver.warc.model import Exchange
from archiver.warc.writer import WarcWriter
from tests.publish import held
from tests.publish.taken import as_json, entries, got

OTHER = "autre.example"
NEW_SLUG = f"{held.HOME}2024/03/desert-medical-suite/"
FOURTH = "2024-03-04T12:00:00.000000Z"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One data folder, served from its database as crawled and from the same rebuilt."""

    crawled: Datasette
    rebuilt: Datasette


def crawl(folder: DataFolder, host: str, answers: list[tuple[str, str, bytes]]) -> None:
    """Crawl some (URL, instant, answer) of a host into the archive."""
    profile, begun = load(f"https://{host}/"), answers[0][1]
    with closing(Store.open(folder.database)) as store:
        store.describe_site(site_of(profile, begun))
        number = store.begin_crawl(CrawlStart(profile.site_id, "live", begun))
        made_by = Provenance(number, profile.site_id, "live", begun, "0.1", profile)
        writer = WarcWriter(folder.warcs, prefix=host, info=made_by.fields())
        for url, at, answer in answers:
            request = f"GET {url} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
            exchange = Exchange(url, at, request, answer)
            ingest(store, as_stored(exchange, writer.write(exchange)), number, profile)
        store.derive_pending()
        writer.close()


def ids(database: Path) -> dict[str, int]:
    with closing(sqlite3.connect(database)) as connection:
        return dict(connection.execute("select url, id from articles"))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[DataFolder, DataFolder]:
    """An archive in which an article changes its slug, and a copy of it that was rebuilt."""
    root = tmp_path_factory.mktemp("stable")
    folder = DataFolder(root / "data")
    folder.prepare()
    crawl(folder, held.HOST, list(held.EXCHANGES))
    renamed = held.page(held.ANSWER).replace(held.ARTICLE.encode(), NEW_SLUG.encode())
    moved = b"HTTP/1.1 301 Moved\r\nLocation: " + NEW_SLUG.encode() + b"\r\n\r\n"
    found = held.response(renamed)
    crawl(folder, held.HOST, [(held.ARTICLE, FOURTH, moved), (NEW_SLUG, FOURTH, found)])
    for number in (5, 6):
        url = f"https://{OTHER}/2024/03/article-{number}/"
        body = held.page().replace(held.ARTICLE.encode(), url.encode())
        body = body.replace(b"postid-12", b"postid-%d" % number)
        crawl(
            folder,
            OTHER,
            [(url, FOURTH, held.response(body.replace(b"post-12", b"post-%d" % number)))],
        )
    again = DataFolder(root / "again")
    shutil.copytree(folder.root, again.root)
    rebuild(again, workers=1)
    return folder, again


@pytest.fixture
def both(folders: tuple[DataFolder, DataFolder]) -> Rebuilt:
    crawled, rebuilt = folders
    return Rebuilt(build(crawled.database), build(rebuilt.database))


def test_the_rebuild_gives_other_ids(folders: tuple[DataFolder, DataFolder]) -> None:
    before, after = (ids(folder.database) for folder in folders)
    assert set(before) == set(after)
    assert NEW_SLUG in before
    assert len(before) >= 3
    assert all(before[url] != after[url] for url in before)


@pytest.mark.asyncio
async def test_every_address_gives_the_same_after_a_rebuild(both: Rebuilt) -> None:
    addresses = {
        "/",
        "/recherche",
        "/recherche.json",
        "/recherche.json?tri=ancien",
        "/questions.csv",
        "/changements.atom?changement=tous",
    }
    addresses |= {"/sitemap.xml", "/changements", "/questions.ics"}
    for row in (await as_json(both.crawled, "/recherche.json"))["lignes"]:
        path = row["page"].removeprefix("http://localhost")
        addresses |= {
            path,
            f"{path}.json",
            f"{path}.atom",
            f"{path.replace('article', 'citer')}.ris",
        }
        addresses |= {path.replace("article", "revisions"), row["preuve"]}
    assert len(addresses) > 20
    for address in sorted(addresses):
        before, after = [(await got(site, address)).text for site in (both.crawled, both.rebuilt)]
        assert before == after, address


@pytest.mark.asyncio
async def test_a_publication_gives_the_same(
    folders: tuple[DataFolder, DataFolder], tmp_path: Path
) -> None:
    publish(folders[0], tmp_path / "out", Options())
    published = build(tmp_path / "out" / "current" / "archive.db")
    crawled = build(folders[0].database)
    paths = ["/recherche.csv", "/questions.json", "/changements.atom?changement=tous"]
    paths += ["/questions.ics", "/sitemap.xml", "/robots.txt", "/mois.csv", "/hausses.csv"]
    paths += [f"/article/{held.HOST}/12.json", f"/article/{held.HOST}/12.atom", "/openapi.json"]
    for path in paths:
        before, after = [(await got(site, path)).text for site in (crawled, published)]
        assert before == after, path


@pytest.mark.asyncio
async def test_the_ids_of_a_feed_outlive_a_rebuild(both: Rebuilt) -> None:
    before, after = [
        sorted(await entries(site, "/changements.atom?changement=tous"), key=lambda e: e.id)
        for site in (both.crawled, both.rebuilt)
    ]
    assert before == after
    assert {"nouveau", "reponse", "adresse"} <= {entry.category for entry in before}


@pytest.mark.asyncio
@pytest.mark.parametrize("ending", ["", ".json", ".atom"])
async def test_an_old_slug_redirects_to_the_article(both: Rebuilt, ending: str) -> None:
    for site in (both.crawled, both.rebuilt):
        for url in (held.ARTICLE, NEW_SLUG):
            key = url.removeprefix(held.HOME)
            answer = await site.client.get(
                f"/article/{held.HOST}/{key}{ending}?q=soins", follow_redirects=False
            )
            assert answer.status_code == 301
            assert answer.headers["location"] == f"/article/{held.HOST}/12{ending}?q=soins"
            await got(site, answer.headers["location"])


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("view", "ending"),
    [("revisions", ""), ("revisions", ".json"), ("citer", ".bib"), ("commentaires", ".csv")],
)
async def test_an_old_slug_redirects_on_every_page_of_it(
    both: Rebuilt, view: str, ending: str
) -> None:
    key = held.ARTICLE.removeprefix(held.HOME)
    answer = await both.rebuilt.client.get(
        f"/{view}/{held.HOST}/{key}{ending}", follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (
        301,
        f"/{view}/{held.HOST}/12{ending}",
    )

"""An archive whose every field attacks, asked for at every address that there is: nothing of it is
markup, script, formula or SQL in any answer.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

import httpx
import pytest
from datasette.app import Datasette
from selectolax.lexbor import LexborHTMLParser

from archiver.folder import DataFolder
from archiver.publish.engine import build
from archiver.publish.hosting.switch import Ports, open_version
from archiver.publish.opening import read_only
from archiver.publish.projection import publish
from archiver.publish.projection.options import Options
from archiver.publish.replay.app import ReplayApp
from archiver.publish.site.headers import OWN_POLICY
from archiver.store.schema import PUBLIC
from tests.publish import hostile
from tests.publish.dangers import in_answer, in_csv, in_html
from tests.publish.hostile import HOST, MARK, MOVED, PAYLOAD, QUESTION

# What is one of a few words, a day, an instant, a digest or a name that the program gives.
CANNOT_ATTACK = {
    "sites": {"id", "home_url", "platform"},
    "crawls": {"site_id", "source", "started_at", "finished_at", "outcome"},
    "captures": {
        "captured_at",
        "payload_digest",
        "warc_file",
        "record_id",
        "revisit_of",
        "method",
    },
    "articles": {
        "site_id",
        "lang",
        "kind",
        "published_on",
        "modified_at",
        "first_captured_at",
        "last_captured_at",
        "gone_at",
    },
    "questions": {"type", "asked_on", "answered_on", "status"},
    "revisions": {"seen_at", "last_seen_at", "content_digest"},
    "comment_counts": {"observed_at", "source"},
    "events": {"at", "kind"},
    "corrections": {"field", "before", "corrected_on"},
    "problems": {"seen_at"},
}

ASKED = urlencode({"q": PAYLOAD, "ministre": PAYLOAD, "statut": PAYLOAD, "tri": PAYLOAD})
EACH = (
    "q",
    "ministre",
    "statut",
    "annee",
    "mois",
    "categorie",
    "genre",
    "langue",
    "site",
    "tri",
    "page",
    "elargir",
    "du",
    "au",
    "periode",
    "depuis",
    "a",
    "b",
)
EXAMPLES = (
    "/",
    *(f"/recherche?{urlencode({name: PAYLOAD})}" for name in EACH),
    *(f"/recherche.{kind}" for kind in ("csv", "excel.csv", "json", "ndjson")),
    *(f"/questions.{kind}" for kind in ("csv", "excel.csv", "json", "ndjson", "ics")),
    *(f"/changements.{kind}" for kind in ("csv", "excel.csv", "json", "ndjson", "atom")),
    *(f"/commentaires/{HOST}/7.{kind}" for kind in ("csv", "excel.csv", "json", "ndjson")),
    *(f"/ministres.{kind}" for kind in ("csv", "excel.csv", "json", "ndjson")),
    *(f"/commentaires.{kind}" for kind in ("csv", "excel.csv", "json", "ndjson")),
    *(f"/lot.{kind}?{urlencode({'termes': PAYLOAD})}" for kind in ("csv", "excel.csv", "json")),
    *(f"/citer/{HOST}/7.{kind}" for kind in ("txt", "bib", "ris", "json")),
    f"/lot?{urlencode({'termes': PAYLOAD, 'genre': PAYLOAD})}",
    f"/ministres?{urlencode({'periode': PAYLOAD, 'tri': PAYLOAD})}",
    f"/commentaires?{ASKED}",
    f"/changements?{ASKED}&genre={quote(PAYLOAD)}",
    f"/questions?{ASKED}",
    f"/article/{HOST}/7?{ASKED}",
    f"/article/{HOST}/7.json",
    f"/article/{HOST}/7.atom",
    f"/article/{HOST}/{quote(PAYLOAD, safe='')}",
    f"/article/{quote(PAYLOAD, safe='')}/7",
    f"/article/{HOST}/2024/03/{hostile.IN_ADDRESS}/",
    f"/revisions/{HOST}/7?a={quote(PAYLOAD)}&b={quote(PAYLOAD)}",
    f"/revisions/{HOST}/7.json",
    f"/preuve/{quote(PAYLOAD, safe='')}",
    "/etat",
    "/etat.json",
    "/openapi.json",
    "/sitemap.xml",
    "/sitemap-1.xml",
    "/robots.txt",
    f"/{quote(PAYLOAD, safe='')}",
    "/.json",
    "/favicon.ico",
    "/-/static/app.css",
    "/-/static-plugins/archiver.publish.site/base.css",
    "/archive",
    "/archive.json",
    "/archive.db",
    *(f"/archive/{table.name}{kind}" for table in PUBLIC for kind in ("", ".json", ".csv")),
    f"/archive?{urlencode({'sql': 'select ' + repr(PAYLOAD).replace(chr(92), '')})}",
    f"/archive?{urlencode({'sql': 'select title as [' + hostile.SHORT + '] from articles'})}",
    f"/archive.csv?{urlencode({'sql': 'select title from articles'})}",
    f"/archive/articles?{urlencode({'_search': PAYLOAD, '_sort': PAYLOAD})}",
    f"/archive/articles?{urlencode({'title__contains': PAYLOAD, '_facet': 'title'})}",
    f"/archive/articles?{urlencode({PAYLOAD: PAYLOAD})}",
    f"/archive/articles?{urlencode({'_facet_array': 'categories', '_facet': 'author'})}",
    "/archive/articles.blob?_blob_column=title",
    "/archive/articles/1",
    "/archive/articles/1.json",
    f"/:memory:{quote(PAYLOAD, safe='')}",
    f"/archive/{quote(PAYLOAD, safe='')}",
    f"/archive/articles/{quote(PAYLOAD, safe='')}",
    *(
        f"/-/{name}"
        for name in (
            "metadata",
            "metadata.json",
            "versions",
            "plugins",
            "settings",
            "config.json",
            "config",
            "threads",
            "databases",
            "actor",
            "auth-token",
            "logout",
            "permissions",
            "messages",
            "allow-debug",
            "patterns",
        )
    ),
)
MOST_OF_ONE_ROUTE = 6


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    return hostile.hold(tmp_path_factory.mktemp("hostile") / "data")


def test_every_field_of_the_archive_attacks(archive: DataFolder) -> None:
    with closing(read_only(archive.database)) as connection:
        for table in PUBLIC:
            texts = {column.name for column in table.columns if column.type == "TEXT"}
            assert CANNOT_ATTACK[table.name] <= texts
            for name in texts - CANNOT_ATTACK[table.name]:
                (count,) = connection.execute(
                    f"select count(*) from {table.name} where {name} like '%onerror=vole%'"
                ).fetchone()
                assert count, f"{table.name}.{name}"


def links(page: str, base: str) -> Iterator[str]:
    """Where a page leads within the site: links, and forms with what they hold."""
    tree = LexborHTMLParser(page)
    for node in tree.css("a[href], link[href]"):
        yield urljoin(base, node.attributes.get("href") or "")
    for form in tree.css("form"):
        held = [
            (field.attributes["name"] or "", field.attributes.get("value") or PAYLOAD)
            for field in form.css("input[name], select[name], textarea[name]")
        ]
        yield urljoin(base, f"{form.attributes.get('action') or ''}?{urlencode(held)}")


async def walk(site: Datasette) -> tuple[dict[str, httpx.Response], set[str]]:
    """Every example, and what the pages lead to, a few of each route; the routes without any."""
    routes = [regex for regex, _ in site._routes()]
    seen: dict[str, httpx.Response] = {}
    taken: Counter[str] = Counter()
    waiting = [(path, True) for path in EXAMPLES]
    while waiting:
        path, is_example = waiting.pop(0)
        parts = urlsplit(path)
        if parts.netloc not in {"", "localhost"} or parts.scheme not in {"", "http"}:
            continue
        path = parts._replace(scheme="", netloc="", fragment="").geturl()
        route = next((regex for regex in routes if re.match(regex, parts.path)), "")
        if path in seen or (not is_example and taken[route] >= MOST_OF_ONE_ROUTE):
            continue
        taken[route] += not is_example
        try:
            answer = await site.client.get(path)
        except httpx.InvalidURL:
            continue
        seen[path] = answer
        taken[route] += 0
        if answer.headers["content-type"].startswith("text/html"):
            waiting += [(link, False) for link in links(answer.text, path)]
        if "location" in answer.headers:
            waiting.append((urljoin(path, answer.headers["location"]), False))
    reached = {
        next((regex for regex in routes if re.match(regex, urlsplit(path).path)), "")
        for path in seen
    }
    return seen, set(routes) - reached


def assert_harmless(answers: dict[str, httpx.Response]) -> None:
    for path, answer in answers.items():
        kind = answer.headers.get("content-type", "")
        assert answer.status_code in {200, 301, 302, 304, 400, 403, 404, 405, 503}, path
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert answer.headers["referrer-policy"] == "no-referrer", path
        assert answer.headers["x-frame-options"] == "DENY", path
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy, path
        if not path.startswith("/-/") or path.startswith("/-/static"):
            assert policy == OWN_POLICY, path
            assert "unsafe" not in policy, path
        for value in answer.headers.values():
            assert MARK not in value or value.startswith("/") or "%22" in value, (path, value)
        if answer.content and answer.status_code not in {301, 302, 304}:
            assert in_answer(path, kind, answer.text) == [], path


@pytest.mark.asyncio
async def test_no_answer_of_the_reading_site_attacks(archive: DataFolder) -> None:
    answers, missed = await walk(build(archive.database))
    assert not missed, f"EXAMPLES has no address of these routes: {missed}"
    assert_harmless(answers)
    shown = sum(MARK in answer.text for answer in answers.values())
    assert shown > len(answers) / 2, "most answers show a payload"
    with closing(sqlite3.connect(archive.database)) as connection:
        assert connection.execute("select count(*) from articles").fetchone() == (2,)


@pytest.mark.asyncio
async def test_no_answer_of_a_publication_attacks(archive: DataFolder, tmp_path: Path) -> None:
    version = publish(archive, tmp_path / "out", Options()).version
    opened = await open_version(version, Ports(1, 2))
    answers, _ = await walk(opened.datasette)
    assert_harmless(answers)


@pytest.mark.asyncio
async def test_no_answer_of_replay_attacks(archive: DataFolder) -> None:
    app: Any = ReplayApp(archive.database, reading=8001)
    paths = [
        "/",
        *(f"/?{urlencode({'url': url})}" for url in (QUESTION, MOVED, PAYLOAD)),
        f"/?{urlencode({'url': QUESTION, 'ts': PAYLOAD})}",
        f"/timemap/{QUESTION}",
        f"/timegate/{QUESTION}",
        f"/timemap/{quote(PAYLOAD, safe='')}",
        f"/memento/20240301120000/{QUESTION}",
        f"/memento/20240301120000/{quote(PAYLOAD, safe='')}",
        f"/{quote(PAYLOAD, safe='')}",
        f"/wacz/{quote(PAYLOAD, safe='')}.wacz",
    ]
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8002") as client:
        for path in paths:
            answer = await client.get(path)
            policy = answer.headers["content-security-policy"]
            assert answer.status_code != 500, path
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "default-src 'none'" in policy
            assert MARK not in "".join(answer.headers.values()) or "%22" in str(answer.headers)
            if path.startswith("/memento/") and answer.status_code == 200:
                # A captured page is given as it was, in a sandbox where nothing of it can run.
                assert policy.startswith("sandbox; default-src 'none'")
            elif answer.headers["content-type"].startswith("text/html"):
                page = answer.text.replace("/viewer/", "/-/static/").replace(
                    "/start.js", "/-/static/start.js"
                )
                assert list(in_html(page, own=True)) == [], path


@pytest.mark.parametrize(
    "page",
    [
        "<p onclick=vole()>",
        "<script>vole()</script>",
        "<script src=//ailleurs.example/x.js></script>",
        "<a href=' JavaScript:vole()'>",
        "<img src=x>",
        "<iframe src=/></iframe>",
        "<p style='x'>",
        "<svg><a xlink:href='javascript:vole()'>",
        "<meta http-equiv=Refresh content=0>",
        "<p>1219326320002895899401</p>",
        '<script type=application/ld+json>{"a": "</scr<ipt>"}</script>',
    ],
)
def test_each_danger_is_seen(page: str) -> None:
    assert list(in_html(page, own=True))


def test_formulas_are_seen() -> None:
    assert list(in_csv('a;=1+1\r\n"\tx";\'=2\r\n', ";")) == ["=1+1", "\tx"]

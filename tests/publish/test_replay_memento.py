"""The second origin over HTTP: Memento (RFC 7089), the WACZ by ranges, and what it refuses."""

import gzip
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from archiver.publish.replay import app as replay
from archiver.publish.replay.app import ReplayApp
from archiver.publish.replay.viewer import Viewer, find_viewer
from tests.publish import held
from tests.publish.held import ARTICLE, FIRST, HOME, HOSTILE, OLD, SECOND, THIRD, HeldArchive

ORIGIN = "http://127.0.0.1:8002"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> HeldArchive:
    return held.hold(tmp_path_factory.mktemp("held") / "data")


@pytest_asyncio.fixture
async def client(archive: HeldArchive) -> AsyncIterator[httpx.AsyncClient]:
    app: Any = ReplayApp(archive.folder.database, reading=8001)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as opened:
        yield opened


def links(header: str) -> dict[str, str]:
    """The address of each relation in a Link header."""
    found: dict[str, str] = {}
    for part in header.split(", <"):
        address, _, rest = part.lstrip("<").partition(">")
        for name in rest.partition('rel="')[2].partition('"')[0].split():
            found.setdefault(name, address)
    return found


def http_date(instant: str) -> str:
    return format_datetime(datetime.fromisoformat(instant).astimezone(UTC), usegmt=True)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("wanted", "stamp"),
    [
        (None, "20240303120000"),
        ("Fri, 01 Mar 2024 12:00:00 GMT", "20240301120000"),
        ("Sat, 02 Mar 2024 13:00:00 GMT", "20240302120000"),
        ("Mon, 01 Jan 1990 00:00:00 GMT", "20240301120000"),
        ("Fri, 01 Jan 2060 00:00:00 GMT", "20240303120000"),
    ],
)
async def test_the_timegate_leads_to_the_nearest(
    client: httpx.AsyncClient, wanted: str | None, stamp: str
) -> None:
    headers = {"accept-datetime": wanted} if wanted else {}
    response = await client.get(f"/timegate/{ARTICLE}", headers=headers)
    assert response.status_code == 302
    assert response.headers["location"] == f"{ORIGIN}/memento/{stamp}/{ARTICLE}"
    assert response.headers["vary"] == "accept-datetime"
    assert "memento-datetime" not in response.headers
    assert links(response.headers["link"])["original"] == ARTICLE
    assert links(response.headers["link"])["timemap"] == f"{ORIGIN}/timemap/{ARTICLE}"


@pytest.mark.asyncio
async def test_a_date_that_is_none_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.get(f"/timegate/{ARTICLE}", headers={"accept-datetime": "hier"})
    assert response.status_code == 400


@pytest.mark.asyncio
@pytest.mark.parametrize("at", [FIRST, SECOND, THIRD])
async def test_a_memento_is_the_entity_as_captured(client: httpx.AsyncClient, at: str) -> None:
    stamp = f"2024030{at[9]}120000"
    response = await client.get(f"/memento/{stamp}/{ARTICLE}")
    assert response.status_code == 200
    assert response.headers["memento-datetime"] == http_date(at)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-encoding"] == "gzip"
    assert response.content == held.page(held.ANSWER if at == THIRD else "")
    found = links(response.headers["link"])
    assert found["original"] == ARTICLE
    assert found["timegate"] == f"{ORIGIN}/timegate/{ARTICLE}"
    assert found["first"] == f"{ORIGIN}/memento/20240301120000/{ARTICLE}"
    assert found["last"] == f"{ORIGIN}/memento/20240303120000/{ARTICLE}"
    if at == SECOND:
        assert (found["prev"], found["next"]) == (found["first"], found["last"])


@pytest.mark.asyncio
async def test_a_memento_gives_the_coded_bytes(client: httpx.AsyncClient) -> None:
    async with client.stream("GET", f"/memento/20240301120000/{ARTICLE}") as response:
        coded = b"".join([part async for part in response.aiter_raw()])
    assert gzip.decompress(coded) == held.page()


@pytest.mark.asyncio
async def test_a_memento_is_inert(client: httpx.AsyncClient) -> None:
    response = await client.get(f"/memento/20240301120000/{HOSTILE}")
    assert b"<script>" in response.content
    policy = response.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in response.headers


@pytest.mark.asyncio
async def test_a_captured_redirect_leads_on_within_the_archive(client: httpx.AsyncClient) -> None:
    response = await client.get(f"/memento/20240301120000/{OLD}")
    assert response.status_code == 301
    assert response.headers["location"] == f"{ORIGIN}/memento/20240301120000/{ARTICLE}"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "spelling",
    [
        ARTICLE.removesuffix("/"),
        ARTICLE.replace("https://", "http://www."),
        ARTICLE.replace("https://", "https:/"),
        ARTICLE.replace("https://", "https%3A%2F%2F"),
    ],
)
async def test_other_spellings_find_it(client: httpx.AsyncClient, spelling: str) -> None:
    response = await client.get(f"/timegate/{spelling}")
    assert response.headers["location"] == f"{ORIGIN}/memento/20240303120000/{ARTICLE}"


@pytest.mark.asyncio
async def test_another_second_leads_to_the_nearest(client: httpx.AsyncClient) -> None:
    response = await client.get(f"/memento/20240302000000/{ARTICLE}")
    assert response.status_code == 302
    assert response.headers["location"] == f"{ORIGIN}/memento/20240301120000/{ARTICLE}"
    response = await client.get(f"/memento/20241399000000/{ARTICLE}")
    assert response.status_code == 400


@pytest.mark.asyncio
async def test_the_timemap_lists_every_capture(client: httpx.AsyncClient) -> None:
    response = await client.get(f"/timemap/{ARTICLE}")
    assert response.headers["content-type"] == "application/link-format"
    lines = response.text.split(",\n")
    assert lines[0] == f'<{ARTICLE}>; rel="original"'
    assert lines[1].startswith(f'<{ORIGIN}/timemap/{ARTICLE}>; rel="self"')
    assert f'from="{http_date(FIRST)}"; until="{http_date(THIRD)}"' in lines[1]
    assert lines[2] == f'<{ORIGIN}/timegate/{ARTICLE}>; rel="timegate"'
    assert [line.partition("rel=")[2].split(";")[0] for line in lines[3:]] == [
        '"first memento"',
        '"memento"',
        '"last memento"',
    ]


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", ["timegate", "timemap", "memento/20240301120000"])
@pytest.mark.parametrize("url", [f"{HOME}nulle-part", "x", "javascript:alert(1)", "%00", "[", ""])
async def test_what_was_never_captured_is_not_found(
    client: httpx.AsyncClient, kind: str, url: str
) -> None:
    response = await client.get(f"/{kind}/{url}")
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/plain")


@pytest.mark.asyncio
async def test_damage_is_said(tmp_path: Path) -> None:
    archive = held.hold(tmp_path / "data")
    (warc,) = archive.folder.warcs.glob("*.warc.gz")
    warc.unlink()
    app: Any = ReplayApp(archive.folder.database, reading=8001)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as client:
        response = await client.get(f"/memento/20240301120000/{ARTICLE}")
    assert response.status_code == 500
    assert str(tmp_path) not in response.text


@pytest.fixture
def viewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the viewer's files, which are not part of the repository."""
    files = Viewer({"ui.js": b"/* ui */", "sw.js": b"/* sw */"})
    monkeypatch.setattr(replay, "find_viewer", lambda _folders: files)


@pytest.mark.asyncio
@pytest.mark.usefixtures("viewer")
async def test_the_archive_is_given_by_ranges(client: httpx.AsyncClient) -> None:
    page = await client.get("/", params={"url": ARTICLE, "ts": "20240301120000"})
    path = page.text.partition('data-source="')[2].partition('"')[0]
    assert path.startswith("/wacz/")
    whole = await client.get(path)
    assert whole.status_code == 200
    assert whole.headers["content-type"] == "application/wacz"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.content[:4] == b"PK\x03\x04"
    tail = await client.get(path, headers={"range": "bytes=-22"})
    assert tail.status_code == 206
    assert tail.content == whole.content[-22:]
    size = len(whole.content)
    assert tail.headers["content-range"] == f"bytes {size - 22}-{size - 1}/{size}"
    beyond = await client.get(path, headers={"range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    head = await client.head(path)
    assert (head.headers["content-length"], head.content) == (str(size), b"")
    stale = await client.get(path, headers={"range": "bytes=0-1", "if-range": '"other"'})
    assert stale.status_code == 200
    same = {"range": "bytes=0-1", "if-range": whole.headers["etag"]}
    assert (await client.get(path, headers=same)).content == b"PK"
    assert (await client.get("/wacz/0.wacz")).status_code == 404


@pytest.mark.asyncio
@pytest.mark.usefixtures("viewer")
async def test_the_page_shows_the_capture_nearest_to_the_instant(
    client: httpx.AsyncClient, archive: HeldArchive
) -> None:
    page = await client.get("/", params={"url": ARTICLE, "ts": "20240302130000"})
    assert 'data-ts="20240302120000"' in page.text
    assert f"http://127.0.0.1:8001/preuve/{archive.records[(ARTICLE, SECOND)]}" in page.text
    policy = page.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.asyncio
@pytest.mark.usefixtures("viewer")
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("url=https://ailleurs.example/", 404),
        (f"url={ARTICLE}&ts=hier", 400),
        (f"url={ARTICLE}&ts=20249999999999", 400),
        ("url=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", 404),
        ("&".join(["a=1"] * 50), 200),
    ],
)
async def test_an_odd_request_is_a_page(client: httpx.AsyncClient, query: str, status: int) -> None:
    page = await client.get(f"/?{query}")
    assert page.status_code == status
    assert "<script>" not in page.text


@pytest.mark.asyncio
@pytest.mark.usefixtures("viewer")
async def test_only_the_viewer_can_be_a_worker(client: httpx.AsyncClient) -> None:
    worker = {"service-worker": "script"}
    fine = await client.get("/replay/sw.js", headers=worker)
    assert fine.status_code == 200
    assert fine.headers["content-type"].startswith("text/javascript")
    assert "connect-src 'self'" in fine.headers["content-security-policy"]
    for path in (f"/memento/20240301120000/{HOSTILE}", "/viewer/ui.js", "/start.js"):
        assert (await client.get(path, headers=worker)).status_code == 403


@pytest.mark.asyncio
async def test_without_the_viewer_the_page_says_how_to_get_it(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, archive: HeldArchive
) -> None:
    monkeypatch.setattr(replay, "find_viewer", lambda _folders: None)
    app: Any = ReplayApp(archive.folder.database, reading=8001)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url=ORIGIN
    ) as without:
        page = await without.get("/", params={"url": ARTICLE})
        assert page.status_code == 503
        assert "make replay" in page.text
        assert (await without.get("/replay/sw.js")).status_code == 404
        assert (await without.get(f"/timemap/{ARTICLE}")).status_code == 200


def test_only_the_pinned_files_are_the_viewer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = {"ui.js": b"ui", "sw.js": b"sw"}
    pinned = {name: hashlib.sha256(text).hexdigest() for name, text in content.items()}
    monkeypatch.setattr("archiver.publish.replay.viewer.SHA256", pinned)
    for name, text in content.items():
        (tmp_path / name).write_bytes(text)
    found = find_viewer((tmp_path / "nulle-part", tmp_path))
    assert found is not None
    assert found.files == content
    (tmp_path / "sw.js").write_bytes(b"other")
    assert find_viewer((tmp_path,)) is None


@pytest.mark.asyncio
async def test_other_methods_and_odd_hosts_are_refused(client: httpx.AsyncClient) -> None:
    refused = await client.post("/")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    odd = await client.get(f"/timemap/{ARTICLE}", headers={"host": 'x"><script>'})
    assert odd.status_code == 400

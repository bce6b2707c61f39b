"""The proof page on real WARC files: it tells where the bytes are, reads them again, and says so
when they are not what they were."""

import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from datasette.app import Datasette
from warcio.archiveiterator import ArchiveIterator

from archiver.publish.engine import build
from archiver.publish.site.addresses import proof_path
from archiver.warc.check import Checked, check_warc
from tests.publish import held
from tests.publish.browsing import look
from tests.publish.held import ARTICLE, FIRST, OLD, SECOND, THIRD, HeldArchive


@pytest.fixture
def archive(tmp_path: Path) -> HeldArchive:
    return held.hold(tmp_path / "data")


@pytest.fixture
def pages(archive: HeldArchive) -> Datasette:
    return build(archive.folder.database, replay_port=8002)


def own(archive: HeldArchive, url: str = ARTICLE, at: str = THIRD) -> str:
    return proof_path(archive.records[(url, at)])


def warc(archive: HeldArchive) -> Path:
    return next(archive.folder.warcs.glob("*.warc.gz"))


def place(archive: HeldArchive, url: str = ARTICLE, at: str = THIRD) -> tuple[int, int]:
    with closing(sqlite3.connect(archive.folder.database)) as db:
        found: tuple[int, int] = db.execute(
            "select warc_offset, warc_length from captures where url = ? and captured_at = ?",
            (url, at),
        ).fetchone()
    return found


@pytest.mark.asyncio
async def test_it_tells_where_the_bytes_are_and_what_came_of_them(
    archive: HeldArchive, pages: Datasette
) -> None:
    soup = await look(pages, own(archive))
    text = soup.get_text(" ", strip=True)
    offset, _ = place(archive)
    assert ARTICLE in text
    assert THIRD in text
    assert "Octets exacts" in text
    assert warc(archive).name in text
    assert str(offset) in text.replace("\u202f", "")
    taken = soup.select_one("section[aria-labelledby=tire]")
    assert taken is not None
    said = [line.get_text(strip=True) for line in taken.select(".meta")]
    assert said == ["L’article tel qu’il est affiché", "Uneversion du texte", "Réponse arrivée"]
    (replay,) = (a for a in soup.select("a") if a.get_text() == "Revoir la page")
    assert str(replay["href"]).startswith("http://localhost:8002/?url=https%3A%2F%2Fclaire")
    assert str(replay["href"]).endswith("&ts=20240303120000")


@pytest.mark.asyncio
async def test_headers_are_text(archive: HeldArchive, pages: Datasette) -> None:
    soup = await look(pages, own(archive, at=FIRST))
    request, response, record = (block.get_text() for block in soup.select("pre.heads"))
    assert request.startswith("GET /2024/03/desert-medical/ HTTP/1.1")
    assert "X-Odd: café <b>" in response
    assert "<p>" not in response
    assert f"WARC-Record-ID: <{archive.records[(ARTICLE, FIRST)]}>" in record


@pytest.mark.asyncio
@pytest.mark.parametrize("which", [(ARTICLE, THIRD), (ARTICLE, SECOND), (OLD, FIRST)])
async def test_what_is_whole_verifies(
    archive: HeldArchive, pages: Datasette, which: tuple[str, str]
) -> None:
    soup = await look(pages, f"{own(archive, *which)}/verifier")
    status = soup.select_one("[role=status]")
    assert status is not None
    assert "Intacte." in status.get_text()
    answer = (await pages.client.get(f"{own(archive, *which)}/verifier.json")).json()
    assert answer["intact"] is True
    assert answer["capture"]["record_id"] == archive.records[which]
    assert {c["name"]: c["ok"] for c in answer["checks"]} == dict.fromkeys(
        ("record", "record_id", "url", "captured_at", "block", "payload"), True
    )


@pytest.mark.asyncio
async def test_a_revisit_leads_to_its_original(archive: HeldArchive, pages: Datasette) -> None:
    soup = await look(pages, own(archive, at=SECOND))
    links = [str(a["href"]) for a in soup.select("dl.proof a")]
    assert links == [own(archive, at=FIRST)]
    original = await look(pages, own(archive, at=FIRST))
    assert "1\xa0capture plus tard, avec le même contenu" in original.get_text()


@pytest.mark.asyncio
async def test_a_flipped_byte_is_seen(archive: HeldArchive, pages: Datasette) -> None:
    path = warc(archive)
    whole = bytearray(path.read_bytes())
    offset, length = place(archive)
    whole[offset + length // 2] ^= 1
    path.write_bytes(whole)
    answer = (await pages.client.get(f"{own(archive)}/verifier.json")).json()
    assert answer["intact"] is False
    assert str(archive.folder.root) not in answer["fault"]
    soup = await look(pages, f"{own(archive)}/verifier")
    assert "Illisible." in soup.get_text()
    other = (await pages.client.get(f"{own(archive, at=FIRST)}/verifier.json")).json()
    assert other["intact"] is True


@pytest.mark.asyncio
@pytest.mark.parametrize("column", ["payload_digest", "url", "captured_at"])
async def test_a_row_that_says_something_else_is_seen(
    archive: HeldArchive, pages: Datasette, column: str
) -> None:
    wrong = {"payload_digest": f"sha256:{'0' * 64}", "url": held.HOME, "captured_at": SECOND}
    with closing(sqlite3.connect(archive.folder.database)) as db:
        db.execute(
            f"update captures set {column} = ? where record_id = ?",
            (wrong[column], archive.records[(ARTICLE, THIRD)]),
        )
        db.commit()
    answer = (await pages.client.get(f"{own(archive)}/verifier.json")).json()
    name = "payload" if column == "payload_digest" else column
    assert [c["name"] for c in answer["checks"] if not c["ok"]] == [name]
    assert answer["intact"] is False
    soup = await look(pages, f"{own(archive)}/verifier")
    assert "Altérée." in soup.get_text()


@pytest.mark.asyncio
async def test_a_missing_file_is_said_without_its_place(
    archive: HeldArchive, pages: Datasette
) -> None:
    warc(archive).unlink()
    soup = await look(pages, own(archive))
    text = soup.get_text()
    assert "ne peuvent pas être lus ici" in text
    assert str(archive.folder.root) not in text
    assert not soup.select("a[href$='brut.warc.gz']")
    await look(pages, f"{own(archive)}/brut.warc.gz", status=404)


@pytest.mark.asyncio
async def test_the_raw_record_is_a_warc_file(
    archive: HeldArchive, pages: Datasette, tmp_path: Path
) -> None:
    response = await pages.client.get(f"{own(archive)}/brut.warc.gz")
    assert response.headers["content-type"] == "application/warc"
    assert response.headers["content-disposition"].startswith("attachment")
    assert int(response.headers["content-length"]) == len(response.content)
    offset, length = place(archive)
    assert warc(archive).read_bytes()[offset : offset + length] in response.content
    kinds = [record.rec_type for record in ArchiveIterator(BytesIO(response.content))]
    assert kinds == ["warcinfo", "metadata", "request", "response"]
    path = tmp_path / "brut.warc.gz"
    path.write_bytes(response.content)
    assert all(isinstance(item, Checked) for item in check_warc(path))


@pytest.mark.asyncio
async def test_an_open_file_is_read_too(tmp_path: Path) -> None:
    archive = held.hold(tmp_path / "data", finished=False)
    assert [path.suffix for path in archive.folder.warcs.iterdir()] == [".open"]
    pages = build(archive.folder.database)
    answer = (await pages.client.get(f"{own(archive)}/verifier.json")).json()
    assert answer["intact"] is True


@pytest.mark.asyncio
async def test_articles_and_revisions_link_to_their_captures(
    archive: HeldArchive, pages: Datasette
) -> None:
    article = await look(pages, f"/article/{held.HOST}/12")
    places = [str(a["href"]) for a in article.select("a") if "preuve" in str(a["href"])]
    assert places == [own(archive), own(archive)]
    assert article.select_one(f"ul.timeline a[href='{own(archive)}']") is not None
    revisions = await look(pages, f"/revisions/{held.HOST}/12")
    links = [str(a["href"]) for a in revisions.find_all("a", string="preuve")]
    assert links == [own(archive, at=THIRD), own(archive, at=FIRST)]
    replays = [str(a["href"]) for a in revisions.find_all("a", string="revoir la page")]
    assert [link[-14:] for link in replays] == ["20240303120000", "20240301120000"]


@pytest.mark.asyncio
async def test_without_replay_nothing_links_to_it(archive: HeldArchive) -> None:
    pages = build(archive.folder.database)
    for path in (own(archive), f"/article/{held.HOST}/12", f"/revisions/{held.HOST}/12"):
        assert "ts=" not in str(await look(pages, path))


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["urn:uuid:0", "..%2F..%2Fetc", "%3Cscript%3E", "%00", "%FF"])
async def test_an_unknown_capture_is_a_page(pages: Datasette, name: str) -> None:
    soup = await look(pages, f"/preuve/{name}", status=404)
    assert "Aucune capture" in soup.get_text()


@pytest.mark.asyncio
async def test_a_host_that_is_none_is_refused(archive: HeldArchive, pages: Datasette) -> None:
    response = await pages.client.get(own(archive), headers={"host": "[x"})
    assert response.status_code == 400
    assert response.text == "L’en-tête Host n’est pas un nom d’hôte."

"""What `suppressed.toml` names is in nothing that is given out: publication, replay, exports."""

import json
import shutil
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archiver.errors import BadInput
from archiver.folder import DataFolder
from archiver.ops.export.choice import Choice
from archiver.ops.export.tables import export_tables
from archiver.ops.export.wacz import export_wacz
from archiver.publish import captures, evidence
from archiver.publish.hosting.switch import Ports, open_version
from archiver.publish.opening import read_only
from archiver.publish.projection import publish
from archiver.publish.projection.options import Options
from archiver.publish.replay.packing import Packer
from tests.publish import given_out
from tests.publish.browsing import look
from tests.publish.given_out import (
    COMMENTER,
    FIRST,
    HEARSAY,
    HOME,
    HOST,
    KEPT,
    MARK,
    NEXT,
    SECOND,
    SOLD,
    SOLD_SINCE,
    THIRD,
    words_of_database,
    words_of_warcs,
)

Archive = tuple[DataFolder, dict[tuple[str, str], str]]
ENTRY = 'by = "La rédaction"\nwhy = "Demande du 2 mars"\non = 2024-03-04\n'


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return given_out.hold(tmp_path_factory.mktemp("given") / "data")


@pytest.fixture
def archive(original: Archive, tmp_path: Path) -> Archive:
    return DataFolder(shutil.copytree(original[0].root, tmp_path / "data")), original[1]


def suppress(folder: DataFolder, named: str) -> None:
    (folder.root / "suppressed.toml").write_text(f"[[suppress]]\n{named}\n{ENTRY}")


def everything(version: Path) -> str:
    return words_of_warcs(version / "warc") + "\n".join(words_of_database(version / "archive.db"))


def test_without_a_list_all_is_given_out(archive: Archive, tmp_path: Path) -> None:
    given = everything(publish(archive[0], tmp_path / "out", Options()).version)
    assert MARK in given
    assert COMMENTER in given
    assert not (archive[0].root / "suppressed.log").exists()


@pytest.mark.parametrize(
    "address", [SOLD, SOLD.replace("https://", "http://www.").rstrip("/"), f"{HOME}?p=21"]
)
def test_an_article_is_nowhere_by_any_of_its_addresses(
    archive: Archive, tmp_path: Path, address: str
) -> None:
    folder, records = archive
    suppress(folder, f'article = "{address}"')
    done = publish(folder, tmp_path / "out", Options())
    given = everything(done.version)
    for word in (MARK, "glantines", "Maison vendue", "relogée", HEARSAY):
        assert word not in given, word
    with closing(read_only(done.version / "archive.db")) as connection:
        left = connection.execute("select url from articles order by url").fetchall()
        assert left == [(KEPT,), (NEXT,)]
        # Pages that repeated it keep their rows, without their bytes; others are whole.
        for url in (f"{HOME}feed/", f"{HOME}comments/feed/", f"{HOME}actualites/"):
            row = captures.find(connection, records[(url, FIRST)])
            assert row is not None
            assert row.warc_file == ""
            verdict = evidence.verify(done.version / "warc", row, None)
            assert verdict.fault == "ses octets ont été retirés de la publication."
            assert captures.of_url(connection, url) == ()
        # Not even what begins with the same words is touched.
        for url in (KEPT, NEXT):
            whole = captures.find(connection, records[(url, FIRST)])
            assert whole is not None
            assert evidence.verify(done.version / "warc", whole, None).intact
    assert done.description.removed == 5
    assert done.description.withheld == 4


@pytest.mark.asyncio
async def test_its_addresses_say_that_it_was_taken_out(archive: Archive, tmp_path: Path) -> None:
    folder, _ = archive
    suppress(folder, f'article = "{SOLD}"')
    version = publish(folder, tmp_path / "out", Options()).version
    site = (await open_version(version, Ports(1, 2))).datasette
    for path in ("article/{}/21", "revisions/{}/21", "citer/{}/21.txt", "article/{}/21.json"):
        answer = await site.client.get(f"/{path.format(HOST)}")
        assert answer.status_code == 410, path
        assert "retiré" in answer.text
    path = SOLD.removeprefix(HOME)
    for key in (path, path.rstrip("/")):
        assert (await site.client.get(f"/article/{HOST}/{key}")).status_code == 410
    assert (await site.client.get(f"/article/{HOST}/20")).status_code == 200
    assert (await site.client.get(f"/article/{HOST}/23")).status_code == 404
    told = (version / "metadata.json").read_text()
    assert "maison" not in told


def test_a_capture_is_as_if_it_had_never_been_made(archive: Archive, tmp_path: Path) -> None:
    folder, records = archive
    suppress(folder, f'capture = "{records[(SOLD, THIRD)]}"')
    version = publish(folder, tmp_path / "out", Options()).version
    given = everything(version)
    assert SOLD_SINCE not in given
    assert MARK in given
    with closing(read_only(version / "archive.db")) as connection:
        (row,) = connection.execute(
            "select a.last_captured_at, q.status, (select count(*) from revisions r where"
            " r.article_id = a.id), (select group_concat(kind) from events e where e.article_id"
            " = a.id) from articles a join questions q on q.article_id = a.id where url = ?",
            (SOLD,),
        ).fetchall()
    assert row == (SECOND, "answered", 1, "new")


def test_a_capture_goes_with_those_of_the_same_content(archive: Archive, tmp_path: Path) -> None:
    folder, records = archive
    suppress(folder, f'capture = "{records[(SOLD, SECOND)]}"')  # a revisit of the first
    version = publish(folder, tmp_path / "out", Options()).version
    with closing(read_only(version / "archive.db")) as connection:
        (row,) = connection.execute(
            "select first_captured_at from articles where url = ?", (SOLD,)
        ).fetchall()
    assert row == (THIRD,)


def test_captures_are_named_by_their_address_too(archive: Archive, tmp_path: Path) -> None:
    folder, _ = archive
    suppress(folder, f'capture = "{HOME}actualites/"')
    version = publish(folder, tmp_path / "out", Options()).version
    with closing(read_only(version / "archive.db")) as connection:
        assert captures.of_url(connection, f"{HOME}actualites/") == ()
        assert connection.execute("select count(*) from articles").fetchone() == (3,)


@pytest.mark.parametrize("name", [COMMENTER, COMMENTER.upper()])
def test_a_persons_comment_is_not_given_out_and_the_article_stays(
    archive: Archive, tmp_path: Path, name: str
) -> None:
    folder, records = archive
    suppress(folder, f'person = "{name}"')
    done = publish(folder, tmp_path / "out", Options())
    assert COMMENTER not in everything(done.version)
    assert (done.description.removed, done.description.withheld) == (0, 1)
    with closing(read_only(done.version / "archive.db")) as connection:
        row = captures.find(connection, records[(KEPT, SECOND)])
        assert row is not None
        assert row.warc_file == ""
        assert connection.execute("select count(*) from articles").fetchone() == (3,)
        assert [c.captured_at for c in captures.of_url(connection, KEPT)] == [FIRST]


@pytest.mark.asyncio
async def test_pages_do_not_lead_to_bytes_that_are_not_given_out(
    archive: Archive, tmp_path: Path
) -> None:
    folder, _ = archive
    suppress(folder, f'person = "{COMMENTER}"')
    version = publish(folder, tmp_path / "out", Options()).version
    site = (await open_version(version, Ports(1, 2))).datasette
    # Post 20 was last captured with the comment; its first version and post 22 without it.
    for page, links in (("article/{}/20", 0), ("article/{}/22", 1), ("revisions/{}/20", 1)):
        soup = await look(site, f"/{page.format(HOST)}")
        assert len(soup.select("a[href*='&ts=']")) == links, page
    files = len(list((version / "warc").glob("*.warc.gz")))
    lead = (await look(site, "/etat")).select(".lead")[0].get_text()
    assert f" en {files}\xa0fichier" in lead


def test_replay_has_only_what_is_given_out(archive: Archive, tmp_path: Path) -> None:
    folder, _ = archive
    suppress(folder, f'article = "{SOLD}"')
    version = publish(folder, tmp_path / "out", Options()).version
    package = Packer(version / "archive.db", version / "warc").current()
    assert package is not None
    wacz = tmp_path / "replay.wacz"
    from archiver.publish.pieces import read

    wacz.write_bytes(b"".join(read(package.pieces)))
    _assert_free_of(wacz, tmp_path / "unpacked", (MARK, "maison-vendue"))


def _assert_free_of(wacz: Path, unpacked: Path, words: tuple[str, ...]) -> None:
    with zipfile.ZipFile(wacz) as archive:
        archive.extractall(unpacked)
    said = words_of_warcs(unpacked / "archive") + "".join(
        path.read_text()
        for path in unpacked.rglob("*")
        if path.suffix in {".json", ".cdxj", ".jsonl"}
    )
    assert KEPT in said
    for word in words:
        assert word not in said, word


def _wacz(folder: DataFolder, out: Path) -> None:
    export_wacz(folder, out / "all.wacz", Choice(), workers=1)
    _assert_free_of(out / "all.wacz", out / "unpacked", (MARK, "maison-vendue", COMMENTER))


def _csv(folder: DataFolder, out: Path) -> None:
    export_tables(folder, out / "tables", "csv")
    said = "".join(path.read_text() for path in (out / "tables").iterdir())
    assert KEPT in said
    assert MARK not in said
    assert "maison-vendue" not in said


@pytest.mark.parametrize("export", [_wacz, _csv])
def test_exports_leave_it_out_too(
    archive: Archive, tmp_path: Path, export: Callable[[DataFolder, Path], None]
) -> None:
    folder, _ = archive
    (folder.root / "suppressed.toml").write_text(
        f'[[suppress]]\narticle = "{SOLD}"\n{ENTRY}[[suppress]]\nperson = "{COMMENTER}"\n{ENTRY}'
    )
    export(folder, tmp_path)


def test_a_suppressed_article_cannot_be_exported_by_name(archive: Archive, tmp_path: Path) -> None:
    folder, _ = archive
    suppress(folder, f'article = "{SOLD}"')
    with pytest.raises(BadInput, match=r"suppressed\.toml"):
        export_wacz(folder, tmp_path / "one.wacz", Choice(article=SOLD), workers=1)
    assert not (tmp_path / "one.wacz").exists()


def test_the_archive_itself_keeps_everything(archive: Archive, tmp_path: Path) -> None:
    folder, _ = archive
    before = {path: path.read_bytes() for path in folder.warcs.iterdir()}
    suppress(folder, f'article = "{SOLD}"')
    publish(folder, tmp_path / "out", Options())
    assert {path: path.read_bytes() for path in folder.warcs.iterdir()} == before
    with closing(read_only(folder.database)) as connection:
        assert connection.execute("select count(*) from articles").fetchone() == (3,)


def test_each_time_is_logged(archive: Archive, tmp_path: Path) -> None:
    folder, _ = archive
    suppress(folder, f'person = "{COMMENTER}"')
    publish(folder, tmp_path / "out", Options())
    export_tables(folder, tmp_path / "tables", "json")
    lines = (folder.root / "suppressed.log").read_text().splitlines()
    told = [json.loads(line) for line in lines]
    assert [line["given_out"] for line in told] == ["publish out", "export json tables"]
    (entry,) = told[0]["entries"]
    assert entry == {
        "kind": "person",
        "target": COMMENTER,
        "by": "La rédaction",
        "why": "Demande du 2 mars",
        "on": "2024-03-04",
        "captures": 1,
    }


@pytest.mark.parametrize(
    "named",
    [
        f'article = "{HOME}2024/03/la-maison-vendu/"',
        'capture = "urn:uuid:00000000-0000-0000-0000-000000000000"',
        'person = "Personne de ce nom"',
    ],
)
def test_a_slip_in_a_name_gives_nothing_out(archive: Archive, tmp_path: Path, named: str) -> None:
    suppress(archive[0], named)
    with pytest.raises(BadInput, match="takes nothing out"):
        publish(archive[0], tmp_path / "out", Options())
    assert not (tmp_path / "out" / "current").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[suppress]", "cannot be read"),
        ("[other]", "holds more than"),
        ("suppress = 3", "holds more than"),
        (f"[[suppress]]\n{ENTRY}", "must name one of"),
        (f'[[suppress]]\narticle = "a"\n{ENTRY}', "address of an article"),
        (f'[[suppress]]\narticle = "{SOLD}"\ncapture = "x"\n{ENTRY}', "must name one of"),
        (f'[[suppress]]\nperson = "Li"\n{ENTRY}', "too short"),
        (f'[[suppress]]\nperson = "Odile"\nwhen = 3\n{ENTRY}', "unknown key 'when'"),
        (f'[[suppress]]\nperson = "Odile"\n{ENTRY.replace("2024-03-04", "3")}', "must be a day"),
        ('[[suppress]]\nperson = "Odile"\nby = "x"\non = 2024-03-04', "'why' must be a text"),
    ],
)
def test_a_bad_list_is_a_sentence(archive: Archive, tmp_path: Path, text: str, said: str) -> None:
    (archive[0].root / "suppressed.toml").write_text(text)
    with pytest.raises(BadInput, match=said):
        publish(archive[0], tmp_path / "out", Options())

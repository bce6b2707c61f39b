"""What `archiver publish` gives out: the archive's public tables and bytes, and nothing else."""

import json
import re
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from warcio.archiveiterator import WARCIterator

from archiver.errors import ArchiveDamaged, ArchiverError, BadInput
from archiver.extract.problems import KINDS
from archiver.folder import DataFolder
from archiver.publish import evidence
from archiver.publish.captures import find, original_of
from archiver.publish.hosting.switch import Ports, open_version
from archiver.publish.opening import read_only
from archiver.publish.projection import publish
from archiver.publish.projection.database import OPERATORS_PROBLEMS
from archiver.publish.projection.options import Options, options_of
from archiver.publish.projection.versions import publication
from archiver.store.compare import differences
from archiver.store.schema import PUBLIC
from archiver.store.summaries import SUMMARIES
from archiver.warc.check import check_warc
from archiver.warc.model import Damage
from tests.cli import archiver
from tests.publish import given_out, held
from tests.publish.given_out import CONTACT, EXCHANGES, KEPT, MARK, SOLD, words_of_warcs

Archive = tuple[DataFolder, dict[tuple[str, str], str]]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return given_out.hold(tmp_path_factory.mktemp("given") / "data")


@pytest.fixture(scope="module")
def out(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("public") / "out"
    publish(archive[0], folder, Options())
    return folder


def rows(database: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(read_only(database)) as connection:
        return connection.execute(sql).fetchall()


def test_the_public_tables_are_those_of_the_archive(archive: Archive, out: Path) -> None:
    folder, _ = archive
    published = out / "current" / "archive.db"
    assert rows(published, "select count(*) from articles") == [(3,)]
    assert differences(folder.database, published) == []
    assert rows(published, "pragma integrity_check") == [("ok",)]
    assert rows(published, "pragma journal_mode") == [("delete",)]


def test_search_finds_in_the_published_file(out: Path) -> None:
    found = rows(
        out / "current" / "archive.db",
        f"select count(*) from questions_fts where questions_fts match '{MARK}'",
    )
    assert found == [(1,)]


def test_nothing_that_an_operator_keeps_is_given_out(archive: Archive, out: Path) -> None:
    folder, _ = archive
    published = out / "current" / "archive.db"
    names = {str(name) for (name,) in rows(published, "select name from pragma_table_list")}
    ours = {name for name in names if not name.startswith(("sqlite_", "articles_", "questions_"))}
    assert ours == {table.name for table in (*PUBLIC, *SUMMARIES)}
    assert rows(published, "select count(*) from problems where kind = 'damaged_record'") == [(0,)]
    assert CONTACT in words_of_warcs(folder.warcs)
    assert CONTACT not in words_of_warcs(out / "current" / "warc")
    for path in (path for path in out.rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert CONTACT.encode() not in content, path
        assert str(folder.root).encode() not in content, path


def test_the_kinds_of_problems_left_out_exist() -> None:
    assert set(OPERATORS_PROBLEMS) < set(KINDS)


def test_every_capture_is_there_byte_for_byte(archive: Archive, out: Path) -> None:
    _, records = archive
    version = DataFolder(out / "current")
    with closing(read_only(version.database)) as connection:
        for record in records.values():
            row = find(connection, record)
            assert row is not None
            verdict = evidence.verify(version.warcs, row, original_of(connection, row))
            assert verdict.intact, (row.url, verdict)
    assert len(records) == len(EXCHANGES)


def test_datasette_itself_reads_the_folder_as_its_own(out: Path) -> None:
    from datasette.app import Datasette

    version = out / "current"
    datasette = Datasette(config_dir=version)
    database = datasette.get_database("archive")
    assert not database.is_mutable
    assert database.cached_table_counts["articles"] == 3
    assert datasette.setting("default_allow_sql") is False
    inspected = json.loads((version / "inspect-data.json").read_text())["archive"]
    assert inspected["size"] == (version / "archive.db").stat().st_size


def test_what_has_not_changed_is_not_copied_again(archive: Archive, tmp_path: Path) -> None:
    folder, _ = archive
    out = tmp_path / "out"
    first = publish(folder, out, Options()).version
    second = publish(folder, out, Options()).version
    assert first != second
    (one,) = (first / "warc").glob("*.warc.gz")
    assert one.samefile(second / "warc" / one.name)
    assert len(list((out / "programs").iterdir())) == 1


def test_three_versions_stay_and_one_is_served(archive: Archive, tmp_path: Path) -> None:
    folder, _ = archive
    out = tmp_path / "out"
    versions = [publish(folder, out, Options()).version for _ in range(4)]
    assert sorted((out / "versions").iterdir()) == versions[1:]
    assert (out / "current").resolve() == versions[-1].resolve()
    assert (out / "current").readlink() == Path("versions") / versions[-1].name


def test_a_publication_that_fails_leaves_the_one_that_is_served(
    archive: Archive, tmp_path: Path
) -> None:
    copy = DataFolder(shutil.copytree(archive[0].root, tmp_path / "data"))
    out = tmp_path / "out"
    served = publish(copy, out, Options()).version
    (warc,) = copy.warcs.glob("*.warc.gz")
    with warc.open("r+b") as file:
        file.truncate(2000)
    (out / "current" / "warc" / warc.name).unlink()
    with pytest.raises(ArchiveDamaged, match="archiver verify"):
        publish(copy, out, Options())
    assert (out / "current").resolve() == served.resolve()
    assert list((out / "versions").iterdir()) == [served]


def test_another_folder_is_not_published_over(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("à garder")
    with pytest.raises(BadInput, match="something else"):
        publish(archive[0], tmp_path / "mine", Options())
    with pytest.raises(BadInput, match="not a folder"):
        publish(archive[0], tmp_path / "mine" / "notes.txt", Options())
    with pytest.raises(BadInput, match="no folder"):
        publish(archive[0], tmp_path / "nowhere" / "out", Options())
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "notes.txt"]


def test_there_must_be_an_archive(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="archiver crawl"):
        publish(DataFolder(tmp_path / "none"), tmp_path / "out", Options())


@pytest.mark.parametrize(
    ("address", "replay", "said"),
    [
        ("https://a.example", None, "together"),
        ("https://a.example", "https://A.example/", "of its own"),
        ("https://a.example/chemin", "https://b.example", "not the address"),
        ("ftp://a.example", "https://b.example", "not the address"),
        ("https://a.example;allow", "https://b.example", "not the address"),
        ("https://[", "https://b.example", "not the address"),
    ],
)
def test_addresses_are_two_origins(address: str, replay: str | None, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        options_of(address, replay, sql=False, private=False)


def test_options_reach_the_configuration(archive: Archive, tmp_path: Path) -> None:
    options = options_of(
        "https://archive.example.org/", "https://relire.example.org", sql=True, private=True
    )
    version = publish(archive[0], tmp_path / "out", options).version
    settings = json.loads((version / "settings.json").read_text())
    assert settings["default_allow_sql"] is True
    assert settings["force_https_urls"] is True
    plugins = json.loads((version / "metadata.json").read_text())["plugins"]
    assert plugins["archiver"]["replay_address"] == "https://relire.example.org"
    assert plugins["datasette-auth-passwords"]["http_basic_auth"] is True
    proxy = (tmp_path / "out" / "nginx.conf").read_text()
    assert "server_name archive.example.org;" in proxy
    assert "server_name relire.example.org;" in proxy
    assert "datasette-auth-passwords==" in (tmp_path / "out" / "requirements.txt").read_text()


@pytest.mark.asyncio
async def test_a_private_one_is_not_served_without_what_asks_for_the_password(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = publish(archive[0], tmp_path / "out", Options(private=True))
    monkeypatch.setitem(sys.modules, "datasette_auth_passwords", None)
    with pytest.raises(ArchiverError, match=r"requirements\.txt"):
        await open_version(made.version, Ports(1, 2))


def test_a_row_keeps_its_capture_when_its_record_has_no_id_of_its_own(
    archive: Archive, tmp_path: Path
) -> None:
    copy = DataFolder(shutil.copytree(archive[0].root, tmp_path / "data"))
    with closing(sqlite3.connect(copy.database)) as connection:
        connection.execute(
            "update captures set record_id = warc_file || '@' || warc_offset where url = ?"
            " and captured_at = (select min(captured_at) from captures)",
            (KEPT,),
        )
        connection.commit()
    version = publish(copy, tmp_path / "out", Options()).version
    renamed = rows(
        version / "archive.db",
        "select record_id = warc_file || '@' || warc_offset from captures where record_id not like"
        " 'urn:%'",
    )
    assert renamed == [(1,)]
    assert SOLD in words_of_warcs(version / "warc")


def test_other_programs_find_the_published_warcs_sound(out: Path) -> None:
    for path in (out / "current" / "warc").glob("*.warc.gz"):
        assert not [item for item in check_warc(path) if isinstance(item, Damage)]
        with path.open("rb") as file:
            reader = WARCIterator(file, check_digests="raise")
            kinds = [record.rec_type for record in reader if record.content_stream().read() or True]
        assert kinds == ["warcinfo", *["response"] * 9, "revisit", *["response"] * 2]


def test_a_mistake_on_the_command_line_is_a_sentence(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").touch()
    done = archiver("publish", str(tmp_path / "mine"), data=archive[0].root)
    assert done.returncode == 1
    assert re.fullmatch(r"Error: .* holds something else than a publication: .*\.\n", done.stderr)


def test_what_a_killed_command_left_is_removed(archive: Archive, tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(archive[0], out, Options())
    (out / "versions" / ".draft-1").mkdir()
    (out / "programs" / ".0123").mkdir()
    publish(archive[0], out, Options())
    left = [path.name for folder in ("versions", "programs") for path in (out / folder).iterdir()]
    assert not [name for name in left if name.startswith(".")]


def test_two_commands_do_not_publish_to_one_folder(archive: Archive, tmp_path: Path) -> None:
    with publication(tmp_path / "out"), pytest.raises(BadInput, match="published to already"):
        publish(archive[0], tmp_path / "out", Options())


def test_a_damaged_database_is_said(archive: Archive, tmp_path: Path) -> None:
    copy = DataFolder(shutil.copytree(archive[0].root, tmp_path / "data"))
    with closing(sqlite3.connect(copy.database)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
        (page,) = connection.execute(
            "select rootpage from sqlite_schema where name = 'article_states'"
        ).fetchone()
        (size,) = connection.execute("pragma page_size").fetchone()
    with copy.database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with pytest.raises(ArchiveDamaged, match="archiver rebuild"):
        publish(copy, tmp_path / "out", Options())
    assert not (tmp_path / "out" / "current").exists()


def test_a_crawl_may_be_writing_meanwhile(tmp_path: Path) -> None:
    crawling = held.hold(tmp_path / "data", finished=False)
    (unfinished,) = crawling.folder.warcs.iterdir()
    assert unfinished.name.endswith(".open")
    with closing(sqlite3.connect(crawling.folder.database)) as writer:
        writer.execute("begin immediate")
        writer.execute("update articles set title = 'pas encore'")
        version = publish(crawling.folder, tmp_path / "out", Options()).version
    assert [p.suffix for p in (version / "warc").iterdir() if p.suffix == ".open"] == []
    assert rows(version / "archive.db", "select title from articles") == [("Désert médical",)]
    assert rows(version / "archive.db", "select count(*) from captures where warc_file = ''") == [
        (0,)
    ]

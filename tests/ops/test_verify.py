"""Every way in which an archive can have changed since it was written is found and named."""

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.errors import ArchiveDamaged, BadInput
from archiver.folder import DataFolder
from archiver.ops.rebuild import rebuild
from archiver.ops.recovery import recover
from archiver.ops.status import status_of
from archiver.ops.verify import verify
from archiver.ops.verify_model import Finding, Verified
from archiver.ops.verify_report import report
from archiver.warc.files import write_side_file
from archiver.warc.open_file import OpenFile
from tests.cli import archiver
from tests.ops.harm import member_of, records, responses, restamp, rewrite, sql
from tests.warc.samples import foreign_record, gzip_member, numbered, write_warc

Harm = Callable[[DataFolder, Path], object]


def found_in(folder: DataFolder, *, deep: bool = False) -> Verified:
    return verify(folder, deep=deep, workers=1)


def whats(found: Verified) -> list[str]:
    return [finding.what for finding in found.damages.kept]


def test_an_archive_as_it_was_written_has_no_damage(folder: DataFolder) -> None:
    found = found_in(folder, deep=True)
    assert found.damages.kept == []
    assert found.warnings.kept == []
    assert len(found.files) == 2
    assert found.size == sum(path.stat().st_size for path in folder.warcs.glob("*.warc.gz"))
    assert found.records == sum(len(records(path)) for path in folder.warcs.glob("*.warc.gz"))
    assert not list(folder.root.glob("archive.db.verifying*"))


def tear(folder: DataFolder, warc: Path) -> None:
    warc.write_bytes(warc.read_bytes()[:-10])
    restamp(folder, warc)


def tear_before_a_capture(folder: DataFolder, warc: Path) -> None:
    """As after a power cut on a disk that lied: the last captures are not there at all."""
    warc.write_bytes(warc.read_bytes()[: responses(warc)[-1].offset])
    restamp(folder, warc)


def tear_and_append(folder: DataFolder, warc: Path) -> None:
    record = responses(warc)[5]
    whole = warc.read_bytes()
    warc.write_bytes(whole[: record.offset + 30] + whole[record.offset + record.length :])
    restamp(folder, warc)


def flip(_: DataFolder, warc: Path) -> None:
    """Restamped it would be hidden only where gzip has bits without a meaning."""
    whole = bytearray(warc.read_bytes())
    whole[len(whole) // 2] ^= 1
    warc.write_bytes(whole)


def flip_unseen_by_gzip(_: DataFolder, warc: Path) -> None:
    whole = bytearray(warc.read_bytes())
    whole[4] ^= 1  # the time stamp in the gzip header
    warc.write_bytes(whole)


def change_a_word(folder: DataFolder, warc: Path) -> None:
    """A forger who repacks the record and restamps the file, but for the digests in the record."""
    rewrite(warc, responses(warc)[5], lambda data: data.replace(b"nginx", b"nginy", 1))
    restamp(folder, warc)


def join_members(folder: DataFolder, warc: Path) -> None:
    warc.write_bytes(gzip.compress(gzip.decompress(warc.read_bytes())))
    restamp(folder, warc)


def blank(folder: DataFolder, warc: Path) -> None:
    """What a failed roll-back of another archiver leaves: a file of zeros."""
    warc.write_bytes(bytes(warc.stat().st_size))
    restamp(folder, warc)


def lose_file(_: DataFolder, warc: Path) -> None:
    warc.unlink()
    warc.with_name(warc.name + ".sha256").unlink()


def lose_file_but_not_its_side_file(_: DataFolder, warc: Path) -> None:
    warc.unlink()


def lose_the_disk_of_a_file(folder: DataFolder, warc: Path) -> None:
    (folder.warcs / "elsewhere.warc.gz").symlink_to(folder.root / "unmounted" / warc.name)


def have_a_folder_of_its_name(_: DataFolder, warc: Path) -> None:
    warc.unlink()
    warc.mkdir()


def lose_side_file(_: DataFolder, warc: Path) -> None:
    warc.with_name(warc.name + ".sha256").unlink()


def forge_side_file(_: DataFolder, warc: Path) -> None:
    write_side_file(warc, "0" * 64)


def add_file(folder: DataFolder, _: Path) -> None:
    write_warc(folder.warcs, [numbered(1), numbered(2)])


def add_record(folder: DataFolder, warc: Path) -> None:
    extra = write_warc(folder.root / "other", [numbered(1)])
    (response,) = responses(extra)
    with warc.open("ab") as file:
        file.write(gzip_member(member_of(extra, response)))
    restamp(folder, warc)


def shift_offsets(folder: DataFolder, warc: Path) -> None:
    sql(
        folder,
        "UPDATE captures SET warc_offset = warc_offset + 7 WHERE warc_file = ?",
        warc.name,
    )


def point_at_nothing(folder: DataFolder, warc: Path) -> None:
    sql(
        folder,
        "UPDATE captures SET warc_offset = 1000000000 WHERE id = 9",
    )


def add_row(folder: DataFolder, _: Path) -> None:
    sql(
        folder,
        "INSERT INTO captures SELECT 999999, crawl_id, url, captured_at, status, content_type,"
        " payload_digest, warc_file, warc_offset + 1, warc_length, 'urn:x', revisit_of, method"
        " FROM captures WHERE id = 9",
    )


def drop_row(folder: DataFolder, _: Path) -> None:
    sql(folder, "PRAGMA foreign_keys = OFF")
    (record,) = sql(
        folder,
        "SELECT id FROM captures WHERE id NOT IN (SELECT capture_id FROM observations WHERE"
        " role = 'article') AND url LIKE '%robots.txt'",
    )[:1]
    sql(folder, "DELETE FROM frontier WHERE capture_id = ?", *record)
    sql(folder, "DELETE FROM observations WHERE capture_id = ?", *record)
    sql(folder, "DELETE FROM captures WHERE id = ?", *record)


def test_a_file_that_was_renamed_is_told_as_such(folder: DataFolder, warc: Path) -> None:
    """A rebuild knows it by its bytes, after which nothing is said to be lost."""
    warc.rename(folder.warcs / "renamed.warc.gz")
    found = found_in(folder)
    assert whats(found) == ["the file has another name now, renamed.warc.gz"]
    told = "the file that it speaks of has another name now, renamed.warc.gz"
    assert told in [warning.what for warning in found.warnings.kept]
    assert rebuild(folder, workers=1).unstated == ("renamed.warc.gz",)
    found = found_in(folder)
    assert (whats(found), [warning.what for warning in found.warnings.kept]) == ([], [told])


def test_a_plain_file_in_the_folder_is_told_how_to_bring_it_in(folder: DataFolder) -> None:
    (folder.warcs / "theirs.warc").write_bytes(foreign_record("resource", b"x"))
    (warning,) = found_in(folder).warnings.kept
    assert warning.file == "theirs.warc"
    assert warning.advice.startswith("bring it in with `archiver import`")


def test_captures_of_which_nothing_is_noted_are_told(folder: DataFolder) -> None:
    sql(folder, "DELETE FROM observations WHERE capture_id = 9")
    (warning,) = found_in(folder).warnings.kept
    assert warning.what == "what 1 capture says is not noted"


def test_a_folder_with_the_name_of_an_open_file_is_told(folder: DataFolder) -> None:
    (folder.warcs / "a.warc.gz.open").mkdir()
    assert whats(found_in(folder)) == ["the file cannot be read (Is a directory)"]


def test_what_somebody_dropped_from_the_database_is_found(folder: DataFolder) -> None:
    """SQLite calls such a database sound."""
    sql(folder, "DROP INDEX captures_payload_digest")
    found = found_in(folder)
    assert found.damages.kept == []
    assert [warning.what for warning in found.warnings.kept] == [
        "it lacks 1 index: captures_payload_digest"
    ]
    sql(folder, "ALTER TABLE crawls DROP COLUMN version")
    sql(folder, "DROP TABLE recoveries")
    assert whats(found_in(folder)) == [
        "it lacks the column crawls.version",
        "it lacks the table recoveries",
    ]
    with pytest.raises(ArchiveDamaged, match="archiver rebuild"):
        status_of(folder, datetime.now(UTC))


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (tear, "the gzip member is cut off"),
        (tear_before_a_capture, "the file ends before this capture"),
        (tear_and_append, "the gzip member is corrupt"),
        (flip, "its bytes have the SHA-256"),
        (flip_unseen_by_gzip, "its bytes have the SHA-256"),
        (change_a_word, "the block is not what its digest says"),
        (join_members, "the gzip member holds more than one record"),
        (blank, "it is no WARC file any more"),
        (lose_file, "the file is missing, with"),
        (lose_file_but_not_its_side_file, "the file that it speaks of is missing"),
        (lose_the_disk_of_a_file, "the file cannot be read (No such file"),
        (have_a_folder_of_its_name, "the file cannot be read (Is a directory)"),
        (lose_side_file, "its side file"),
        (forge_side_file, "its side file and the database do not state the same"),
        (add_file, "the database has no row of its 2 captures"),
        (add_record, "the database has no row for it"),
        (shift_offsets, "the database has a capture here that the file has not"),
        (point_at_nothing, "the file ends before this capture"),
        (add_row, "the database has a capture here that the file has not"),
        (drop_row, "the database has no row for it"),
    ],
)
def test_each_harm_is_found(folder: DataFolder, warc: Path, harm: Harm, expected: str) -> None:
    harm(folder, warc)
    found = found_in(folder)
    assert any(what.startswith(expected) for what in whats(found)), whats(found)
    with pytest.raises(ArchiveDamaged):
        report(found, as_json=False)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("url", "http://elsewhere.example/"),
        ("captured_at", "2020-01-01T00:00:00.000000Z"),
        ("status", 404),
        ("status", None),
        ("content_type", "text/x"),
        ("payload_digest", f"sha256:{'0' * 64}"),
        ("record_id", "urn:uuid:other"),
        ("warc_length", 12),
        ("revisit_of", "urn:uuid:other"),
    ],
)
def test_each_altered_column_of_a_capture_is_named(
    folder: DataFolder, column: str, value: object
) -> None:
    (row,) = sql(
        folder, "SELECT id, warc_file, warc_offset, url FROM captures WHERE status = 200 LIMIT 1"
    )
    sql(folder, f"UPDATE captures SET {column} = ? WHERE id = ?", value, row[0])
    damages = found_in(folder).damages.kept
    named = "length" if column == "warc_length" else column
    (damage,) = [item for item in damages if item.what.startswith(f"the database says {named} ")]
    assert (damage.file, damage.offset, damage.url) == row[1:]
    assert "rebuild" in damage.advice


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE questions SET answer = 'oui' WHERE id = 3", "answer of questions"),
        ("UPDATE articles SET title = title || '.' WHERE id = 5", "title of articles"),
        ("DELETE FROM comment_counts WHERE comment_count = 3", "only the WARC files give the row"),
        ("UPDATE captures SET method = 'imported' WHERE id = 4", "method of captures"),
        ("UPDATE sites SET name = 'Autre'", "name of sites"),
    ],
)
def test_an_altered_derived_row_is_found_by_a_deep_look(
    folder: DataFolder, statement: str, expected: str
) -> None:
    sql(folder, statement)
    assert any(what.startswith(expected) for what in whats(found_in(folder, deep=True)))


def test_a_search_index_that_is_not_its_tables(folder: DataFolder) -> None:
    sql(folder, "UPDATE articles SET title = 'Tout autre chose' WHERE id = 5")
    assert "the search index articles_fts is not that of its table" in whats(found_in(folder))


def test_a_reference_to_no_row(folder: DataFolder) -> None:
    sql(folder, "DELETE FROM articles WHERE id = 5")
    assert any("that does not exist" in what for what in whats(found_in(folder)))


def test_a_damaged_database_is_damage_and_the_files_are_checked_all_the_same(
    folder: DataFolder,
) -> None:
    with folder.database.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 20_000)
    found = found_in(folder)
    assert found.files[0].records > 0
    assert found.damages.total > 0
    assert {finding.file for finding in found.damages.kept} == {"archive.db"}
    assert "end 2 files" in (folder.root / "fixity.log").read_text()


def test_a_missing_database_is_damage_and_a_missing_archive_an_error(
    folder: DataFolder, tmp_path: Path
) -> None:
    folder.database.unlink()
    assert whats(found_in(folder)) == ["the database is missing"]
    with pytest.raises(BadInput, match="There is no archive"):
        verify(DataFolder(tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_a_damaged_record_is_named_by_the_url_that_the_index_knows(
    folder: DataFolder, warc: Path
) -> None:
    record = responses(warc)[7]
    whole = bytearray(warc.read_bytes())
    whole[record.offset + 60] ^= 255
    warc.write_bytes(whole)
    restamp(folder, warc)
    damages = found_in(folder).damages.kept
    assert damages[0] == Finding(
        warc.name,
        record.offset,
        record.url,
        damages[0].what,
        "bring the file back from a copy; its other captures can be read",
    )
    line = damages[0].line()
    assert warc.name in line
    assert f"at byte {record.offset}" in line
    assert str(record.url) in line


def test_an_open_file_of_a_crash_is_a_warning_and_one_in_use_is_left_out(
    folder: DataFolder, warc: Path
) -> None:
    orphan = warc.with_name(f"{warc.name}.open")
    warc.rename(orphan)
    warc.with_name(f"{warc.name}.sha256").unlink()
    found = found_in(folder)
    assert found.damages.kept == []
    assert [finding.what for finding in found.warnings.kept] == ["a crash left the file open"]
    writing = OpenFile(folder.warcs, "x-20240101000000000-00000-h-1.warc.gz")
    try:
        found = found_in(folder)
        assert found.damages.kept == []
        assert "a crawl is writing the file" in found.warnings.kept[0].what
    finally:
        writing.discard()


def test_a_recovery_that_was_cut_short_is_a_warning(folder: DataFolder, warc: Path) -> None:
    """The file has its name already and not yet all of its rows: the next crawl goes on with it."""
    drop_row(folder, warc)
    sql(folder, "DELETE FROM warc_files")
    found = found_in(folder)
    assert found.damages.kept == []
    (left,) = [one for one in found.warnings.kept if one.what == "the database has no row for it"]
    assert left.advice.startswith("the next `archiver crawl`")
    recover(folder)
    assert found_in(folder).warnings.kept == []


def test_each_run_is_logged_for_an_auditor(folder: DataFolder, warc: Path) -> None:
    found_in(folder)
    first = (folder.root / "fixity.log").read_text()
    flip(folder, warc)
    found_in(folder)
    log = (folder.root / "fixity.log").read_text()
    assert log.startswith(first)
    assert " begin the whole archive, archiver " in first
    assert first.count(" file ") == 2
    assert "0 damages, 0 warnings\n" in first
    assert f" damage {warc.name}: its bytes have the SHA-256 " in log.removeprefix(first)
    runs = sql(folder, "SELECT files, records, damages, report FROM verify_runs ORDER BY id")
    assert [run[2] > 0 for run in runs] == [False, True]
    assert runs[0][:2] == (2, runs[0][1])
    assert json.loads(runs[1][3])["damages"][0]["file"] == warc.name


def test_the_runs_survive_a_rebuild(folder: DataFolder) -> None:
    found_in(folder)
    assert archiver("rebuild", data=folder.root).returncode == 0
    assert len(sql(folder, "SELECT 1 FROM verify_runs")) == 1


def test_the_command_names_what_it_found_and_ends_with_3(folder: DataFolder, warc: Path) -> None:
    good = archiver("verify", data=folder.root)
    assert good.returncode == 0
    assert "0 damages, 0 warnings." in good.stdout
    tear(folder, warc)
    bad = archiver("verify", data=folder.root)
    assert bad.returncode == 3
    assert f"Damage: {warc.name} at byte " in bad.stdout
    assert "bring the file back from a copy" in bad.stdout
    assert bad.stderr.startswith("Error: ")
    as_json = archiver("verify", "--json", data=folder.root)
    assert as_json.returncode == 3
    assert json.loads(as_json.stdout)["damages"][0]["file"] == warc.name


def test_a_database_of_a_newer_version_is_an_error(folder: DataFolder) -> None:
    with closing(sqlite3.connect(folder.database)) as db:
        db.execute("PRAGMA user_version = 999")
    done = archiver("verify", data=folder.root)
    assert done.returncode == 1
    assert "newer version of archiver" in done.stderr


def test_damage_that_was_known_at_import_is_a_warning(tmp_path: Path) -> None:
    records = [
        foreign_record(
            "response",
            f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>{number}</p>".encode(),
            f"WARC-Target-URI: http://vasseur.example/{number}",
            "WARC-Date: 2024-03-01T12:00:00Z",
            f"WARC-Record-ID: <urn:uuid:r{number}>",
            "Content-Type: application/http;msgtype=response",
            *(["WARC-Block-Digest: sha1:AAAA"] if number == 1 else []),
        )
        for number in range(3)
    ]
    source = tmp_path / "wget.warc.gz"
    source.write_bytes(b"".join(map(gzip_member, records)))
    folder = DataFolder(tmp_path / "data")
    assert archiver("import", source, data=folder.root).returncode == 0
    found = found_in(folder, deep=True)
    assert found.damages.kept == []
    (warning,) = found.warnings.kept
    assert warning.what.startswith("the record was damaged already when it was imported: ")
    assert warning.url == "http://vasseur.example/1"
    (kept,) = folder.warcs.glob("wget*.warc.gz")
    kept.write_bytes(kept.read_bytes()[:-30])
    restamp(folder, kept)
    assert "the gzip member is cut off" in whats(found_in(folder))

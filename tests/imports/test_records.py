"""What the records of foreign files give: damage, revisits, answers that look like records."""

import base64
import hashlib
import sqlite3
import zlib
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from archiver.folder import DataFolder
from archiver.ops.export.choice import Choice
from archiver.ops.export.wacz import export_wacz
from archiver.ops.imports import bring_in, print_imported
from archiver.ops.imports.run import Imported
from archiver.ops.rebuild import rebuild
from archiver.ops.verify import verify
from archiver.profiles import load
from archiver.profiles.model import Profile
from archiver.provenance import Provenance
from archiver.publish import evidence
from archiver.publish.captures import find, original_of
from archiver.store.compare import differences
from archiver.warc.digest import digest_of
from archiver.warc.reader import NOTE
from archiver.warc.writer import WarcWriter
from tests.imports.files import HOST, INFO, answer, page, record, write
from tests.imports.reading import captures, rows
from tests.warc.samples import AT, gzip_member, numbered

BODY = page("question", "Une question.")
ONE = record("response", "one", answer(BODY))
IDENTICAL = (
    "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
    f"WARC-Payload-Digest: {digest_of(BODY)}",
)
SHA1 = (IDENTICAL[0], "WARC-Payload-Digest: sha1:{}")
HEAD = answer(b"")


def take(data: Path, *sources: Path, profiles: Sequence[Profile] = ()) -> Imported:
    result = bring_in(DataFolder(data), sources, profiles, workers=1)
    assert rebuild(DataFolder(data), workers=1).differences == ()
    return result


def seen(data: Path) -> list[tuple[str, str, str]]:
    """Revisions with the first and the last instant at which they were seen."""
    return rows(data, "SELECT body_text, seen_at, last_seen_at FROM revisions ORDER BY seen_at")


def instant(day: int) -> str:
    return f"2024-03-0{day}T12:00:00.000000Z"


def test_a_record_whose_digest_is_wrong_gives_no_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    altered = record("response", "two", answer(page("question", "Altérée.")), IDENTICAL[1], day=2)
    result = take(tmp_path / "data", write(tmp_path / "a.warc.gz", [ONE, altered]))
    (damage,) = result.damages
    assert (damage.file, damage.url) == ("a.warc.gz", f"{HOST}/question/")
    assert [row[8] for row in captures(tmp_path / "data")] == ["urn:uuid:one"]
    assert rows(tmp_path / "data", "SELECT kind FROM problems WHERE capture_id IS NULL") == [
        ("damaged_record",)
    ]
    print_imported(result)
    assert "Damage, skipped: a.warc.gz at byte" in capsys.readouterr().out


def test_a_torn_end_is_told_and_what_came_before_is_kept(tmp_path: Path) -> None:
    whole = [gzip_member(INFO), gzip_member(ONE)]
    (tmp_path / "a.warc.gz").write_bytes(b"".join(whole) + whole[1][:-20])
    result = take(tmp_path / "data", tmp_path / "a.warc.gz")
    (damage,) = result.damages
    assert (damage.offset, damage.what) == (sum(map(len, whole)), "the gzip member is cut off")
    assert len(captures(tmp_path / "data")) == 1


def test_a_torn_plain_file_gives_its_whole_records(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(INFO + ONE + ONE.replace(b"uuid:one", b"uuid:two")[:-30])
    result = take(tmp_path / "data", tmp_path / "a.warc")
    assert "cannot be read to its end" in result.damages[0].what
    assert [row[8] for row in captures(tmp_path / "data")] == ["urn:uuid:one"]


@pytest.mark.parametrize(
    ("end", "what"),
    [
        (b"", "the gzip member is cut off"),
        (b"\x07", "the gzip member is corrupt"),
        (b"\x03\x00" + bytes(8), "the checksum at the end of the gzip member is wrong"),
    ],
)
def test_a_file_in_one_piece_gives_every_record_before_its_damage(
    tmp_path: Path, end: bytes, what: str
) -> None:
    """Down to the last one that can be inflated: what decompresses is not thrown away."""
    pages = [record("response", f"r{number}", answer(BODY)) for number in range(9)]
    deflater = zlib.compressobj(6, zlib.DEFLATED, 31)
    packed = deflater.compress(INFO + b"".join(pages)[:-30]) + deflater.flush(zlib.Z_SYNC_FLUSH)
    (tmp_path / "a.warc.gz").write_bytes(packed + end)
    result = take(tmp_path / "data", tmp_path / "a.warc.gz")
    assert len(captures(tmp_path / "data")) == 8
    assert result.damages[0].what.startswith(f"it cannot be read to its end: {what}")
    found = verify(DataFolder(tmp_path / "data"), workers=1)
    assert found.damages.kept == []


@pytest.mark.parametrize(
    "fields",
    [
        (*IDENTICAL, "WARC-Refers-To: <urn:uuid:one>"),
        IDENTICAL,
        (
            IDENTICAL[0],
            "WARC-Payload-Digest: sha1:ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ",
            f"WARC-Refers-To-Target-URI: {HOST}/question/",
            "WARC-Refers-To-Date: 2024-03-01T12:00:00Z",
        ),
        (IDENTICAL[0], "WARC-Payload-Digest: sha1:{sha1}"),
    ],
    ids=["by record", "by digest", "by address and date", "by the digest of another kind"],
)
@pytest.mark.parametrize("headers", [HEAD, b""], ids=["headers", "no headers"])
@pytest.mark.parametrize("order", ["together", "original first", "revisit first"])
def test_a_revisit_shows_what_its_original_does(
    tmp_path: Path, fields: tuple[str, ...], headers: bytes, order: str
) -> None:
    fields = tuple(field.format(sha1=sha1(BODY)) for field in fields)
    original = write(tmp_path / "a.warc.gz", [ONE])
    revisit = write(tmp_path / "b.warc.gz", [record("revisit", "two", headers, *fields, day=2)])
    data = tmp_path / "data"
    if order == "together":
        take(data, revisit, original)
    else:
        for source in (original, revisit) if order == "original first" else (revisit, original):
            take(data, source)
    assert seen(data) == [("Une question.", instant(1), instant(2))]
    assert {row[4] for row in captures(data)} == {digest_of(BODY)}, "or nobody finds its original"
    found = verify(DataFolder(data), deep=order == "revisit first", workers=1)
    assert (found.damages.kept, found.warnings.kept) == ([], [])


def test_the_proof_of_a_revisit_known_by_a_digest_of_another_kind(tmp_path: Path) -> None:
    """Its original states that digest, which is of the chunks, as wget writes it."""
    chunks = f"{len(BODY):x}\r\n".encode() + BODY + b"\r\n0\r\n\r\n"
    stated = f"WARC-Payload-Digest: sha1:{sha1(chunks)}"
    original = record("response", "one", answer(chunks, "Transfer-Encoding: chunked"), stated)
    revisit = record("revisit", "two", HEAD, IDENTICAL[0], stated, day=2)
    data = tmp_path / "data"
    take(data, write(tmp_path / "a.warc.gz", [original, revisit]))
    with closing(sqlite3.connect(data / "archive.db")) as connection:
        row = find(connection, "urn:uuid:two")
        assert row is not None
        verdict = evidence.verify(data / "warc", row, original_of(connection, row))
        connection.execute(
            "UPDATE captures SET payload_digest = ? WHERE record_id = ?",
            (digest_of(b"another"), row.record_id),
        )
        connection.commit()
    assert verdict.intact
    (damage,) = verify(DataFolder(data), workers=1).damages.kept
    assert damage.what.startswith("the database says payload_digest")


def sha1(body: bytes) -> str:
    return base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def test_records_that_share_a_gzip_member_are_taken_apart(tmp_path: Path) -> None:
    """Those around them stay as they are, byte for byte, damage included."""
    joined = record("response", "two", answer(BODY), day=2) + record("response", "x", HEAD, day=3)
    torn = gzip_member(ONE)[:-20]
    end = gzip_member(record("response", "end", answer(BODY), day=4))
    source = tmp_path / "a.warc.gz"
    source.write_bytes(gzip_member(INFO) + gzip_member(ONE) + torn + gzip_member(joined) + end)
    result = take(tmp_path / "data", source)
    assert [row[8][9:] for row in captures(tmp_path / "data")] == ["one", "two", "x", "end"]
    assert [damage.what for damage in result.damages] == ["the gzip member is corrupt"]
    kept = (tmp_path / "data/warc/a.warc.gz").read_bytes()
    assert kept.startswith(gzip_member(INFO) + gzip_member(ONE) + torn)
    assert kept.endswith(end)


def test_a_revisit_may_name_the_day_of_its_original_alone(tmp_path: Path) -> None:
    fields = (*IDENTICAL, "WARC-Refers-To-Date: 2024-03-01", f"WARC-Refers-To-Target-URI: {HOST}/")
    revisit = record("revisit", "two", HEAD, *fields, day=2)
    take(tmp_path / "data", write(tmp_path / "a.warc.gz", [ONE, revisit]))
    assert seen(tmp_path / "data") == [("Une question.", instant(1), instant(2))]


def test_a_revisit_without_its_original_states_nothing(tmp_path: Path) -> None:
    revisit = record("revisit", "two", HEAD, *IDENTICAL, day=2)
    take(tmp_path / "data", write(tmp_path / "b.warc.gz", [revisit]))
    assert [row[8] for row in captures(tmp_path / "data")] == ["urn:uuid:two"]
    (warning,) = verify(DataFolder(tmp_path / "data"), workers=1).warnings.kept
    assert warning.what == "1 capture refers to an earlier one that the archive does not hold"
    for table in ("articles", "problems", "sites"):
        assert rows(tmp_path / "data", f"SELECT * FROM {table}") == []


def test_another_page_does_not_speak_for_a_revisit(tmp_path: Path) -> None:
    other = record("response", "one", answer(page("question", "Autre chose.")))
    revisit = record("revisit", "two", HEAD, *IDENTICAL, day=2)
    take(tmp_path / "data", write(tmp_path / "b.warc.gz", [other, revisit]))
    assert seen(tmp_path / "data") == [("Autre chose.", instant(1), instant(1))]


def test_what_looks_like_a_record_inside_an_answer_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the file is cut into parts."""
    monkeypatch.setattr("archiver.spans.SPAN_BYTES", 64)
    monkeypatch.setattr("archiver.spans.COMPANIONS", 0)
    forged = gzip_member(record("response", "forged", answer(page("question", "Fausse."))))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\n\r\n"
    hiding = gzip_member(record("response", "hiding", head + forged), 0)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip_member(INFO) + hiding + gzip_member(ONE))
    bring_in(DataFolder(tmp_path / "data"), [path], workers=1)
    assert [row[8] for row in captures(tmp_path / "data")] == ["urn:uuid:hiding", "urn:uuid:one"]
    assert seen(tmp_path / "data") == [("Une question.", instant(1), instant(1))]


def test_an_answer_to_a_form_is_no_page(tmp_path: Path) -> None:
    asked = record(
        "request",
        "asked",
        b"POST /question/ HTTP/1.1\r\n\r\nx=1",
        "WARC-Concurrent-To: <urn:uuid:one>",
    )
    take(tmp_path / "data", write(tmp_path / "a.warc.gz", [asked, ONE]))
    assert len(captures(tmp_path / "data")) == 1
    assert rows(tmp_path / "data", "SELECT * FROM articles") == []


def test_records_without_an_id_are_kept_apart(tmp_path: Path) -> None:
    nameless = [
        record("response", "x", answer(page("question", text)), day=day).replace(
            b"WARC-Record-ID: <urn:uuid:x>\r\n", b""
        )
        for day, text in ((1, "Un."), (2, "Deux."))
    ]
    result = take(tmp_path / "data", write(tmp_path / "a.warc.gz", nameless))
    assert len(captures(tmp_path / "data")) == 2
    assert result.files[0].examined.oddities["the record has no warc-record-id"] == 2


def doubles(*texts: str) -> list[bytes]:
    """Captures of one page by a program that makes a record's ID of its address."""
    return [
        record("response", "same", answer(page("question", text)), day=day)
        for day, text in enumerate(texts, 1)
    ]


@pytest.mark.parametrize("files", [1, 2])
def test_captures_of_one_id_are_all_kept(tmp_path: Path, files: int) -> None:
    one, two, three = doubles("Un.", "Deux.", "Trois.")
    parts = [[one, two, three]] if files == 1 else [[one], [two, three]]
    data, folder = tmp_path / "data", DataFolder(tmp_path / "data")
    for number, part in enumerate(parts):
        take(data, write(tmp_path / f"{number}.warc.gz", part))
    assert [text for text, *_ in seen(data)] == ["Un.", "Deux.", "Trois."]
    offsets = {row[8]: row[5:7] for row in captures(data)}
    own = offsets.pop("urn:uuid:same")
    assert own == ("0.warc.gz", len(gzip_member(INFO)))
    assert all(name == f"{file}@{offset}" for name, (file, offset) in offsets.items())
    for deep in (False, True):
        assert verify(folder, deep=deep, workers=1).damages.kept == []
    with closing(sqlite3.connect(data / "archive.db")) as connection:
        for name in offsets:
            row = find(connection, name)
            assert row is not None
            assert evidence.verify(data / "warc", row, None).intact
    export_wacz(folder, tmp_path / "part.wacz", Choice(since=date(2024, 3, 2)), workers=1)
    bring_in(DataFolder(tmp_path / "other"), [tmp_path / "part.wacz"], workers=1)
    assert [text for text, *_ in seen(tmp_path / "other")] == ["Deux.", "Trois."]


def test_a_copy_of_a_capture_is_no_double(tmp_path: Path) -> None:
    """Not within its file, nor in another, nor a revisit that has been settled since."""
    fields = (IDENTICAL[0], f"WARC-Payload-Digest: sha1:{sha1(BODY)}")
    both = [ONE, record("revisit", "two", HEAD, *fields, day=2)]
    data = tmp_path / "data"
    take(data, write(tmp_path / "a.warc.gz", [*both, *both]))
    take(data, write(tmp_path / "b.warc.gz", both))
    assert [row[8] for row in captures(data)] == ["urn:uuid:one", "urn:uuid:two"]
    assert verify(DataFolder(data), deep=True, workers=1).damages.kept == []


def test_what_broke_the_standard_in_our_own_file_when_it_came_in_is_no_damage(
    tmp_path: Path,
) -> None:
    """As when somebody joined files by `cat`; it is damage in a file that did not come in."""
    info = Provenance(1, "vasseur.example", "live", AT, "1", load(f"{HOST}/")).fields()
    with WarcWriter(tmp_path, prefix="ours", info=info) as writer:
        place = writer.write(numbered(1))
    twice = tmp_path / "twice.warc.gz"
    twice.write_bytes(2 * (tmp_path / place.warc_file).read_bytes())
    take(tmp_path / "data", twice)
    assert verify(DataFolder(tmp_path / "data"), workers=1).damages.kept == []


@pytest.mark.parametrize("url", ["http://[::1", "http://vasseur.example:99999/", "http://ex℀/"])
def test_an_address_that_is_none_is_told_and_stops_nothing(tmp_path: Path, url: str) -> None:
    bad = record("response", "two", answer(BODY), url=url, day=2)
    result = take(tmp_path / "data", write(tmp_path / "a.warc.gz", [ONE, bad]))
    assert result.files[0].examined.oddities == {"its WARC-Target-URI is no address": 1}
    assert [row[8] for row in captures(tmp_path / "data")] == ["urn:uuid:one"]
    told = rows(tmp_path / "data", "SELECT url, kind FROM problems WHERE capture_id IS NULL")
    assert told == [(url, "damaged_record")]
    found = verify(DataFolder(tmp_path / "data"), deep=True, workers=1)
    assert found.damages.kept == []
    assert [warning.advice for warning in found.warnings.kept] == [NOTE]


def test_only_hosts_with_an_article_become_sites(tmp_path: Path) -> None:
    known = "https://www.annegenetet.fr/robots.txt"
    elsewhere = record("response", "two", answer(b"User-agent: *"), url=known)
    take(tmp_path / "data", write(tmp_path / "a.warc.gz", [ONE, elsewhere]))
    assert rows(tmp_path / "data", "SELECT id, deputy FROM sites") == [("vasseur.example", None)]


def test_a_bundled_profile_speaks_for_its_host(tmp_path: Path) -> None:
    theirs = record(
        "response",
        "two",
        answer(BODY.replace(HOST.encode(), b"https://www.annegenetet.fr")),
        url="https://www.annegenetet.fr/question/",
    )
    take(tmp_path / "data", write(tmp_path / "a.warc.gz", [theirs]))
    ((site, deputy),) = rows(tmp_path / "data", "SELECT id, deputy FROM sites")
    assert (site, bool(deputy)) == ("annegenetet.fr", True)


def test_a_profile_of_the_users_own_is_kept_with_the_import(tmp_path: Path) -> None:
    toml = tmp_path / "vasseur.toml"
    toml.write_text(
        f'home_url = "{HOST}/"\ntitle = "Claire Vasseur"\nhosts = ["ancien.example"]\n'
        '[rules]\ntitle = [".entry-content p"]\n'
    )
    old = record("response", "two", answer(page("autre", "Deux.")), url="https://ancien.example/2")
    source = write(tmp_path / "a.warc.gz", [ONE, old])
    take(tmp_path / "data", source, profiles=[load(str(toml))])
    toml.unlink()
    assert rebuild(DataFolder(tmp_path / "data"), workers=1).differences == ()
    assert rows(tmp_path / "data", "SELECT title, site_id FROM articles ORDER BY 1") == [
        ("Deux.", "vasseur.example"),
        ("Une question.", "vasseur.example"),
    ]
    assert rows(tmp_path / "data", "SELECT id, name FROM sites") == [
        ("vasseur.example", "Claire Vasseur")
    ]


@pytest.mark.parametrize(
    "claim",
    [b'{"id": 1}', b"[]", b'{"id": "x", "site": {}, "source": "live"}', b"[" * 100_000, b"\xff"],
)
def test_a_false_claim_to_be_ours_makes_a_file_foreign(tmp_path: Path, claim: bytes) -> None:
    info = b"archiver-profile: {}\r\narchiver-crawl: " + claim + b"\r\n"
    head = INFO.partition(b"Content-Length")[0] + f"Content-Length: {len(info)}\r\n\r\n".encode()
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip_member(head + info + b"\r\n\r\n") + gzip_member(ONE))
    result = take(tmp_path / "data", path)
    assert [file.own for file in result.files] == [False]
    assert [row[10:12] for row in captures(tmp_path / "data")] == [("imported", "import")]


def test_a_foreign_file_cannot_say_how_it_was_captured(tmp_path: Path) -> None:
    claim = record(
        "metadata", "m", b"capture-method: wire\r\n", "WARC-Concurrent-To: <urn:uuid:one>"
    )
    take(tmp_path / "data", write(tmp_path / "a.warc.gz", [ONE, claim]))
    assert [row[10] for row in captures(tmp_path / "data")] == ["imported"]


def test_two_orders_of_many_files_give_one_database(tmp_path: Path) -> None:
    files = [
        write(
            tmp_path / f"{day}.warc.gz",
            [
                record(
                    "response", f"r{day}", answer(page("question", f"Texte {day // 2}.")), day=day
                )
            ],
        )
        for day in range(1, 7)
    ]
    for file in files:
        bring_in(DataFolder(tmp_path / "a"), [file], workers=1)
    for file in reversed(files):
        bring_in(DataFolder(tmp_path / "b"), [file], workers=1)
    bring_in(DataFolder(tmp_path / "c"), files, workers=1)
    for other in ("b", "c"):
        assert differences(tmp_path / "a/archive.db", tmp_path / other / "archive.db") == []
    assert len(seen(tmp_path / "a")) == 4

"""`archiver verify FILE...`: WARC and WACZ files by themselves, without an archive."""

import base64
import gzip
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from archiver.ops.verify import verify_named
from archiver.warc.files import file_sha256, write_side_file
from archiver.warc.signature import SigningKey
from archiver.warc.wacz import Description, Page, write_wacz
from tests.cli import MODULE, archiver
from tests.ops.harm import responses, rewrite
from tests.warc.samples import AT, exchange, foreign_record, gzip_member, numbered, write_warc

Entries = dict[str, bytes]
INDEX = "indexes/index.cdxj"
BLOCK = "the block is not what its digest says"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write_warc(tmp_path, [numbered(number) for number in range(4)])


@pytest.fixture
def wacz(tmp_path: Path, good: Path) -> Path:
    out = tmp_path / "site.wacz"
    pages = [Page(f"http://vasseur.example/{number}", AT) for number in range(4)]
    write_wacz(out, [good], pages, Description("Claire Vasseur", "archiver", AT))
    return out


def found(path: Path) -> list[str]:
    return [finding.what for finding in verify_named([path], workers=1).damages.kept]


def test_good_files(good: Path, wacz: Path) -> None:
    result = verify_named([good, wacz])
    assert (result.damages.total, result.warnings.total, result.unreadable) == (0, 0, ())
    assert [file.name for file in result.files] == sorted([str(good), str(wacz)])
    assert {file.sha256 for file in result.files} == {file_sha256(good), file_sha256(wacz)}
    assert len({file.records for file in result.files}) == 1
    assert {file.signed_by for file in result.files} == {None}


def test_an_address_with_a_fragment_is_in_the_index(tmp_path: Path) -> None:
    """Other programs ask for such addresses, and the page that is shown is without."""
    out, url = tmp_path / "site.wacz", "http://vasseur.example/a#b"
    warc = write_warc(tmp_path, [exchange(url=url)])
    write_wacz(out, [warc], [Page(url, AT)], Description("Claire Vasseur", "archiver", AT))
    assert found(out) == []


def test_it_says_by_which_key_a_wacz_is_signed(tmp_path: Path, good: Path) -> None:
    key = SigningKey(ec.generate_private_key(ec.SECP384R1()))
    out = tmp_path / "signed.wacz"
    pages = [Page("http://vasseur.example/1", AT)]
    write_wacz(out, [good], pages, Description("Claire Vasseur", "archiver", AT), key)
    (file,) = verify_named([out], workers=1).files
    spki = base64.b64decode(key.public_key)
    assert file.signed_by == f"the key sha256:{hashlib.sha256(spki).hexdigest()}"
    said = archiver("verify", out, data=tmp_path / "data")
    assert f"is signed by {file.signed_by}." in said.stdout


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


def cut_and_append(path: Path) -> None:
    whole = path.read_bytes()
    record = responses(path)[1]
    path.write_bytes(whole[: record.offset + 40] + whole[record.offset + record.length :])


def wrong_word(path: Path) -> None:
    rewrite(path, responses(path)[1], lambda data: data.replace(b"Article", b"article", 1))


def wrong_length(path: Path) -> None:
    rewrite(path, responses(path)[1], lambda data: data[:-9])


def one_member(path: Path) -> None:
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())))


def other_side_file(path: Path) -> None:
    write_side_file(path, "0" * 64)


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        (cut, "the gzip member is cut off"),
        (cut_and_append, "the gzip member is corrupt"),
        (wrong_word, "the block is not what its digest says"),
        (wrong_length, "the record is shorter than its Content-Length"),
        (one_member, "the gzip member holds more than one record"),
        (other_side_file, "its bytes are not those of its SHA-256"),
        (lambda path: path.write_bytes(b""), "nothing is left of a WARC or WACZ file but its name"),
        (lambda path: path.write_bytes(bytes(5000)), "nothing is left of a WARC or WACZ file"),
    ],
)
def test_each_harm_to_a_warc(good: Path, harm: Callable[[Path], None], what: str) -> None:
    harm(good)
    assert any(item.startswith(what) for item in found(good)), found(good)


def plain(path: Path) -> Path:
    out = path.with_suffix("")
    out.write_bytes(gzip.decompress(path.read_bytes()))
    return out


def test_a_plain_file_is_checked_like_a_compressed_one(good: Path) -> None:
    packed, whole = verify_named([good], workers=1), verify_named([plain(good)], workers=1)
    assert (whole.damages.total, whole.warnings.total, whole.unreadable) == (0, 0, ())
    assert (whole.records, whole.size) == (packed.records, plain(good).stat().st_size)


def length(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The last record with another Content-Length."""
    before, name, after = data.rpartition(b"Content-Length: ")
    number, line_break, rest = after.partition(b"\r\n")
    return before + name + change(number) + line_break + rest


@pytest.mark.parametrize(
    ("change", "what", "lost"),
    [
        (lambda data: data.replace(b"Article 2", b"article 2", 1), BLOCK, 0),
        (lambda data: data[:-9], "the record is cut off", 1),
        (lambda data: length(data, lambda n: n[:-1]), "longer than its Content-Length", 1),
        (lambda data: length(data, lambda n: b"9" + n), "its Content-Length is wrong", 1),
        (lambda data: data.replace(b"Content-Length: ", b"Content-Length: x", 1), "it has no", 1),
        (lambda data: data[: len(data) // 2] + bytes(4096) + data[len(data) // 2 :], "", 1),
    ],
)
def test_each_harm_to_a_plain_file(
    good: Path, change: Callable[[bytes], bytes], what: str, lost: int
) -> None:
    """The records after the harm are checked, too."""
    path = plain(good)
    path.write_bytes(change(path.read_bytes()))
    result = verify_named([path], workers=1)
    assert what in result.damages.kept[0].what
    assert result.records == verify_named([good], workers=1).records - lost
    assert result.damages.total <= 2


def test_records_in_one_piece_are_told_how_to_be_taken_apart(good: Path) -> None:
    one_member(good)
    (damage,) = verify_named([good], workers=1).damages.kept[:1]
    assert "import this one: that takes the records apart" in damage.advice


def deflate(path: Path) -> None:
    repack(path, lambda entries: entries, zipfile.ZIP_DEFLATED)


def repack(
    path: Path, change: Callable[[Entries], Entries], compression: int = zipfile.ZIP_STORED
) -> None:
    """Change entries of a WACZ, without a word in its datapackage."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in change(entries).items():
            archive.writestr(name, content)


def with_index(path: Path, change: Callable[[Sequence[bytes]], Sequence[bytes]]) -> None:
    repack(
        path,
        lambda entries: {
            **entries,
            INDEX: b"".join(change(entries[INDEX].splitlines(keepends=True))),
        },
    )


def shifted(lines: Sequence[bytes]) -> list[bytes]:
    out = []
    for line in lines:
        key, stamp, packed = line.split(b" ", 2)
        fields = json.loads(packed)
        fields["offset"] = str(int(fields["offset"]) + 7)
        out.append(b" ".join((key, stamp, json.dumps(fields).encode() + b"\n")))
    return out


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        (cut, "nothing is left of a WARC or WACZ file but its name, or its end is cut off"),
        (deflate, "the WARC is deflated"),
        (lambda path: with_index(path, lambda lines: lines[::-1]), "the index is not sorted"),
        (lambda path: with_index(path, shifted), "no capture lies at byte"),
        (lambda path: with_index(path, lambda lines: lines[1:]), "the index does not list this"),
        (
            lambda path: repack(
                path, lambda e: {k: v for k, v in e.items() if k != "pages/pages.jsonl"}
            ),
            "the WACZ lacks it",
        ),
        (
            lambda path: repack(
                path, lambda e: {k: v for k, v in e.items() if k != "datapackage-digest.json"}
            ),
            "the WACZ lacks it",
        ),
    ],
    ids=["cut", "deflated", "unsorted", "offsets", "index-lacks-one", "no-pages", "no-digest"],
)
def test_each_harm_to_a_wacz(wacz: Path, harm: Callable[[Path], None], what: str) -> None:
    harm(wacz)
    assert any(item.startswith(what) for item in found(wacz)), found(wacz)


def test_a_file_of_another_program_may_break_the_grammar(tmp_path: Path) -> None:
    """Its captures are whole; what its program did is told as a warning."""
    record = foreign_record(
        "response",
        b"HTTP/1.1 200 OK\r\n\r\nhello",
        "WARC-Target-URI: http://vasseur.example/",
        "WARC-Date: 2024-03-01T12:00:00Z",
        "WARC-Record-ID: urn:uuid:without-brackets",
        "Content-Type: application/http;msgtype=response",
    )
    path = tmp_path / "foreign.warc.gz"
    path.write_bytes(gzip_member(record) + gzip_member(record.replace(b"without", b"again")))
    result = verify_named([path])
    assert result.damages.kept == []
    (warning,) = result.warnings.kept
    assert warning.what == (
        "'urn:uuid:without-brackets' is no record ID in angle brackets (in 2 records)"
    )
    assert warning.offset == 0


def command(*paths: Path) -> tuple[int, str, str]:
    done = archiver("verify", *paths, data=Path("unused"), module=MODULE)
    return done.returncode, done.stdout, done.stderr


def test_exit_codes(tmp_path: Path, good: Path, wacz: Path) -> None:
    code, out, _ = command(good, wacz)
    assert (code, out.splitlines()[-1][:23]) == (0, "Verified named files: 2")
    assert not Path("unused").exists()
    junk = tmp_path / "junk.txt"
    junk.write_bytes(b"no WARC at all")
    missing = tmp_path / "missing.warc.gz"
    code, out, err = command(good, junk, missing)
    assert code == 1
    assert f"Not read: {junk} is not a WARC file" in out
    assert f"Not read: {missing} cannot be read (No such file or directory)" in out
    assert err.startswith("Error: Not every file could be read")
    cut(good)
    code, out, _ = command(good, junk)
    assert code == 3
    assert "Damage: " in out


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_regular_file_is_not_read(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """A pipe may give nothing for ever, a device never ends."""
    path = tmp_path / "odd.warc.gz"
    make(path)
    (said,) = verify_named([path], workers=1).unreadable
    what = "Is a directory" if path.is_dir() else "it is no regular file, but a pipe or a device"
    assert said == f"{path} cannot be read ({what}): check its name."


def test_hostile_names_and_addresses_cannot_write_on_the_terminal(tmp_path: Path) -> None:
    record = foreign_record(
        "response",
        b"HTTP/1.1 200 OK\r\n\r\nhello",
        "WARC-Target-URI: http://vasseur.example/\x1b[2J\u202e",
        "WARC-Date: 2024-03-01T12:00:00Z",
        "WARC-Record-ID: <urn:uuid:r>",
        "WARC-Block-Digest: sha1:AAAA",
    )
    path = tmp_path / "hostile.warc.gz"
    path.write_bytes(gzip_member(record))
    _, out, _ = command(path)
    assert "vasseur.example/\\x1b[2J\\u202e" in out
    assert "\x1b[2J" not in out
    assert "\u202e" not in out

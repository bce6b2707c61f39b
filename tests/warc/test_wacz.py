"""A WACZ as we write it, and every way in which one can be wrong or hostile."""

import hashlib
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from archiver.errors import ArchiveDamaged, BadInput
from archiver.warc.cdxj import parse_line
from archiver.warc.check import Checked, check_records
from archiver.warc.model import Damage, Original
from archiver.warc.reader import read_at
from archiver.warc.signature import SigningKey, is_signed, load_key
from archiver.warc.wacz import Description, Page, write_wacz
from archiver.warc.wacz_check import check_wacz
from archiver.warc.wacz_reader import open_wacz
from archiver.warc.writer import WarcWriter
from tests.warc.samples import AT, INFO, captures, exchange, numbered

DESCRIPTION = Description("Claire Vasseur", "archiver 0.1", "2024-03-02T08:00:00.000000Z")
PAGES = [Page(f"http://vasseur.example/{n}", AT, f"Article « {n} »") for n in range(3)]
KEY = SigningKey(ec.derive_private_key(20240301, ec.SECP384R1()))


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    """Three pages, a revisit of each kind, a log."""
    writer = WarcWriter(tmp_path / "warc", prefix="vasseur.example", info=INFO)
    places = [writer.write(numbered(number)) for number in (2, 0, 1)]
    original = Original(places[0].record_id, "http://vasseur.example/2", AT)
    writer.write(numbered(2), original)
    unchanged = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    writer.write(exchange(unchanged, url="http://vasseur.example/2"), original)
    writer.write_resource("urn:archiver:log", "text/plain", b"log")
    (finished,) = writer.close()
    return tmp_path / "warc" / finished.name


@pytest.fixture
def wacz(tmp_path: Path, warc: Path) -> Path:
    out = tmp_path / "vasseur.wacz"
    write_wacz(out, [warc], PAGES, DESCRIPTION, KEY)
    return out


def entries(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def faults(path: Path) -> list[str]:
    return [damage.what for damage in check_wacz(path)]


def test_what_we_write_is_right(wacz: Path) -> None:
    assert list(check_wacz(wacz)) == []


def test_everything_is_stored_and_listed_with_its_digest(wacz: Path, warc: Path) -> None:
    found = entries(wacz)
    assert set(found) == {
        f"archive/{warc.name}",
        "indexes/index.cdxj",
        "pages/pages.jsonl",
        "datapackage.json",
        "datapackage-digest.json",
    }
    with zipfile.ZipFile(wacz) as archive:
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
    assert found[f"archive/{warc.name}"] == warc.read_bytes()
    package = json.loads(found["datapackage.json"])
    assert (package["profile"], package["wacz_version"]) == ("data-package", "1.1.1")
    assert (package["title"], package["mainPageUrl"]) == ("Claire Vasseur", PAGES[0].url)
    assert package["mainPageDate"] == "2024-03-01T12:00:00Z"
    for resource in package["resources"]:
        content = found[resource["path"]]
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)


def test_the_index_is_sorted_leads_to_the_records_and_leaves_304_out(
    wacz: Path, warc: Path
) -> None:
    lines = entries(wacz)["indexes/index.cdxj"].splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 4
    for line in lines:
        entry = parse_line(line)
        assert entry is not None
        assert entry.length is not None
        assert read_at(warc, entry.offset, entry.length).url == entry.url
    assert not any(b'"304"' in line for line in lines)


def test_pages_have_address_time_and_title(wacz: Path) -> None:
    head, *pages = [json.loads(line) for line in entries(wacz)["pages/pages.jsonl"].splitlines()]
    assert head["format"] == "json-pages-1.0"
    assert [(page["url"], page["ts"], page["title"]) for page in pages] == [
        (page.url, "2024-03-01T12:00:00Z", page.title) for page in PAGES
    ]


def test_the_signature_is_over_the_digest_of_the_datapackage(wacz: Path) -> None:
    stated = json.loads(entries(wacz)["datapackage-digest.json"])
    signed = stated["signedData"]
    assert signed["hash"] == stated["hash"]
    assert is_signed(stated["hash"], signed["signature"], signed["publicKey"])
    assert not is_signed(stated["hash"] + "0", signed["signature"], signed["publicKey"])
    assert not is_signed(stated["hash"], signed["signature"], "no key")
    assert not is_signed(stated["hash"], "c2hvcnQ=", signed["publicKey"])


def test_a_key_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"

    def save(key: ec.EllipticCurvePrivateKey) -> None:
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )

    save(KEY.key)
    assert load_key(path).public_key == KEY.public_key
    save(ec.derive_private_key(7, ec.SECP256R1()))
    with pytest.raises(BadInput, match="not a private key on the curve P-384"):
        load_key(path)
    path.write_text("no key")
    with pytest.raises(BadInput, match="not a readable private key"):
        load_key(path)
    with pytest.raises(BadInput, match="not a readable private key"):
        load_key(tmp_path / "none.pem")


def test_an_existing_file_is_not_overwritten(tmp_path: Path, warc: Path) -> None:
    out = tmp_path / "taken.wacz"
    out.write_text("mine")
    with pytest.raises(BadInput, match="exists already"):
        write_wacz(out, [warc], PAGES, DESCRIPTION)
    assert out.read_text() == "mine"


def test_a_damaged_warc_is_not_packed(tmp_path: Path, warc: Path) -> None:
    warc.write_bytes(warc.read_bytes()[:-5])
    with pytest.raises(ArchiveDamaged, match="cut off"):
        write_wacz(tmp_path / "x.wacz", [warc], PAGES, DESCRIPTION)
    assert not (tmp_path / "x.wacz").exists()


def test_nothing_to_pack(tmp_path: Path, warc: Path) -> None:
    with pytest.raises(BadInput, match="no page to export"):
        write_wacz(tmp_path / "x.wacz", [warc], [], DESCRIPTION)


def test_the_same_export_gives_the_same_bytes(tmp_path: Path, warc: Path) -> None:
    for name in ("a.wacz", "b.wacz"):
        write_wacz(tmp_path / name, [warc], PAGES, DESCRIPTION)
    assert (tmp_path / "a.wacz").read_bytes() == (tmp_path / "b.wacz").read_bytes()


Contents = dict[str, bytes]


def seal(contents: Contents) -> None:
    """Make datapackage and digest right again after other entries were changed."""
    package = json.loads(contents["datapackage.json"])
    package["resources"] = [
        {
            "name": name.rpartition("/")[2],
            "path": name,
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
            "bytes": len(content),
        }
        for name, content in contents.items()
        if not name.startswith("datapackage")
    ]
    contents["datapackage.json"] = json.dumps(package).encode()
    digest = f"sha256:{hashlib.sha256(contents['datapackage.json']).hexdigest()}"
    contents["datapackage-digest.json"] = json.dumps(
        {"path": "datapackage.json", "hash": digest}
    ).encode()


def rewrite(path: Path, contents: Contents, *deflated: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            pack = zipfile.ZIP_DEFLATED if name.startswith(deflated) and deflated else 0
            archive.writestr(name, content, compress_type=pack)


def each_line(change: Callable[[dict[str, Any]], None]) -> Callable[[Contents], None]:
    """Change the JSON of every line of the index."""

    def doctor(contents: Contents) -> None:
        lines = []
        for line in contents["indexes/index.cdxj"].decode().splitlines():
            key, stamp, packed = line.split(" ", 2)
            fields = json.loads(packed)
            change(fields)
            lines.append(f"{key} {stamp} {json.dumps(fields)}\n")
        contents["indexes/index.cdxj"] = "".join(lines).encode()

    return doctor


def shift(fields: dict[str, Any]) -> None:
    fields["offset"] = str(int(fields["offset"]) + 7)


def replace_in(name: str, old: bytes, new: bytes) -> Callable[[Contents], None]:
    def doctor(contents: Contents) -> None:
        assert old in contents[name]
        contents[name] = contents[name].replace(old, new)

    return doctor


def flip_a_byte_of_the_warc(contents: Contents) -> None:
    name = next(name for name in contents if name.startswith("archive/"))
    content = bytearray(contents[name])
    content[len(content) // 2] ^= 0x55
    contents[name] = bytes(content)


def reverse_index(contents: Contents) -> None:
    lines = contents["indexes/index.cdxj"].splitlines(keepends=True)
    contents["indexes/index.cdxj"] = b"".join(reversed(lines))


def drop_index_line(contents: Contents) -> None:
    lines = contents["indexes/index.cdxj"].splitlines(keepends=True)
    contents["indexes/index.cdxj"] = b"".join(lines[:-1])


def drop(*names: str) -> Callable[[Contents], None]:
    def doctor(contents: Contents) -> None:
        for name in [key for key in contents if key.startswith(names)]:
            del contents[name]

    return doctor


INDEX, LIST = "indexes/index.cdxj", "pages/pages.jsonl"
DOCTORED: list[tuple[str, Callable[[Contents], None], str]] = [
    ("no pages", drop(LIST), "the WACZ lacks it"),
    ("no index", drop("indexes/"), "the WACZ has no index"),
    ("no warc", drop("archive/"), "the WACZ has no WARC file"),
    ("index reversed", reverse_index, "the index is not sorted by bytes"),
    ("offsets shifted", each_line(shift), "no capture lies at byte"),
    ("lengths", each_line(lambda f: f.update(length="5")), "gives another length"),
    ("addresses", each_line(lambda f: f.update(url="http://x.example/")), "another address"),
    ("statuses", each_line(lambda f: f.update(status="404")), "gives another status"),
    ("digests", each_line(lambda f: f.update(digest="sha256:" + "0" * 64)), "another digest"),
    ("files", each_line(lambda f: f.update(filename="y.warc.gz")), "no capture lies at byte"),
    ("times", replace_in(INDEX, b" 20240301120000 ", b" 20250301120000 "), "gives another time"),
    ("index not JSON", replace_in(INDEX, b" {", b" ["), "the index line cannot be read"),
    ("index incomplete", drop_index_line, "the index does not list this capture"),
    ("flipped byte", flip_a_byte_of_the_warc, "corrupt"),
    ("pages not JSON", replace_in(LIST, b"{", b"["), "the line is not JSON"),
    ("pages without ts", replace_in(LIST, b'"ts"', b'"at"'), "has no url or no ts"),
    ("unknown page", replace_in(LIST, b".example/1", b".example/9"), "not in the index"),
    ("empty pages", lambda c: c.update({LIST: b"{}\n"}), "has no url or no ts"),
    (
        "no version",
        replace_in("datapackage.json", b'"wacz_version": "1.1.1"', b'"v": "1"'),
        "does not state the profile and version",
    ),
]


@pytest.mark.parametrize(
    ("doctor", "what"), [case[1:] for case in DOCTORED], ids=[case[0] for case in DOCTORED]
)
def test_each_doctored_wacz_is_found_though_its_digests_are_right(
    wacz: Path, doctor: Callable[[Contents], None], what: str
) -> None:
    contents = entries(wacz)
    seal(contents)
    rewrite(wacz, contents)
    assert faults(wacz) == []
    doctor(contents)
    seal(contents)
    rewrite(wacz, contents)
    found = faults(wacz)
    assert any(what in fault for fault in found), found


@pytest.mark.parametrize(("off", "expected"), [(0, []), (7, ["no capture lies at byte"])])
def test_an_index_may_list_records_that_are_no_captures(
    wacz: Path, off: int, expected: list[str]
) -> None:
    """As Browsertrix and py-wacz list logs, page reports and extracted text."""
    contents = entries(wacz)
    (name,) = [name for name in contents if name.startswith("archive/")]
    with open_wacz(wacz) as archive, archive.open(name) as file, archive.open(name) as again:
        records = [item for item in check_records(file, again, name) if isinstance(item, Checked)]
    (log,) = [record for record in records if record.url == "urn:archiver:log"]
    fields = {"url": log.url, "offset": log.offset + off, "length": log.length, "filename": name}
    contents[INDEX] += f"urn:archiver:log 20240301120000 {json.dumps(fields)}\n".encode()
    seal(contents)
    rewrite(wacz, contents)
    assert [fault[:23] for fault in faults(wacz)] == expected


UNSEALED: list[tuple[str, Callable[[Contents], None], str]] = [
    ("no digest file", drop("datapackage-digest.json"), "the WACZ lacks it"),
    ("no datapackage", drop("datapackage.json"), "the WACZ lacks it"),
    ("a page's title", replace_in(LIST, b"Article", b"Artikle"), "not what its digest"),
    ("shorter pages", replace_in(LIST, b"Article", b""), "its size is not the one"),
    (
        "wrong digest",
        replace_in("datapackage-digest.json", b'"hash": "sha256:', b'"hash": "sha256:0'),
        "not what datapackage-digest.json says",
    ),
    (
        "broken signature",
        replace_in("datapackage-digest.json", b'"signature": "', b'"signature": "AAAA'),
        "the signature is not valid",
    ),
    (
        "title in the datapackage",
        replace_in("datapackage.json", b"Claire Vasseur", b"Claire Vassal"),
        "the signature is for another datapackage",
    ),
    ("smuggled", lambda c: c.update({"archive/evil.js": b"x"}), "does not list it"),
    ("missing", drop(INDEX), "the datapackage lists it and it is missing"),
    ("datapackage not JSON", lambda c: c.update({"datapackage.json": b"{"}), "does not state"),
    ("deep JSON", lambda c: c.update({"datapackage.json": b"[" * 10**6}), "does not state"),
]


@pytest.mark.parametrize(
    ("doctor", "what"), [case[1:] for case in UNSEALED], ids=[case[0] for case in UNSEALED]
)
def test_each_change_after_packing_is_found(
    wacz: Path, doctor: Callable[[Contents], None], what: str
) -> None:
    contents = entries(wacz)
    doctor(contents)
    rewrite(wacz, contents)
    found = faults(wacz)
    assert any(what in fault for fault in found), found


def test_a_deflated_warc_is_found(wacz: Path) -> None:
    rewrite(wacz, entries(wacz), "archive/")
    assert faults(wacz) == ["the WARC is deflated, so it cannot be read in parts"]


def test_a_torn_warc_inside_is_found(wacz: Path, tmp_path: Path) -> None:
    contents = entries(wacz)
    name = next(name for name in contents if name.startswith("archive/"))
    contents[name] = contents[name][:-3]
    seal(contents)
    rewrite(wacz, contents)
    (damage,) = check_wacz(wacz)
    assert damage.file == f"{wacz.name}/{name}"
    assert "cut off" in damage.what


def test_the_warcs_come_out_as_they_went_in(wacz: Path, warc: Path, tmp_path: Path) -> None:
    with open_wacz(wacz) as opened:
        assert opened.warc_names == [f"archive/{warc.name}"]
        with (tmp_path / "out.warc.gz").open("wb") as target:
            opened.copy(opened.warc_names[0], target)
    assert captures(tmp_path / "out.warc.gz")[0].url == captures(warc)[0].url


def test_a_damaged_entry_is_refused(wacz: Path, warc: Path, tmp_path: Path) -> None:
    content = bytearray(wacz.read_bytes())
    content[content.index(warc.read_bytes()[:50]) + 400] ^= 0x55
    wacz.write_bytes(content)
    with (
        open_wacz(wacz) as opened,
        (tmp_path / "out").open("wb") as target,
        pytest.raises(BadInput, match="is damaged"),
    ):
        opened.copy(opened.warc_names[0], target)
    assert "it is not what its digest in the datapackage says" in faults(wacz)


def hostile(path: Path, name: str, content: bytes = b"x", **changes: Any) -> None:
    """A ZIP with a good-looking WARC and one hostile entry."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/a.warc.gz", b"x")
        info = zipfile.ZipInfo(name)
        for attribute, value in changes.items():
            setattr(info, attribute, value)
        archive.writestr(info, content, compress_type=info.compress_type)


@pytest.mark.parametrize(
    "name",
    [
        "../evil.warc.gz",
        "archive/../../evil",
        "/etc/passwd",
        "archive\\..\\evil",
        "archive/a\nb",
        "C:/evil",
        "archive/a\0b",
    ],
)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.wacz"
    if "\0" in name:
        hostile(path, name.replace("\0", "#"))
        path.write_bytes(path.read_bytes().replace(b"archive/a#b", b"archive/a\0b"))
    else:
        hostile(path, name)
    with pytest.raises(BadInput, match="leads out of its folder"), open_wacz(path):
        pass
    assert any("leads out of its folder" in fault for fault in faults(path))


def test_links_encryption_and_doubles_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.wacz"
    hostile(path, "archive/link", external_attr=0o120777 << 16)
    assert faults(path) == ["the entry is a symbolic link"]
    hostile(path, "archive/A.warc.gz")
    assert faults(path) == ["the entry is there twice"]
    hostile(path, "archive/b", compress_type=zipfile.ZIP_BZIP2)
    assert faults(path) == ["the entry is compressed in a way that WACZ does not know"]
    hostile(path, "archive/b")
    content = bytearray(path.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert faults(path) == ["the entry is encrypted"]


def test_bombs_are_refused_before_they_go_off(tmp_path: Path) -> None:
    path = tmp_path / "x.wacz"
    zeros = b"\0" * (32 * 2**20)
    for name in ("archive/b.warc.gz", "pages/pages.jsonl"):
        hostile(path, name, zeros, compress_type=zipfile.ZIP_DEFLATED)
        assert faults(path) == ["the entry inflates absurdly"]
        with pytest.raises(BadInput, match="inflates absurdly"), open_wacz(path):
            pass


def test_entries_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """As in bombs whose many entries all point at one."""
    path = tmp_path / "x.wacz"
    hostile(path, "archive/b.warc.gz", b"y" * 500)
    content = bytearray(path.read_bytes())
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = struct.pack("<L", 0)
    path.write_bytes(content)
    assert any("overlaps another entry" in fault for fault in faults(path))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 40])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.wacz"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="not a readable ZIP"):
        list(check_wacz(path))


def test_a_zip_without_warc_is_no_wacz(tmp_path: Path) -> None:
    path = tmp_path / "x.wacz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(BadInput, match="it is no WACZ"), open_wacz(path):
        pass


def test_damage_inside_a_wacz_says_where(wacz: Path) -> None:
    contents = entries(wacz)
    reverse_index(contents)
    seal(contents)
    rewrite(wacz, contents)
    damage = next(check_wacz(wacz))
    assert isinstance(damage, Damage)
    assert damage.file == f"{wacz.name}/indexes/index.cdxj"
    assert damage.offset == len(contents["indexes/index.cdxj"].splitlines(keepends=True)[0])

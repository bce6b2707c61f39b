"""A WACZ holds what was asked for, all of it sound, and comes back as the same rows."""

import gzip
import json
import shutil
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from archiver.errors import ArchiveDamaged, BadInput
from archiver.folder import DataFolder
from archiver.ops.export.choice import Choice
from archiver.ops.export.wacz import Packed, export_wacz
from archiver.ops.imports import bring_in
from archiver.ops.verify import verify_named
from archiver.store.compare import differences
from archiver.warc.digest import digest_of
from archiver.warc.reader import NOTE
from archiver.warc.signature import is_signed
from archiver.warc.wacz_check import check_wacz
from tests.cli import archiver
from tests.export.conftest import Archived
from tests.imports.files import answer, page, record, write
from tests.imports.reading import captures, rows


def pack(archived: Archived | Path, out: Path, **choice: Any) -> Packed:
    folder = archived.folder if isinstance(archived, Archived) else DataFolder(archived)
    packed = export_wacz(folder, out, Choice(**choice), workers=1)
    assert list(check_wacz(out)) == []
    return packed


def unpack(source: Path, data: Path) -> Path:
    bring_in(DataFolder(data), [source], workers=1)
    return data


def entry(path: Path, name: str) -> list[dict[str, Any]]:
    with zipfile.ZipFile(path) as archive:
        return [json.loads(line) for line in archive.read(name).splitlines()]


def test_the_whole_archive_comes_back_as_the_same_database(
    archived: Archived, tmp_path: Path
) -> None:
    packed = pack(archived, tmp_path / "all.wacz")
    back = unpack(tmp_path / "all.wacz", tmp_path / "back")
    assert differences(archived.folder.database, back / "archive.db") == []
    assert captures(back) == captures(archived.folder.root)
    assert packed.captures == len(captures(back))


def test_every_state_of_every_article_is_a_page_with_its_title(
    archived: Archived, tmp_path: Path
) -> None:
    pack(archived, tmp_path / "all.wacz")
    head, home, *pages = entry(tmp_path / "all.wacz", "pages/pages.jsonl")
    assert head["format"] == "json-pages-1.0"
    assert (home["url"], home["title"]) == (f"{archived.base}/", "Claire Vasseur")
    states = rows(
        archived.folder.root,
        "SELECT url, substr(captured_at, 1, 19) || 'Z', title FROM revisions"
        " JOIN captures ON captures.id = capture_id",
    )
    listed = {(page["url"], page["ts"], page["title"]) for page in pages}
    assert set(states) <= listed
    assert len(states) > 70


def test_a_site_is_told_from_the_others(archived: Archived, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(archived.folder.root, data)
    other = record("response", "o", answer(page("question", "Une question.")))
    unpack(write(tmp_path / "other.warc.gz", [other]), data)
    pack(data, tmp_path / "site.wacz", site="vasseur.example")
    back = unpack(tmp_path / "site.wacz", tmp_path / "back")
    assert [row[8] for row in captures(back)] == ["urn:uuid:o"]
    pack(data, tmp_path / "first.wacz", site=archived.host)
    back = unpack(tmp_path / "first.wacz", tmp_path / "back2")
    assert captures(back) == captures(archived.folder.root)


def edited_article(archived: Archived) -> str:
    ((url,),) = rows(
        archived.folder.root,
        "SELECT url FROM articles JOIN events ON article_id = articles.id"
        " WHERE events.kind = 'answered' ORDER BY url LIMIT 1",
    )
    return str(url)


def test_an_article_goes_with_its_history_and_what_shows_it(
    archived: Archived, tmp_path: Path
) -> None:
    url = edited_article(archived)
    pack(archived, tmp_path / "one.wacz", article=url)
    back = unpack(tmp_path / "one.wacz", tmp_path / "back")
    history = (
        "SELECT revisions.title, seen_at, last_seen_at, content_digest, revisions.questions"
        " FROM revisions JOIN articles ON articles.id = article_id WHERE url = ? ORDER BY seen_at"
    )
    assert rows(back, history, url) == rows(archived.folder.root, history, url)
    assert len(rows(back, history, url)) == 2
    assert rows(back, "SELECT url FROM articles") == [(url,)]
    kinds = {row[3] for row in captures(back)}
    assert {"text/html", "text/css", "image/png"} <= kinds
    assert len(captures(back)) < 25


def test_an_article_is_found_by_its_other_addresses(archived: Archived, tmp_path: Path) -> None:
    url = edited_article(archived)
    spelled = url.upper().replace("HTTP://", "http://").rstrip("/")
    one = pack(archived, tmp_path / "one.wacz", article=url)
    other = pack(archived, tmp_path / "other.wacz", article=spelled)
    assert (one.captures, one.pages) == (other.captures, other.pages)


def test_days_bound_the_captures(archived: Archived, tmp_path: Path) -> None:
    ((first, last),) = rows(
        archived.folder.root, "SELECT min(captured_at), max(captured_at) FROM captures"
    )
    days = date.fromisoformat(first[:10]), date.fromisoformat(last[:10])
    packed = pack(archived, tmp_path / "days.wacz", since=days[0], until=days[1])
    assert packed.captures == len(captures(archived.folder.root))
    for number, choice in enumerate(
        ({"until": days[0] - timedelta(days=1)}, {"since": days[1] + timedelta(days=1)})
    ):
        with pytest.raises(BadInput, match="widen it"):
            pack(archived, tmp_path / f"{number}.wacz", **choice)
        assert not list(tmp_path.glob(f"{number}.wacz*"))


def two_days(folder: Path) -> Path:
    """An article and, the next day, a revisit of it."""
    body = page("question", "Une question.")
    profile = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    stated = (f"WARC-Profile: {profile}", f"WARC-Payload-Digest: {digest_of(body)}")
    first = record("response", "one", answer(body))
    again = record("revisit", "two", answer(b""), *stated, day=2)
    return unpack(write(folder / "days.warc.gz", [first, again]), folder / "data")


def test_a_revisit_brings_what_it_refers_to(tmp_path: Path) -> None:
    data = two_days(tmp_path)
    pack(data, tmp_path / "later.wacz", since=date(2024, 3, 2))
    back = unpack(tmp_path / "later.wacz", tmp_path / "back")
    assert [row[8] for row in captures(back)] == ["urn:uuid:one", "urn:uuid:two"]
    assert differences(data / "archive.db", back / "archive.db") == []


def test_a_signature_is_over_the_datapackage(archived: Archived, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    pem = key.private_bytes(*form, serialization.NoEncryption())
    (tmp_path / "key.pem").write_bytes(pem)
    out = tmp_path / "signed.wacz"
    words = ("export", "wacz", out, "--sign", tmp_path / "key.pem")
    done = archiver(*words, data=archived.folder.root)
    assert done.returncode == 0, done.stderr
    assert list(check_wacz(out)) == []
    with zipfile.ZipFile(out) as archive:
        digest = json.loads(archive.read("datapackage-digest.json"))
        assert digest["hash"] == digest_of(archive.read("datapackage.json"))
    signed = digest["signedData"]
    assert is_signed(digest["hash"], signed["signature"], signed["publicKey"])
    assert digest["hash"] in done.stdout


def test_what_is_there_is_not_overwritten(archived: Archived, tmp_path: Path) -> None:
    out = tmp_path / "all.wacz"
    out.write_bytes(b"mine")
    done = archiver("export", "wacz", out, data=archived.folder.root)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {out} exists already")
    assert out.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"site": "nobody.example"}, "no site nobody.example"),
        ({"article": "https://nobody.example/a"}, "no article https://nobody.example/a"),
    ],
)
def test_what_the_archive_has_not_is_said(
    archived: Archived, tmp_path: Path, choice: dict[str, str], sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        pack(archived, tmp_path / "x.wacz", **choice)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_warc_is_not_packed(tmp_path: Path) -> None:
    data = two_days(tmp_path)
    path = data / "warc/days.warc.gz"
    content = bytearray(path.read_bytes())
    content[-40] ^= 0x55
    path.write_bytes(content)
    with pytest.raises(ArchiveDamaged, match=r"days\.warc\.gz at byte .*archiver verify"):
        pack(data, tmp_path / "x.wacz")
    assert not list(tmp_path.glob("x.wacz*"))


def test_a_warc_with_another_sha256_is_not_packed(tmp_path: Path) -> None:
    data = two_days(tmp_path)
    path = data / "warc/days.warc.gz"
    with path.open("ab") as file:
        file.write(gzip.compress(record("response", "x", answer(b"forged"))))
    with pytest.raises(ArchiveDamaged, match="SHA-256"):
        pack(data, tmp_path / "x.wacz")


def test_what_came_in_damaged_is_left_out(tmp_path: Path) -> None:
    good = record("response", "one", answer(page("question", "Une question.")))
    wrong = f"WARC-Block-Digest: {digest_of(b'')}"
    bad = record("response", "two", answer(page("autre", "Altérée.")), wrong, day=2)
    data = unpack(write(tmp_path / "a.warc.gz", [good, bad]), tmp_path / "data")
    pack(data, tmp_path / "x.wacz")
    back = unpack(tmp_path / "x.wacz", tmp_path / "back")
    assert [row[8] for row in captures(back)] == ["urn:uuid:one"]
    pack(data, tmp_path / "part.wacz", article="https://vasseur.example/question/")


def test_a_record_that_is_no_capture_stops_no_export(tmp_path: Path) -> None:
    good = record("response", "one", answer(page("question", "Une question.")))
    undated = record("response", "two", answer(page("autre", "Sans date."))).replace(
        b"WARC-D", b"D"
    )
    data = unpack(write(tmp_path / "a.warc.gz", [good, undated]), tmp_path / "data")
    out = tmp_path / "x.wacz"
    assert export_wacz(DataFolder(data), out, Choice(), workers=1).captures == 1
    found = verify_named([out])
    assert found.damages.kept == []
    assert {warning.advice for warning in found.warnings.kept} == {NOTE}


def test_an_archive_with_foreign_files_comes_back_with_their_origin(tmp_path: Path) -> None:
    data = two_days(tmp_path)
    pack(data, tmp_path / "all.wacz")
    back = unpack(tmp_path / "all.wacz", tmp_path / "back")
    assert captures(back) == captures(data)
    assert rows(back, "SELECT count(*) FROM crawls") == [(2,)]


def test_a_missing_archive_is_said(tmp_path: Path) -> None:
    done = archiver("export", "wacz", tmp_path / "x.wacz", data=tmp_path / "none")
    assert done.returncode == 1
    assert "There is no archive" in done.stderr
    assert not (tmp_path / "none").exists()


def test_the_time_of_the_export_is_now(archived: Archived, tmp_path: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    pack(archived, tmp_path / "all.wacz")
    with zipfile.ZipFile(tmp_path / "all.wacz") as archive:
        package = json.loads(archive.read("datapackage.json"))
    assert before <= datetime.fromisoformat(package["created"]) <= datetime.now(UTC)
    assert package["mainPageUrl"] == f"{archived.base}/"

"""What programs that are not ours say of our files.

Packages come from the index that pip is set up with; nothing else leaves the machine.
"""

import socket
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archiver.ops.export.choice import Choice
from archiver.ops.export.wacz import export_wacz
from archiver.warc.model import StoredExchange
from archiver.warc.reader import read_captures
from tests.export.conftest import Archived
from tests.export.venvs import install, run
from tests.imports.reading import rows

pytestmark = pytest.mark.soak

WACZ = "wacz==0.6.0"
PYWB = "pywb==2.10.0"
WARCIO = "warcio==1.8.1"
FASTWARC = "fastwarc[all]==2.0.1"


@pytest.fixture(scope="module")
def packed(archived: Archived, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("packed") / "all.wacz"
    export_wacz(archived.folder, out, Choice())
    return out


def warcs(archived: Archived) -> list[Path]:
    return sorted(archived.folder.warcs.glob("*.warc.gz"))


def chunked(archived: Archived) -> set[str]:
    """The digests on which warcio and fastwarc count the chunks, against WARC 1.1 section 5.9."""
    return {
        item.place.payload_digest
        for path in warcs(archived)
        for item in read_captures(path)
        if isinstance(item, StoredExchange) and "transfer-encoding" in item.headers
    }


def test_wacz_validate_finds_nothing(packed: Path, tmp_path: Path) -> None:
    tools = install(tmp_path / "venv", WACZ)
    done = run(tools / "wacz", "validate", "-f", packed)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "valid" in done.stdout.lower()


def test_warcio_disputes_no_more_than_chunked_payloads(archived: Archived, tmp_path: Path) -> None:
    tools = install(tmp_path / "venv", WARCIO)
    for path in warcs(archived):
        done = run(tools / "warcio", "check", path)
        disputed = [line.strip() for line in done.stdout.splitlines() if "failed" in line]
        prefix = "payload digest failed "
        assert {line.removeprefix(prefix) for line in disputed} <= chunked(archived), done.stdout


def test_fastwarc_finds_nothing(archived: Archived, tmp_path: Path) -> None:
    tools = install(tmp_path / "venv", FASTWARC)
    for path in warcs(archived):
        done = run(tools / "fastwarc", "check", "--quiet", path)
        assert done.returncode == 0, done.stdout + done.stderr


def test_pywb_serves_the_article(archived: Archived, packed: Path, tmp_path: Path) -> None:
    """From the WARC files of the archive, and from those of the WACZ."""
    tools = install(tmp_path / "venv", PYWB)
    ((url, text),) = rows(
        archived.folder.root,
        "SELECT url, demand FROM questions JOIN articles ON articles.id = article_id"
        " WHERE demand IS NOT NULL AND instr(demand, '’') = 0 AND instr(demand, '''') = 0"
        " ORDER BY url LIMIT 1",
    )
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path / "unpacked")
    sources = (warcs(archived), sorted((tmp_path / "unpacked/archive").glob("*.warc.gz")))
    for number, paths in enumerate(sources):
        work = tmp_path / f"pywb{number}"
        work.mkdir()
        run_in(work, tools / "wb-manager", "init", "own")
        run_in(work, tools / "wb-manager", "add", "own", *map(str, paths))
        with serving(tools / "wayback", work) as base:
            answer = urllib.request.urlopen(f"{base}/own/mp_/{url}", timeout=30).read().decode()
            assert text in " ".join(answer.split())


def run_in(folder: Path, *words: str | Path) -> None:
    command = [str(word) for word in words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def serving(program: Path, folder: Path) -> Iterator[str]:
    """pywb on a free port of loopback; the address of its home page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(program), "--port", str(port), "--bind", "127.0.0.1"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}/", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)


def wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(address, timeout=5).read()
        except (urllib.error.URLError, OSError):
            assert server.poll() is None, "pywb ended"
            time.sleep(0.2)
        else:
            return
    raise AssertionError("pywb does not answer")

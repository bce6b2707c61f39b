"""A published folder on its host: it runs as its README says, alone, and a new version takes the
place of the one that is served while readers read.
"""

import http.client
import importlib.metadata
import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import pytest

from archiver.folder import DataFolder
from archiver.publish.hosting.layout import description_of, in_use
from archiver.publish.projection import publish
from archiver.publish.projection.options import Options
from archiver.publish.projection.program import NOT_NEEDED, needed_packages, requirements
from archiver.publish.projection.versions import prune
from archiver.publish.replay.viewer import CHECKOUT, find_viewer
from tests.publish import given_out
from tests.publish.given_out import FIRST, KEPT, SOLD

SECONDS = 30
MEMENTO = f"/memento/{re.sub('[^0-9]', '', FIRST)[:14]}/{KEPT}"


@dataclass(slots=True)
class Host:
    """A running publication: its two addresses, and its lines, by which it says what it serves."""

    process: "subprocess.Popen[str]"
    reading: str
    replay: str

    def wait_for(self, said: str) -> None:
        """Its next line, which must say this."""
        assert self.process.stdout is not None
        assert said in self.process.stdout.readline()

    def get(self, path: str) -> str:
        with urlopen(self.reading + path, timeout=SECONDS) as answer:
            return str(answer.read().decode())


# Stands for a host where nothing is installed but the packages that the publication names.
ONLY = """
import importlib.metadata, os, runpy, sys
allowed = set(sys.argv.pop(1).split(","))
packages = importlib.metadata.packages_distributions()
class Only:
    def find_spec(self, name, path=None, target=None):
        owners = {o.lower().replace("_", "-") for o in packages.get(name.partition(".")[0], ())}
        if owners and not owners & allowed:
            raise ModuleNotFoundError(f"{name} is not installed", name=name)
sys.meta_path.insert(0, Only())
sys.path[:] = [p for p in sys.path if not os.path.exists(f"{p}/archiver/__init__.py")]
sys.argv.pop(0)
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@contextmanager
def running(out: Path, *before: str) -> Iterator[Host]:
    process = subprocess.Popen(
        [sys.executable, "-u", *before, str(out / "run.py"), "--port", "0", "--replay-port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=out.parent,
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.findall(r"http://127\.0\.0\.1:\d+", said)
        assert len(found) == 2, said + process.stdout.read()
        yield Host(process, *found)
        process.send_signal(signal.SIGINT)
        assert "Stopped." in process.communicate(timeout=SECONDS)[0]
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    return given_out.hold(tmp_path_factory.mktemp("given") / "data")[0]


@pytest.fixture
def out(folder: DataFolder, tmp_path: Path) -> Path:
    publish(folder, tmp_path / "out", Options())
    return tmp_path / "out"


def test_it_runs_alone_and_shows_pages_proofs_and_mementos(out: Path) -> None:
    with running(out, "-c", ONLY, ",".join(pinned())) as host:
        assert "Questions" in host.get("/")
        assert "<mark>trains</mark> de nuit" in host.get("/recherche?q=trains")
        assert "Les trains de nuit" in host.get("/archive/articles")
        assert "horaires" in host.get("/article/claire-vasseur.example/20")
        assert "trains" in host.get("/revisions/claire-vasseur.example/20")
        assert "BEGIN:VCALENDAR" in host.get("/questions.ics")
        record = json.loads(host.get("/archive/captures.json?_shape=array"))[0]["record_id"]
        assert json.loads(host.get(f"/preuve/{record}/verifier.json"))["intact"] is True
        with urlopen(f"{host.replay}{MEMENTO}", timeout=SECONDS) as answer:
            assert answer.headers["content-security-policy"].startswith("sandbox")
        assert in_use(out / "programs" / description_of(out / "current").program)
        # Opened as immutable, the file has no journal beside it.
        assert sorted(path.name for path in (out / "current").glob("archive.db*")) == ["archive.db"]
    assert not in_use(out / "programs" / description_of(out / "current").program)


@pytest.mark.skipif(not find_viewer([CHECKOUT]), reason="run `make replay` for the viewer")
def test_the_viewer_gets_the_archive_whole(out: Path) -> None:
    with running(out) as host:
        with urlopen(f"{host.replay}/?url={quote(KEPT)}", timeout=SECONDS) as answer:
            page = answer.read().decode()
        wacz = re.search(r'data-source="([^"]+)"', page)
        assert wacz is not None
        with urlopen(host.replay + wacz[1], timeout=SECONDS) as answer:
            assert answer.read(2) == b"PK"


def test_the_lock_file_has_every_package_that_serving_needs() -> None:
    missing = (
        {name for name in needed_packages() if _is_installed(name)} - pinned() - {"setuptools"}
    )
    assert not missing, "run `make lock`"


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def pinned() -> set[str]:
    names = re.findall(r"^([A-Za-z0-9._-]+)==", requirements(), re.MULTILINE)
    return {name.lower().replace("_", "-") for name in names}


def test_every_package_is_pinned_with_its_digest() -> None:
    entries = re.split(r"^(?=\S)", requirements(), flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry
    assert "datasette" in pinned()
    assert not pinned() & NOT_NEEDED


PAUSE = 0.02
"""Seconds between two requests of a reader: publishing needs its part of the machine, too."""


@dataclass(slots=True)
class Reader(Thread):
    """Asks again and again on one connection that is kept, and on new ones, until told to stop."""

    host: Host
    paths: tuple[str, ...]
    stop: Event
    kept: bool
    answers: int = 0
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        Thread.__init__(self)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        connection: http.client.HTTPConnection | None = None
        while not self.stop.is_set():
            for path in self.paths:
                base = self.host.replay if path == MEMENTO else self.host.reading
                try:
                    if connection is None:
                        parts = urlsplit(base)
                        connection = http.client.HTTPConnection(
                            parts.hostname or "", parts.port, timeout=SECONDS
                        )
                    connection.request("GET", path)
                    answer = connection.getresponse()
                    body = answer.read()
                    if answer.status != 200 or not body:
                        self.failures.append(f"{path} {answer.status}")
                    self.answers += 1
                except (OSError, http.client.HTTPException) as reason:
                    self.failures.append(f"{path} {reason!r}")
                if not self.kept and connection is not None:
                    connection.close()
                    connection = None
                self.stop.wait(PAUSE)
        if connection is not None:
            connection.close()


def test_a_new_version_takes_over_without_a_failed_request(
    folder: DataFolder, out: Path, tmp_path: Path
) -> None:
    less = DataFolder(shutil.copytree(folder.root, tmp_path / "less"))
    (less.root / "suppressed.toml").write_text(
        f'[[suppress]]\narticle = "{SOLD}"\nby = "x"\nwhy = "y"\non = 2024-03-04\n'
    )
    pages = (
        "/",
        "/recherche?q=trains",
        "/article/claire-vasseur.example/20",
        "/archive/articles",
        "/archive/articles.csv?_stream=1",
        "/archive/questions.json",
    )
    with running(out) as host:
        stop = Event()
        readers = [
            Reader(host, pages, stop, kept=True),
            Reader(host, pages[::-1], stop, kept=False),
            Reader(host, (MEMENTO,), stop, kept=False),
        ]
        for reader in readers:
            reader.start()
        try:
            seen = []
            for source in (less, folder, less):
                version = publish(source, out, Options()).version
                host.wait_for(f"Now serving {version.name}.")
                shown = json.loads(host.get("/archive/articles.json?_shape=array"))
                seen.append(sorted(row["post_id"] for row in shown))
        finally:
            stop.set()
            for reader in readers:
                reader.join()
        assert seen == [[20, 22], [20, 21, 22], [20, 22]]
        assert [reader.failures for reader in readers] == [[], [], []]
        assert all(reader.answers > 2 for reader in readers)


def test_another_program_is_not_taken_up_and_what_is_not_whole_neither(
    folder: DataFolder, out: Path
) -> None:
    with running(out) as host:
        broken = publish(folder, out, Options()).version
        host.wait_for(f"Now serving {broken.name}.")
        told = (broken / "publication.json").read_text()
        other = broken.with_name("20990101T000000000000Z")
        shutil.copytree(broken, other)
        (other / "publication.json").write_text(
            told.replace(description_of(broken).program, "0123456789abcdef")
        )
        point(out, other)
        host.wait_for("comes with another program: restart to serve it.")
        (other / "publication.json").write_text(told)
        third = broken.with_name("20990101T000000000001Z")
        shutil.copytree(broken, third)
        (third / "metadata.json").write_text("{")
        point(out, third)
        host.wait_for("cannot be served")
        assert "Les trains de nuit" in host.get("/archive/articles")

        # The program that runs stays, though no version names it any more.
        served = description_of(broken).program
        shutil.copytree(out / "programs" / served, out / "programs" / "another")
        (out / "programs" / "unused").mkdir()
        (out / "programs" / "unused" / ".running").touch()
        for path in (out / "versions").glob("*/publication.json"):
            path.write_text(told.replace(served, "another"))
        prune(out)
        assert {path.name for path in (out / "programs").iterdir()} == {served, "another"}


def point(out: Path, version: Path) -> None:
    """As the README says to go back."""
    readme = (out / "README.md").read_text()
    shown = re.search(r"\$ (ln -s versions/)\S+( next)\n\$ (mv .*)\n", readme)
    assert shown is not None
    for command in (f"{shown[1]}{version.name}{shown[2]}", shown[3]):
        subprocess.run(shlex.split(command), cwd=out, check=True)


def test_a_folder_that_is_no_publication_is_a_sentence(out: Path) -> None:
    (out / "current" / "publication.json").write_text("{}")
    done = subprocess.run(
        [sys.executable, str(out / "run.py")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1

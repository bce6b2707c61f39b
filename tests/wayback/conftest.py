"""What a direct crawl of the sample site captured, in two states, as the Archive would hold it."""

import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.demo.server import DemoSite
from archiver.ingest import original_of
from archiver.store.database import Store
from archiver.warc.model import StoredExchange
from archiver.warc.reader import read_captures
from tests import forks
from tests.cli import crawl
from tests.crawl.small import shrink
from tests.wayback.server import Held, LoopbackArchive

DAYS = (datetime(2019, 3, 1, 12, tzinfo=UTC), datetime(2021, 9, 1, 12, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Direct:
    """A folder crawled directly, its site (gone since), and its captures as the Archive's."""

    data: Path
    site: str
    held: list[Held]

    @property
    def source(self) -> str:
        return f"wayback:{self.site}"


@pytest.fixture(scope="session")
def direct(tmp_path_factory: pytest.TempPathFactory) -> Direct:
    data = tmp_path_factory.mktemp("direct")
    with DemoSite() as site:
        shrink(site, 35)
        crawl(site.url, data, "--full")
        site.state = 2
        crawl(site.url, data, "--full")
        return Direct(data, site.url, as_held(data))


def as_held(data: Path) -> list[Held]:
    """Each crawl on a day of its own, ten seconds between two captures; what was missing is asked
    for first, so that something answers between that and the second time."""
    found: list[Held] = []
    with closing(Store.open(data / "archive.db")) as store:
        for day, path in zip(DAYS, sorted((data / "warc").glob("*.warc.gz")), strict=True):
            captures = [item for item in read_captures(path) if isinstance(item, StoredExchange)]
            first = {item.url: item for item in reversed(captures) if item.status == 404}
            captures.sort(key=lambda item: (first.get(item.url) is not item, item.captured_at))
            for number, item in enumerate(captures):
                whole = original_of(store, data / "warc", item) or item
                moment = day + timedelta(seconds=10 * number)
                found.append(held_of(item, whole.body, f"{moment:%Y%m%d%H%M%S}"))
    return found


def held_of(item: StoredExchange, payload: bytes, timestamp: str) -> Held:
    headers = [(name, value) for name, values in item.headers.items() for value in values]
    kind = item.content_type or "unk"
    return Held(timestamp, item.url, item.status or 0, tuple(headers), payload, kind)


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run() -> Run:
    return run_import


def run_import(
    archive: LoopbackArchive, source: str, data: Path, *words: str, code: int = 0
) -> "subprocess.CompletedProcess[str]":
    """Import in another process; the exit code must be `code`."""
    done = forks.run(
        "tests.wayback.run", *words, source, str(data), env={"ARCHIVER_WAYBACK": archive.base}
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


@dataclass(frozen=True, slots=True)
class Imported:
    """An undisturbed import of all that the Archive holds, with its log."""

    data: Path
    archive: LoopbackArchive
    output: str


@pytest.fixture(scope="session")
def imported(direct: Direct, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    data = tmp_path_factory.mktemp("imported")
    with LoopbackArchive(direct.held) as archive:
        done = run_import(archive, direct.source, data)
    return Imported(data, archive, done.stdout)

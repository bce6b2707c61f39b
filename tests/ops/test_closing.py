"""What a crawl writes of itself at its end, and that rows come back from it, whatever happened."""

import json
import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from archiver.closing import LOG_BYTES, end_of, write_closing
from archiver.demo.server import DemoSite
from archiver.demo.switches import Switches
from archiver.folder import DataFolder
from archiver.ops.rebuild import rebuild
from archiver.ops.verify import verify
from archiver.profiles import load
from archiver.provenance import Provenance
from archiver.store.model import CrawlEnd
from archiver.warc.check import check_warc
from archiver.warc.model import Damage
from archiver.warc.reader import read_captures
from archiver.warc.record import Record, format_record, parse_record
from archiver.warc.writer import WarcWriter
from tests.cli import crawl
from tests.crawl.small import shrink
from tests.ops.harm import sql
from tests.warc.samples import numbered

CRAWLS = (
    "SELECT id, site_id, source, started_at, finished_at, outcome, pages, new_articles,"
    " changed_articles, errors, user_agent, version, options FROM crawls ORDER BY id"
)
END = CrawlEnd("2024-01-02T00:00:00.000000Z", "incomplete", 12, 3, 2, 1)
PROVENANCE = Provenance(
    7, "vasseur.example", "live", "2024-01-01T00:00:00.000000Z", "1", load("demo"), "a robot"
)


def ended(**changes: object) -> bytes:
    """The body of a report, with something in it that does not belong there."""
    return json.dumps({"end": asdict(END) | changes}).encode()


def own_records(path: Path) -> list[Record]:
    """The records of a file that are no captures, requests or provenance of one."""
    found: list[Record] = []
    for item in read_captures(path, 0, lambda record, _: found.append(record)):
        assert not isinstance(item, Damage)
    return [record for record in found if (record.target_uri or "").startswith("urn:archiver:")]


def closed(folder: Path, log: list[str]) -> Path:
    """A WARC file with one capture and the closing records."""
    writer = WarcWriter(folder, prefix="x", info=PROVENANCE.fields())
    place = writer.write(numbered(1))
    write_closing(writer, PROVENANCE, END, {"sentence": "Réseau"}, log, ["earlier.warc.gz"])
    (finished,) = writer.close()
    assert place.warc_file == finished.name
    return folder / finished.name


def test_configuration_log_report_and_manifest(tmp_path: Path) -> None:
    path = closed(tmp_path, ["failed http://vasseur.example/2 timed out\nin vain"])
    assert not [item for item in check_warc(path) if isinstance(item, Damage)]
    configuration, log, report, manifest = own_records(path)
    assert json.loads(configuration.block)["profile"]["name"] == load("demo").name
    assert log.block.decode() == "failed http://vasseur.example/2 timed out in vain\n"
    assert json.loads(report.block)["report"] == {"sentence": "Réseau"}
    assert manifest.record_type == "metadata"
    listed = json.loads(manifest.block)
    assert listed["files"] == sorted(["earlier.warc.gz", path.name])
    assert [entry["record_id"] for entry in listed["records"]] == [
        record.record_id for record in (configuration, log, report)
    ]
    assert [end_of(record) for record in (configuration, log, report, manifest)] == [
        None,
        None,
        END,
        None,
    ]


def test_a_log_is_bounded(tmp_path: Path) -> None:
    lines = [f"skipped http://vasseur.example/{number} {'x' * 1000}" for number in range(2_000)]
    log = own_records(closed(tmp_path, lines))[1].block.decode()
    assert len(log) < LOG_BYTES + 100
    kept = log.count("skipped")
    assert log.endswith(f"\nand {2_000 - kept} more lines, left out\n")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b'{"end": 3}',
        b"\xff",
        ended(finished_at="soon"),
        ended(outcome="grand"),
        ended(pages=-1),
        ended(pages=True),
        ended(errors="none"),
        b'{"end": ' + b"[" * 100_000,
    ],
)
def test_a_report_that_this_program_would_not_write_says_nothing(body: bytes) -> None:
    fields = (("WARC-Type", "resource"), ("WARC-Target-URI", "urn:archiver:x-1:report"))
    assert end_of(parse_record(format_record(fields, body))) is None


def crawls(data: Path) -> list[Any]:
    with closing(sqlite3.connect(data / "archive.db")) as db:
        return db.execute(CRAWLS).fetchall()


def assert_the_same_without_the_database(data: Path) -> None:
    """Crawls and all rows come back from the WARC files alone."""
    before = crawls(data)
    kept = data.with_name("kept.db")
    folder = DataFolder(data)
    assert verify(folder, deep=True, workers=1).damages.kept == []
    shutil.copy(folder.database, kept)
    folder.database.unlink()
    rebuild(folder, workers=1)
    assert crawls(data) == before


def test_a_crawl_killed_and_resumed_is_one_crawl(tmp_path: Path) -> None:
    data = tmp_path / "data"
    killed = [sys.executable, "-m", "tests.crawl.killed", "before-links", "30"]
    with DemoSite() as site:
        shrink(site, 20)
        crawl(site.url, data, code=-9, module=killed)
        crawl(site.url, data, "--contact", "later@vasseur.example")
    ((identity, *_, agent, _version, options),) = crawls(data)
    assert identity == 1
    assert "later" not in agent + options
    (pages,) = sql(DataFolder(data), "SELECT pages FROM crawls")
    assert pages == sql(DataFolder(data), "SELECT count(*) FROM captures")[0]
    assert_the_same_without_the_database(data)


def test_a_crawl_that_kept_nothing_is_remembered(tmp_path: Path) -> None:
    data = tmp_path / "data"
    crawl("http://127.0.0.1:9/", data, code=2)
    (row,) = crawls(data)
    assert row[5] == "failed"
    assert_the_same_without_the_database(data)


def test_what_could_not_be_captured_is_in_the_log(tmp_path: Path) -> None:
    data = tmp_path / "data"
    switches = Switches()
    with DemoSite(switches=switches) as site:
        shrink(site, 20)
        path = site.expected()[5].path
        switches.raw[path] = lambda: b""  # hangs up without a word
        crawl(site.url, data, code=2)
        (file,) = data.glob("warc/*.warc.gz")
        log = own_records(file)[1].block.decode()
        assert f"failed {site.base}{path} " in log
    assert crawls(data)[0][5] == "incomplete"
    assert_the_same_without_the_database(data)


def test_an_interrupted_crawl_has_no_end_and_its_records(tmp_path: Path) -> None:
    data = tmp_path / "data"
    interrupted = [sys.executable, "-m", "tests.ops.killed", "SIGINT", "stored", "30"]
    with DemoSite() as site:
        shrink(site, 20)
        crawl(site.url, data, code=130, module=interrupted)
        ((_, _, _, _, finished_at, outcome, *_),) = crawls(data)
        assert (finished_at, outcome) == (None, None)
        (path,) = data.glob("warc/*.warc.gz")
        ends = [end_of(record) for record in own_records(path)]
        assert [end.outcome for end in ends if end] == ["interrupted"]
        assert_the_same_without_the_database(data)
        shutil.move(data.with_name("kept.db"), data / "archive.db")
        crawl(site.url, data)
    assert [row[5] for row in crawls(data)] == ["complete"]
    assert_the_same_without_the_database(data)

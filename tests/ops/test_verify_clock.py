"""The server's clock beside ours."""

from dataclasses import replace
from pathlib import Path

import pytest

from archiver.ops.verify_clock import Clocks, served_at
from archiver.warc.model import StoredExchange
from tests.warc.samples import captures, exchange, write_warc


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> StoredExchange:
    """Captured on 1 March 2024 at noon."""
    return captures(write_warc(tmp_path_factory.mktemp("clock"), [exchange()]))[0]


def dated(capture: StoredExchange, date: str, *age: str) -> StoredExchange:
    return replace(capture, headers={"date": (date,), "age": age})


@pytest.mark.parametrize(
    ("date", "age", "apart"),
    [
        ("Fri, 01 Mar 2024 12:00:02 GMT", (), None),
        ("Fri, 01 Mar 2024 12:04:59 GMT", (), None),
        ("Fri, 01 Mar 2024 11:55:10 GMT", (), None),
        ("Fri, 01 Mar 2024 13:00:00 GMT", (), "60 minutes ahead of ours"),
        ("Fri, 01 Mar 2024 11:30:00 GMT", (), "30 minutes behind ours"),
        ("Fri, 01 Mar 2024 11:00:00 GMT", ("3600",), None),
        ("Fri, 01 Mar 2024 11:00:00 GMT", ("an hour",), "60 minutes behind ours"),
        ("Friday, 01-Mar-24 13:00:00 GMT", (), "60 minutes ahead of ours"),
        ("Fri Mar  1 13:00:00 2024", (), "60 minutes ahead of ours"),
        ("soon", (), None),
        ("", (), None),
        ("Fri, 01 Mar 2024 12:00:00 GMT", ("9" * 40,), None),
        ("Fri, 01 Mar 99999 12:00:00 GMT", (), None),
    ],
)
def test_each_date(
    capture: StoredExchange, date: str, age: tuple[str, ...], apart: str | None
) -> None:
    clocks = Clocks()
    clocks.compare(dated(capture, date, *age))
    found = [finding.what for finding in clocks.findings("x.warc.gz")]
    assert found == (
        [f"the clock of vasseur.example was up to {apart} in 1 capture"] if apart else []
    )


def test_no_date_says_nothing(capture: StoredExchange) -> None:
    assert served_at(replace(capture, headers={})) is None


def test_a_host_has_one_warning_with_its_widest_difference(capture: StoredExchange) -> None:
    clocks = Clocks()
    for date in ("12:30:00", "14:00:00", "11:00:00"):
        clocks.compare(dated(capture, f"Fri, 01 Mar 2024 {date} GMT"))
    (finding,) = clocks.findings("x.warc.gz")
    assert "up to 120 minutes ahead of ours in 3 captures" in finding.what
    assert finding.offset == capture.place.warc_offset


def test_a_crawl_of_a_site_with_a_wrong_clock_is_warned_of(tmp_path: Path) -> None:
    """End to end: a warning, no damage."""
    from archiver.demo.server import DemoSite
    from archiver.demo.switches import Switches
    from archiver.folder import DataFolder
    from archiver.ops.verify import verify
    from tests.cli import crawl

    answer = (
        b"HTTP/1.1 200 OK\r\nDate: Mon, 01 Jan 2001 00:00:00 GMT\r\nContent-Type: text/plain\r\n"
        b"Content-Length: 14\r\n\r\nUser-agent: *\n"
    )
    switches = Switches(raw={"/robots.txt": lambda: answer})
    with DemoSite(switches=switches) as site:
        crawl(site.url, tmp_path, "--max-pages", "3")
    found = verify(DataFolder(tmp_path), workers=1)
    assert found.damages.kept == []
    (warning,) = found.warnings.kept
    assert "minutes behind ours in 1 capture" in warning.what
    assert str(warning.url).endswith("/robots.txt")

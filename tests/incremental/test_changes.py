"""The news of a crawl and of a week, as a person reads them and as a command hook gets them."""

import json
import shlex
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.demo.server import DemoSite
from archiver.errors import BadInput
from archiver.ops.changes import Change, lines_of, run_hook, sentence, start_of
from tests.cli import archiver, crawl

NOW = datetime(2024, 6, 15, 12, tzinfo=UTC)
KEEP = "import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read())"


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, str]]:
    """The data folder, the site's address and what the second crawl printed."""
    data = tmp_path_factory.mktemp("data")
    hook = shlex.join([sys.executable, "-c", KEEP, str(data / "heard.json")])
    with DemoSite() as site:
        crawl(site.url, data, "--no-assets")
        site.state = 2
        done = crawl(site.url, data, "--no-assets", "--on-change", hook)
        yield data, site.base, done.stdout


def test_a_crawl_ends_with_its_news(second: tuple[Path, str, str]) -> None:
    _, base, printed = second
    assert "1 new, 2 answered, 1 edited, 1 retitled, 1 renamed, 1 gone, 6 new comments" in printed
    assert f"new       {base}/continuite-des-soins-en-periode-estivale/" in printed


def test_the_hook_gets_the_changes_of_the_crawl(second: tuple[Path, str, str]) -> None:
    heard = json.loads((second[0] / "heard.json").read_text())
    assert heard["counts"] == {
        "new": 1,
        "answered": 2,
        "edited": 1,
        "retitled": 1,
        "renamed": 1,
        "gone": 1,
        "comments": 3,
        "votes": 1,
    }
    assert {change["kind"] for change in heard["changes"]} == set(heard["counts"])


def test_changes_tells_the_same_from_the_database(second: tuple[Path, str, str]) -> None:
    done = archiver("changes", "--since", "1d", "--json", data=second[0])
    assert json.loads(done.stdout)["counts"]["answered"] == 2
    plain = archiver("changes", data=second[0])
    assert "2 answered" in plain.stdout.splitlines()[0]
    assert plain.stdout.count("  new ") == 21, plain.stdout


def test_nothing_in_a_time_without_changes(second: tuple[Path, str, str]) -> None:
    assert archiver("changes", "--since", "2199-01-01", data=second[0]).stdout == "nothing new\n"


@pytest.mark.parametrize(
    ("since", "instant"),
    [
        ("7d", "2024-06-08T12:00:00.000000Z"),
        ("12h", "2024-06-15T00:00:00.000000Z"),
        ("2024-06-14", "2024-06-14T00:00:00.000000Z"),
        ("2024-06-14T08:00:00+02:00", "2024-06-14T06:00:00.000000Z"),
    ],
)
def test_times_are_read(since: str, instant: str) -> None:
    assert start_of(since, NOW) == instant


@pytest.mark.parametrize("since", ["", "yesterday", "2024-13-01", "7", "2024-06-14T08:00"])
def test_other_times_are_refused(since: str) -> None:
    with pytest.raises(BadInput, match="7d"):
        start_of(since, NOW)


def change(kind: str, before: str | None = None, after: str | None = None) -> Change:
    return Change("2024-06-14T08:00:00.000000Z", kind, "h", "http://h/a/", "A", before, after)


def test_comments_that_came_and_went_are_counted_apart() -> None:
    found = [change("comments", "1", "4"), change("comments", "5", "4")]
    assert sentence(found) == "3 new comments, 1 comment removed"


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ({"days": 43, "from": "asked_on", "to": "answered_on"}, "A (43 days after the question)"),
        (
            {"days": 5, "from": "published_on", "to": "seen"},
            "A (5 days after its publication, when that was seen)",
        ),
        ({"status": "answered"}, "A"),
    ],
)
def test_the_wait_for_an_answer_says_what_it_is_counted_from(
    after: dict[str, object], told: str
) -> None:
    _, line = lines_of([change("answered", "{}", json.dumps(after))])
    assert line == f"  answered  http://h/a/  {told}"


def test_a_hook_that_fails_is_told_and_one_without_news_is_not_run(tmp_path: Path) -> None:
    assert run_hook(str(tmp_path / "nothing-there"), []) is None
    assert "could not be run" in str(run_hook(str(tmp_path / "nothing-there"), [change("new")]))
    assert "code 3" in str(run_hook(f"{sys.executable} -c 'exit(3)'", [change("new")]))


def test_a_hook_is_stopped_with_the_crawl_and_prints_beside_its_json(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Handlers that do nothing stand for those of Scrapy, whose reactor has ended."""
    code = "import os, time; print('told', flush=True); os.kill(os.getppid(), 15); time.sleep(20)"
    old = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        failure = run_hook(shlex.join([sys.executable, "-c", code]), [change("new")])
    finally:
        signal.signal(signal.SIGTERM, old)
    assert "was stopped" in str(failure)
    assert capfd.readouterr() == ("", "told\n")

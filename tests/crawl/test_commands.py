"""Bad input gets one sentence that says what to do, its exit code, and nothing is lost; and the
options that bound a crawl."""

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from archiver.demo.server import DemoSite
from tests.cli import archiver, crawl
from tests.crawl.small import shrink


def sentence(done_stderr: str) -> str:
    """The one line that says what went wrong."""
    errors = [line for line in done_stderr.splitlines() if line.startswith("Error:")]
    assert len(errors) == 1, done_stderr
    assert "Traceback" not in done_stderr
    return errors[0]


@pytest.mark.parametrize(
    ("site", "code", "says"),
    [
        ("inconnu", 1, "not a known site"),
        ("http://127.0.0.1:9/", 2, "could not be crawled: robots.txt could not be read"),
        ("http://nulle-part.invalid/", 2, "could not be crawled"),
    ],
)
def test_a_site_that_cannot_be_crawled(site: str, code: int, says: str, tmp_path: Path) -> None:
    done = crawl(site, tmp_path, code=code)
    assert says in sentence(done.stderr)


def test_a_profile_with_a_typing_error(tmp_path: Path) -> None:
    profile = tmp_path / "site.toml"
    profile.write_text('home_url = "https://depute.example/"\ndealy = 2\n')
    done = crawl(str(profile), tmp_path / "data", code=1)
    assert "dealy" in sentence(done.stderr)
    assert "delay" in sentence(done.stderr)


@pytest.mark.parametrize("command", [("crawl", "http://127.0.0.1:9/"), ("import", "wayback:a.fr")])
def test_a_contact_that_would_break_a_header(command: tuple[str, str], tmp_path: Path) -> None:
    done = archiver(*command, "--contact", "a@b.example\r\nX-Evil: 1", data=tmp_path)
    assert done.returncode == 1
    assert "control character" in sentence(done.stderr)
    assert not list((tmp_path / "warc").iterdir())


@pytest.mark.parametrize(
    ("module", "command"),
    [("archiver.crawl.run", "crawl"), ("archiver.ops.watch", "watch")],
)
def test_a_signal_to_stop_is_heeded_before_anything_is_begun(
    module: str, command: str, tmp_path: Path
) -> None:
    early = [sys.executable, "-m", "tests.crawl.early", module]
    done = archiver(command, "http://127.0.0.1:9/", data=tmp_path, module=early)
    assert (done.returncode, done.stderr.strip()) == (130, "Interrupted.")


def test_a_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = archiver("crawl", "demo", data=tmp_path / "file" / "data")
    assert done.returncode == 1
    assert "not a folder" in sentence(done.stderr)
    done = archiver("crawl", "demo", data=Path("/proc/data"))
    assert done.returncode == 4
    assert "--data" in sentence(done.stderr)


def test_a_database_of_a_later_version(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        db.execute("PRAGMA user_version = 999")
        db.execute("CREATE TABLE kept (x)")
    before = (tmp_path / "archive.db").read_bytes()
    done = crawl("http://127.0.0.1:9/", tmp_path, code=1)
    assert "version" in sentence(done.stderr) or "format" in sentence(done.stderr)
    assert (tmp_path / "archive.db").read_bytes() == before


def test_a_file_that_is_no_warc(tmp_path: Path) -> None:
    (tmp_path / "warc").mkdir()
    (tmp_path / "warc" / "a.warc.gz").write_bytes(b"this is no archive")
    done = archiver("rebuild", data=tmp_path)
    assert "a.warc.gz" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "warc" / "a.warc.gz").read_bytes() == b"this is no archive"


@pytest.mark.parametrize("words", [(), ("crawl",), ("crawl", "demo", "--delay", "vite"), ("non",)])
def test_wrong_usage_ends_with_one(words: tuple[str, ...], tmp_path: Path) -> None:
    done = archiver(*words, data=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_only_one_page(tmp_path: Path) -> None:
    with DemoSite() as site:
        page = site.base + site.expected()[3].path
        crawl(site.url, tmp_path, "--only", page, "--no-assets")
        assert [request.path for request in site.requests] == [
            "/robots.txt",
            site.expected()[3].path,
        ]
        done = crawl(site.url, tmp_path, "--only", "https://ailleurs.example/", code=1)
    assert "not a page of" in sentence(done.stderr)


def test_a_page_budget_is_said_and_the_next_run_goes_on(tmp_path: Path) -> None:
    with DemoSite() as site:
        shrink(site, 20)
        done = crawl(site.url, tmp_path, "--max-pages", "12", "--no-assets")
        assert "budget" in done.stdout
        first = len(site.requests)
        assert first == 13  # robots.txt is no page
        report = json.loads(crawl(site.url, tmp_path, "--json", "--no-assets").stdout)
        assert report["outcome"] == "complete"
        assert report["archived"] == len(site.expected())
        paths = [request.path for request in site.requests if request.path != "/robots.txt"]
        assert len(paths) == len(set(paths))


def test_a_site_that_is_being_crawled_already(tmp_path: Path) -> None:
    import subprocess
    import sys

    with DemoSite() as site:
        shrink(site, 5)
        site.switches.robots_delay = 3.0
        command = [sys.executable, "-m", "archiver", "crawl", site.url, "--delay", "0"]
        with subprocess.Popen([*command, "--data", str(tmp_path)]) as first:
            while not site.requests:
                assert first.poll() is None
            done = crawl(site.url, tmp_path, code=1)
            assert "being crawled already" in sentence(done.stderr)
            assert first.wait() == 0

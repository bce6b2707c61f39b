"""`serve` as a process of its own: it answers, follows the live database, and ends on Ctrl-C."""

import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path
from shutil import copy

import pytest

from archiver.errors import BadInput
from archiver.publish import serve
from archiver.publish.opening import modernise
from archiver.store.migrations import ddl
from archiver.store.schema import FORMAT
from archiver.store.summaries import SUMMARIES

SERVE = (
    "import sys; from pathlib import Path; from archiver.publish import serve; "
    "serve(Path(sys.argv[1]), port=0)"
)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma journal_mode = wal")
        for statement in ddl():
            connection.execute(statement)
        connection.execute(f"pragma user_version = {FORMAT}")
    return path


def test_it_serves_the_live_database_until_ctrl_c(small: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", SERVE, str(small)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found is not None
        table = f"{found[0]}/archive/sites.json?_shape=array"
        with urllib.request.urlopen(table, timeout=20) as response:
            assert response.read() == b"[]"
        with closing(sqlite3.connect(small)) as crawl:
            crawl.execute("insert into sites (id, home_url) values ('a.example', 'http://a/')")
            crawl.commit()
            with urllib.request.urlopen(table, timeout=20) as response:
                assert b"a.example" in response.read()
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert rest == "Stopped.\n"
    assert errors == ""


def test_a_port_in_use_is_a_sentence(small: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=rf"^Port {port} .* is in use: .*--port\.$"):
            serve(small, port=port)


@pytest.mark.parametrize("port", [-1, 70_000])
def test_a_port_that_does_not_exist_is_a_sentence(small: Path, port: int) -> None:
    with pytest.raises(BadInput, match="does not exist"):
        serve(small, port=port)


def test_a_missing_database_says_to_crawl_first(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="archiver crawl"):
        serve(tmp_path / "archive.db", port=0)


def test_what_is_not_an_archive_is_said(tmp_path: Path, small: Path) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(b"not a database, whatever its name says" * 100)
    with pytest.raises(BadInput, match="cannot be read"):
        serve(other, port=0)
    empty = tmp_path / "empty.db"
    empty.touch()
    with pytest.raises(BadInput, match="not an archive"):
        serve(empty, port=0)
    with closing(sqlite3.connect(small)) as connection:
        connection.execute(f"pragma user_version = {FORMAT + 1}")
    with pytest.raises(BadInput, match="newer"):
        serve(small, port=0)


def test_an_older_archive_is_brought_up_to_date(database: Path, tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    copy(database, path)
    with closing(sqlite3.connect(path)) as connection:
        expected = connection.execute("select * from tallies order by 1, 2").fetchall()
        for table in SUMMARIES:
            connection.execute(f"drop table {table.name}")
        connection.execute("pragma user_version = 2")
    modernise(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("select * from tallies order by 1, 2").fetchall() == expected
        assert connection.execute("pragma user_version").fetchone() == (FORMAT,)
    modernise(tmp_path / "absent.db")

"""`serve` with its second origin: another port, the same process, one Ctrl-C for both."""

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from archiver.publish.server import listen_near
from tests.publish import held


def test_replay_answers_on_a_port_of_its_own(tmp_path: Path) -> None:
    archive = held.hold(tmp_path / "data")
    command = [sys.executable, "-u", "-m", "archiver", "serve", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--data", str(archive.folder.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        reading, replay = re.findall(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert reading != replay
        with urllib.request.urlopen(f"{replay}/timemap/{held.ARTICLE}", timeout=20) as response:
            assert response.read().count(b'memento"') == 3
        path = f"/preuve/{archive.records[(held.ARTICLE, held.THIRD)]}"
        with urllib.request.urlopen(f"{reading}{path}", timeout=20) as response:
            assert f'href="{replay}/?url=' in response.read().decode()
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, rest, errors) == (0, "Stopped.\n", "")


def test_the_next_port_is_taken_where_it_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as first:
        taken = first.getsockname()[1]
        with listen_near("127.0.0.1", taken - 1) as second:
            assert second.getsockname()[1] != taken
    with listen_near("127.0.0.1", taken - 1) as second:
        assert second.getsockname()[1] == taken

"""The checkers of fastwarc and warcio on our files, run as their users run them.

On a chunked response both dispute the payload digest over the un-chunked body that WARC 1.1 asks
for, and fastwarc looks for the payload of a revisit in the revisit; nothing else may differ.
"""

import subprocess
import sys
from pathlib import Path

from archiver.warc.model import Exchange, Original
from archiver.warc.writer import WarcWriter
from tests.warc.samples import AT, INFO, captures, exchange, numbered

CHUNKED = exchange(
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n"
)
TOOLS = Path(sys.executable).parent


def run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(TOOLS / tool), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def warc(folder: Path, *extra: Exchange) -> Path:
    """A file with every kind of record, and these exchanges."""
    writer = WarcWriter(folder, prefix="x", info=INFO)
    place = writer.write(numbered(1))
    original = Original(place.record_id, "http://vasseur.example/1", AT)
    writer.write(numbered(1), original)
    writer.write(exchange(b"HTTP/1.1 304 Not Modified\r\n\r\n"), original)
    writer.write(exchange(b"HTTP/1.0 200 caf\xe9\r\nX: \xe9\r\nX: 2\r\n\r\n", truncated="time"))
    writer.write_resource("urn:archiver:log", "text/plain", b"log")
    for one in extra:
        writer.write(one)
    (finished,) = writer.close()
    return folder / finished.name


def test_fastwarc_finds_nothing(tmp_path: Path) -> None:
    done = run("fastwarc", "check", "--quiet", str(warc(tmp_path)))
    assert done.returncode == 0, done.stdout + done.stderr


def test_fastwarc_disputes_only_payloads_that_are_chunked_or_elsewhere(tmp_path: Path) -> None:
    path = warc(tmp_path, CHUNKED)
    report = tmp_path / "report"
    run("fastwarc", "check", "--quiet", "--verify-payloads", "--output", str(report), str(path))
    places = [capture.place for capture in captures(path)]
    assert {
        line.split(">")[0].removeprefix("<urn:uuid:")
        for line in report.read_text().splitlines()
        if "FAIL" in line
    } == {place.record_id.removeprefix("urn:uuid:") for place in (places[1], places[-1])}


def test_warcio_finds_nothing(tmp_path: Path) -> None:
    done = run("warcio", "check", "--verbose", str(warc(tmp_path)))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("offset") == 14


def test_warcio_disputes_only_the_payload_of_the_chunked_response(tmp_path: Path) -> None:
    path = warc(tmp_path, CHUNKED)
    chunked = captures(path)[-1].place
    done = run("warcio", "check", str(path))
    disputed = [line.strip() for line in done.stdout.splitlines()[1:]]
    assert len(disputed) == 2
    assert f"<{chunked.record_id}>" in disputed[0]
    assert disputed[1] == f"payload digest failed {chunked.payload_digest}"


def test_both_see_a_flipped_byte(tmp_path: Path) -> None:
    path = warc(tmp_path)
    place = captures(path)[0].place
    content = bytearray(path.read_bytes())
    content[place.warc_offset + place.warc_length - 12] ^= 0x55
    path.write_bytes(content)
    assert run("fastwarc", "check", "--quiet", str(path)).returncode != 0
    assert run("warcio", "check", str(path)).returncode != 0

"""SQL that a reader writes to fill the memory, to take for ever or to look around is refused with a
page; on a public host, all SQL is."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from datasette.app import Datasette

from archiver.publish.engine import build
from archiver.publish.hosting.switch import Ports, open_version
from archiver.publish.projection import publish
from archiver.publish.projection.options import Options
from tests.publish import given_out

ROWS = "with recursive n(i) as (select 1 union all select i + 1 from n limit {}) select {} from n"
X = "printf('%.*c', 200000, 'x')"
MEMORY = {
    "a random blob": "select length(randomblob(300000000))",
    "a long text": f"select {X} || {X}",
    "zeros": "select hex(zeroblob(200000000))",
    "many rows": ROWS.format(500, X),
    "many columns": f"select {', '.join([X] * 99)}",
    "too many columns": f"select {', '.join('1' * 200)}",
    "a joined text": f"select group_concat({X}) from ({ROWS.format(5000, 1)})",
    "a replaced text": f"select replace({X}, 'x', {X})",
    "a JSON array": f"select json_group_array({X}) from ({ROWS.format(5000, 1)})",
    "a long statement": f"select '{'x' * 25_000}'",
    "a deep expression": f"select {'(' * 300}1{')' * 300}",
    "many selects": " union all ".join(["select 1"] * 60),
    "a long pattern": f"select 'x' like '{'%x' * 200}'",
}
LOOKING_AROUND = {
    "the file's path": "select file from pragma_database_list",
    "an address in memory": "select hex(fts3_tokenizer('simple'))",
    "an extension": "select load_extension('x')",
    "another file": "attach 'x.db' as x",
    "a pragma": "pragma database_list",
}
WITHIN = {
    # SQLite makes nothing of it, in place of an error.
    "a text of 400 MB": "select printf('%.*c', 400000000, 'x')",
    "the longest text that is allowed": "select length(printf('%.*c', 240000, 'x'))",
    "every article": "select * from articles",
    "a search": "select rowid from articles_fts where articles_fts match 'impôt'",
}


@pytest.fixture(scope="module")
def served(database: Path) -> Iterator[tuple[str, int]]:
    """`archiver serve` as a process of its own: its address and its ID."""
    code = (
        "import sys; from pathlib import Path; from archiver.publish import serve;"
        "serve(Path(sys.argv[1]), port=0)"
    )
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", code, str(database)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found is not None
        yield found[0], process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def ask(address: str, path: str) -> tuple[int, str, str]:
    """(status, content type, body) of an answer."""
    try:
        with urlopen(address + path, timeout=60) as answer:
            return answer.status, answer.headers["content-type"], answer.read().decode()
    except HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers["content-type"], refusal.read().decode()


def peak(process: int) -> int:
    """The most memory that a process has had, in MiB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def test_attacks_are_refused_with_a_page_and_take_no_memory(served: tuple[str, int]) -> None:
    address, process = served
    assert ask(address, "/archive?" + urlencode({"sql": WITHIN["every article"]}))[0] == 200
    before = peak(process)
    assert (
        "xxx" not in ask(address, "/archive?" + urlencode({"sql": WITHIN["a text of 400 MB"]}))[2]
    )
    for name, sql in {**MEMORY, **LOOKING_AROUND}.items():
        status, kind, body = ask(address, "/archive?" + urlencode({"sql": sql}))
        assert (status, kind) == (400, "text/html; charset=utf-8"), name
        assert '<html lang="fr">' in body, name
        assert "archive.db" not in body, name
    status, kind, _ = ask(address, "/archive.json?" + urlencode({"sql": MEMORY["zeros"]}))
    assert (status, kind) == (400, "application/json; charset=utf-8")
    where = urlencode({"_where": f"{X} || {X} = ''"})
    assert ask(address, f"/archive/articles?{where}")[0] == 400
    assert peak(process) - before < 150


def test_what_is_honest_is_answered(served: tuple[str, int]) -> None:
    for name, sql in WITHIN.items():
        assert ask(served[0], "/archive.json?" + urlencode({"sql": sql}))[0] == 200, name


def test_a_query_without_end_is_stopped(served: tuple[str, int]) -> None:
    sql = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"
    status, _, body = ask(served[0], "/archive?" + urlencode({"sql": sql}))
    assert status == 400
    assert "pris trop de temps" in body


@pytest.mark.asyncio
async def test_limits_end_with_the_query(database: Path) -> None:
    """The connections are shared: what a reader's SQL may not do, our pages still can."""
    site = build(database)
    await site.invoke_startup()
    refused = await site.client.get("/archive", params={"sql": MEMORY["a long text"]})
    assert refused.status_code == 400
    results = [
        await site.get_database("archive").execute("select length(printf('%.*c', 2000000, 'x'))")
        for _ in range(6)
    ]
    assert [tuple(row) for found in results for row in found.rows] == [(2_000_000,)] * 6


async def _public(root: Path, options: Options) -> Datasette:
    folder, _ = given_out.hold(root / "data")
    version = publish(folder, root / "out", options).version
    return (await open_version(version, Ports(1, 2))).datasette


@pytest.mark.asyncio
async def test_a_public_host_answers_no_sql_but_its_own(tmp_path: Path) -> None:
    site = await _public(tmp_path, Options())
    for path in ("/archive", "/archive/articles"):
        asked = {"sql": "select 1"} if path == "/archive" else {"_where": "1 = 1"}
        for kind in ("", ".json"):
            answer = await site.client.get(path + kind, params=asked)
            assert answer.status_code == 403, (path, kind)
    page = (await site.client.get("/archive?sql=select+1")).text
    assert '<html lang="fr">' in page
    assert "Refusé" in page
    assert (await site.client.get("/archive/questions_sans_reponse")).status_code == 200
    assert (await site.client.get("/archive.db")).status_code == 403
    assert 'name="sql"' not in (await site.client.get("/archive")).text


@pytest.mark.asyncio
async def test_sql_on_a_public_host_is_bounded(tmp_path: Path) -> None:
    site = await _public(tmp_path, Options(sql=True))
    many = ROWS.format(5000, "i")
    answer = await site.client.get("/archive.json", params={"sql": many, "_shape": "array"})
    assert len(answer.json()) == 500
    path = await site.client.get("/archive", params={"sql": LOOKING_AROUND["the file's path"]})
    assert path.status_code == 400
    assert str(tmp_path) not in path.text

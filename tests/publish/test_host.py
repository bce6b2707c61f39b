"""A public host for real: packages from the index in a new environment, nginx before, a password.

Long, and needs nginx on the path and an index that pip can reach: `make soak`.
"""

import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from archiver.folder import DataFolder
from archiver.publish.projection import publish
from archiver.publish.projection.configuration import ACCOUNT, HASH_VARIABLE
from archiver.publish.projection.options import Options, options_of
from tests.publish import given_out
from tests.publish.given_out import FIRST, KEPT

pytestmark = pytest.mark.soak
ADDRESSES = ("https://archive.example.org", "https://relire.example.org")
SECONDS = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    return given_out.hold(tmp_path_factory.mktemp("given") / "data")[0]


@contextmanager
def running(command: list[str], out: Path, **environment: str) -> Iterator[tuple[str, str]]:
    """A publication that runs: its two addresses."""
    process = subprocess.Popen(
        [*command, "--port", "0", "--replay-port", "0"],
        cwd=out,
        stdout=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1", **environment},
    )
    try:
        assert process.stdout is not None
        reading, replay = re.findall(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        yield reading, replay
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)


def status(
    address: str,
    headers: Mapping[str, str] | None = None,
    context: ssl.SSLContext | None = None,
) -> int:
    asked = Request(address, headers=dict(headers or {}))
    try:
        with urlopen(asked, timeout=SECONDS, context=context) as got:
            got.read()
            return int(got.status)
    except HTTPError as refusal:
        with refusal:
            return refusal.code


def test_a_new_machine_runs_it_by_the_readme_and_asks_for_the_password(
    folder: DataFolder, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    publish(folder, out, Options(private=True))
    shown = re.findall(
        r"^\$ (.*)$", (out / "README.md").read_text().split("## Renew")[0], re.MULTILINE
    )
    assert len(shown) == 3
    for command in shown[:2]:
        subprocess.run(shlex.split(command), cwd=out, check=True)
    hashed = subprocess.run(
        ["venv/bin/datasette", "hash-password", "--no-confirm"],
        cwd=out,
        input="sesame",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    run = shlex.split(shown[2])
    memento = f"/memento/{re.sub(r'[^0-9]', '', FIRST)[:14]}/{KEPT}"
    with running(run, out, **{HASH_VARIABLE: hashed}) as (reading, replay):
        right = {"authorization": f"Basic {b64encode(f'{ACCOUNT}:sesame'.encode()).decode()}"}
        wrong = {"authorization": f"Basic {b64encode(f'{ACCOUNT}:ouvre'.encode()).decode()}"}
        for address in (
            f"{reading}/",
            f"{reading}/recherche?q=trains",
            f"{reading}/archive/articles.csv",
            f"{reading}/-/static/app.css",
            f"{replay}/?url={quote(KEPT)}",
            replay + memento,
        ):
            assert status(address) == 401, address
            assert status(address, wrong) == 401, address
            assert status(address, right) == 200, address


def certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "archive.example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(1))
        .not_valid_after(now + timedelta(1))
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True)
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@contextmanager
def proxy(out: Path, work: Path, upstream: tuple[str, str]) -> Iterator[int]:
    """nginx with the published example, its ports and folders replaced by free ones; its port."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program is not None, "this test needs nginx: apt-get install nginx-light"
    with (
        socket.create_server(("127.0.0.1", 0)) as free,
        socket.create_server(("127.0.0.1", 0)) as other,
    ):
        port, plain = free.getsockname()[1], other.getsockname()[1]
    certificate(work / "tls")
    text = (out / "nginx.conf").read_text()
    for shown, used in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("listen 80", f"listen 127.0.0.1:{plain}"),
        ("/etc/ssl/archive", f"{work}/tls"),
        ("/var/cache/nginx", f"{work}/cache"),
        ("127.0.0.1:8001", upstream[0].removeprefix("http://")),
        ("127.0.0.1:8002", upstream[1].removeprefix("http://")),
    ):
        assert shown in text
        text = text.replace(shown, used)
    (work / "site.conf").write_text(text)
    (work / "cache").mkdir()
    kept = "".join(
        f"{name}_temp_path {work}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi")
    )
    (work / "nginx.conf").write_text(
        f"daemon off; pid {work}/pid; error_log {work}/error.log; worker_processes 1; "
        f"user root; events {{}} http {{ access_log off; {kept} scgi_temp_path {work}/scgi; "
        f"include {work}/site.conf; }}\n"
    )
    command = [program, "-p", str(work), "-c", str(work / "nginx.conf")]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    assert "[warn]" not in tested.stderr
    process = subprocess.Popen(command)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(SECONDS)


def test_the_proxy_holds_its_limits_and_a_new_version_comes_through_it(
    folder: DataFolder, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    options = options_of(*ADDRESSES, sql=False, private=False)
    publish(folder, out, options)
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    command = [sys.executable, "run.py"]
    with (
        running(command, out) as upstream,
        proxy(out, tmp_path / "nginx", upstream) as port,
    ):
        base = f"https://127.0.0.1:{port}"
        reading, replay = ({"host": a.removeprefix("https://")} for a in ADDRESSES)
        _wait_for(base, reading, trusting)
        with urlopen(Request(f"{base}/", headers=reading), context=trusting) as answer:
            page = answer.read().decode()
            assert answer.headers["strict-transport-security"]
            assert len(answer.headers.get_all("content-security-policy")) == 1
        assert "http://127.0.0.1" not in page
        record = re.search(r"/preuve/[^\"/]+", _text(base, "/archive/captures", reading, trusting))
        assert record is not None
        proof = _text(base, record[0], reading, trusting)
        assert f'href="{ADDRESSES[1]}/?url=' in proof
        shown = _text(base, f"/?url={quote(KEPT)}", replay, trusting)
        assert f'href="{ADDRESSES[0]}/"' in shown

        before = (out / "current").readlink()
        publish(folder, out, options)
        assert (out / "current").readlink() != before
        for _ in range(20):
            assert status(f"{base}/recherche?q=trains", reading, context=trusting) == 200
            time.sleep(0.1)

        many = [
            status(f"{base}/archive/articles.csv", reading, context=trusting) for _ in range(30)
        ]
        assert 429 in many
        assert set(many) == {200, 429}


def _wait_for(base: str, headers: Mapping[str, str], context: ssl.SSLContext) -> None:
    for _ in range(100):
        try:
            if status(f"{base}/", headers, context=context) == 200:
                return
        except URLError:
            time.sleep(0.1)
    pytest.fail("nginx does not answer")


def _text(base: str, path: str, headers: Mapping[str, str], context: ssl.SSLContext) -> str:
    with urlopen(
        Request(base + path, headers=dict(headers)), context=context, timeout=SECONDS
    ) as answer:
        return str(answer.read().decode())

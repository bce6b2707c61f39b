"""The sample site, crawled by this program and fetched by wget, in both of its states (for the long
tests: a fresh machine has no wget)."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from archiver.demo.server import DemoSite
from tests.cli import crawl

WGET = "/usr/bin/wget"


@dataclass(frozen=True)
class Sample:
    """`crawled` are data folders, `wget` WARC files, each of state 1 and of state 2."""

    crawled: tuple[Path, Path]
    wget: tuple[Path, Path]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("sample")
    crawled, fetched = [], []
    with DemoSite() as site:
        for state in (1, 2):
            site.state = state
            seen = len(site.requests)
            data = folder / f"crawl{state}"
            crawl(site.url, data, "--no-assets")
            paths = dict.fromkeys(request.path for request in site.requests[seen:])
            fetched.append(wget(folder, f"wget{state}", [site.base + path for path in paths]))
            crawled.append(data)
    return Sample((crawled[0], crawled[1]), (fetched[0], fetched[1]))


def wget(folder: Path, name: str, urls: list[str]) -> Path:
    """Fetch addresses as a user of wget would, given their list; the WARC file."""
    addresses = folder / f"{name}.txt"
    addresses.write_text("".join(f"{url}\n" for url in urls))
    command = [WGET, "--quiet", "--input-file", str(addresses), "--max-redirect", "0"]
    command += ["--warc-file", str(folder / name), "--delete-after"]
    command += ["--directory-prefix", str(folder / "thrown-away")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in {0, 8}, done.stderr  # 8: an address answered with an error
    return folder / f"{name}.warc.gz"

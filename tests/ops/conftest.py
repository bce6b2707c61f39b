"""A small site crawled once by the command, copied for each test that harms it."""

import shutil
from pathlib import Path

import pytest

from archiver.demo.server import DemoSite
from archiver.folder import DataFolder
from tests.cli import crawl
from tests.crawl.small import shrink


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newest half of the sample site crawled in both its states; not to be written to."""
    data = tmp_path_factory.mktemp("crawled")
    with DemoSite() as site:
        shrink(site, 35)
        crawl(site.url, data)
        site.state = 2
        crawl(site.url, data, "--full")
    return data


@pytest.fixture
def folder(crawled: Path, tmp_path: Path) -> DataFolder:
    """A copy of the crawled archive, to be harmed."""
    data = tmp_path / "data"
    shutil.copytree(crawled, data)
    return DataFolder(data)


@pytest.fixture
def warc(folder: DataFolder) -> Path:
    """Its first WARC file."""
    return min(folder.warcs.glob("*.warc.gz"))

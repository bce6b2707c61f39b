"""The sample site crawled in both of its states, with its stylesheets and images."""

from dataclasses import dataclass

import pytest

from archiver.demo.server import DemoSite
from archiver.folder import DataFolder
from tests.cli import crawl


@dataclass(frozen=True)
class Archived:
    """A data folder that tests only read, and the site's address when it was crawled."""

    folder: DataFolder
    base: str

    @property
    def host(self) -> str:
        return self.base.removeprefix("http://")


@pytest.fixture(scope="session")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Archived:
    data = tmp_path_factory.mktemp("archived")
    with DemoSite() as site:
        for state in (1, 2):
            site.state = state
            crawl(site.url, data)
        return Archived(DataFolder(data), site.base)

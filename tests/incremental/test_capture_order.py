"""The captures of two crawls of the sample site, ingested in twenty random orders, give the rows
that the crawls gave."""

import random
from contextlib import closing
from pathlib import Path

import pytest

from archiver.demo.server import DemoSite
from archiver.folder import DataFolder
from archiver.ingest import Read, original_of, provenance_of, read, restore, save, stored_at
from archiver.profiles.model import Profile
from archiver.provenance import Provenance
from archiver.store.compare import differences
from archiver.store.database import Store
from tests.incremental.quick import Crawling

ORDERS = 20


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    data = tmp_path_factory.mktemp("data")
    with DemoSite() as site, Crawling() as crawling:
        crawling.requests_of(site, data)
        site.state = 2
        crawling.requests_of(site, data)
    return DataFolder(data)


@pytest.mark.soak
def test_twenty_orders_of_the_captures_give_one_database(
    crawled: DataFolder, tmp_path: Path
) -> None:
    crawls = [
        found for path in sorted(crawled.warcs.glob("*.warc.gz")) if (found := provenance_of(path))
    ]
    captures = read_captures(crawled, crawls[0].profile)
    chance = random.Random(20)
    for number in range(ORDERS):
        path = tmp_path / f"{number}.db"
        with closing(Store.open(path)) as store:
            ingest_in(store, crawls, chance.sample(captures, len(captures)), chance)
        assert differences(crawled.database, path) == []


def read_captures(folder: DataFolder, profile: Profile) -> list[tuple[Read, int]]:
    """What every capture states, and its crawl."""
    with closing(Store.open(folder.database)) as store:
        ids = [number for (number,) in store.connection.execute("SELECT id FROM captures")]
        rows = [store.capture(number) for number in ids]
        stored = [(stored_at(folder.warcs, row), row.crawl_id) for row in rows]
        return [
            (read(one, profile, original_of(store, folder.warcs, one)), crawl)
            for one, crawl in stored
        ]


def ingest_in(
    store: Store,
    crawls: list[Provenance],
    captures: list[tuple[Read, int]],
    chance: random.Random,
) -> None:
    """Store captures in this order, deriving now and then."""
    for crawl in crawls:
        restore(store, crawl)
    with store.atomic():
        for capture, crawl_id in captures:
            save(store, capture, crawl_id)
            if chance.random() < 0.01:
                store.derive_pending()
    store.derive_pending()

"""A crawl that was interrupted with many pages still to fetch, so that its resumption begins with
eight requests at once: the moment at which robots.txt can be outrun."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from archiver import __version__, instants
from archiver.folder import DataFolder
from archiver.ingest import site_of
from archiver.profiles import load
from archiver.store.database import Store
from archiver.store.frontier import Frontier, Target
from archiver.store.model import CrawlStart

BEFORE_ALL_ELSE = 1_000


def interrupted(data: Path, site: str, paths: Iterable[str]) -> None:
    """Leave in `data` an unfinished crawl of `site` (its home page) that has these paths to go."""
    folder, profile = DataFolder(data), load(site)
    folder.prepare()
    with closing(Store.open(folder.database)) as store:
        store.describe_site(site_of(profile, instants.now()))
        crawl_id = store.begin_crawl(
            CrawlStart(
                site_id=profile.site_id,
                source="live",
                started_at=instants.now(),
                user_agent="archiver",
                version=__version__,
                options={},
            )
        )
        frontier = Frontier(store, crawl_id)
        with store.atomic():
            for path in paths:
                url = site.rstrip("/") + path
                frontier.add(Target(url=url, key=url, kind="page", priority=BEFORE_ALL_ELSE))

"""Crawl a WordPress that nobody here wrote, with no profile, and compare with what went in.

Chosen with ARCHIVER_WORDPRESS=1 (`ARCHIVER_WORDPRESS=1 pytest -m soak tests/soak`);
where Debian's packages are missing the tests fail and say what to install.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.soak.wordpress.archive import crawl, held, requests
from tests.soak.wordpress.compare import Stated, differences, spelt
from tests.soak.wordpress.site import VARIANTS, Site, running

pytestmark = pytest.mark.soak

FEED_ITEMS = 10  # of WordPress's first feed page, the only one that a crawl needs


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as site:
        yield site


def crawled(site: Site, data: Path, stated: Stated) -> list[str]:
    """Crawl and compare; a crawl that fails is a difference too."""
    done = crawl(site.url, data)
    if done.returncode:
        return [f"exit code {done.returncode}: {done.stderr[-2000:]}"]
    return differences(site.expected(), held(data), site.absent(), stated)


@pytest.mark.parametrize("name", VARIANTS)
def test_a_crawl_is_complete_and_right(site: Site, tmp_path: Path, name: str) -> None:
    variant = VARIANTS[name]
    site.apply(variant)
    stated = Stated(modified=variant.rest, feed_items=FEED_ITEMS if variant.feeds else 0)
    assert crawled(site, tmp_path, stated) == []


def test_a_second_crawl_sees_what_changed(site: Site, tmp_path: Path) -> None:
    stated = Stated(modified=True, feed_items=FEED_ITEMS)
    assert crawled(site, tmp_path, stated) == []
    site.insert("later.yaml")
    site.apply(VARIANTS["default"])
    assert crawled(site, tmp_path, stated) == []


def test_only_what_a_reader_may_see_is_asked_for(site: Site, tmp_path: Path) -> None:
    before = len(requests(site.server.folder))
    assert crawl(site.url, tmp_path).returncode == 0
    asked = requests(site.server.folder)[before:]
    assert asked[0][0] == "/robots.txt"
    paths = Counter(spelt(path) for path, status in asked)
    assert not [path for path in paths if "/wp-admin" in path or "replytocom" in path]
    posts = {spelt(post.url.removeprefix(site.server.url)) for post in site.expected()}
    assert {path: paths[path] for path in posts} == dict.fromkeys(posts, 1)

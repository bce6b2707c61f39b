"""WARC files of this program, brought into another folder, bring the crawl that made them."""

from pathlib import Path

from archiver.demo.server import DemoSite
from archiver.store.compare import differences
from tests.cli import bring_in, crawl
from tests.crawl.small import shrink
from tests.imports.reading import captures


def test_files_of_ours_bring_their_own_crawl(tmp_path: Path) -> None:
    with DemoSite() as site:
        shrink(site, 35)
        crawl(site.url, tmp_path / "1", "--no-assets")
        site.state = 2
        crawl(site.url, tmp_path / "2", "--no-assets")
    first, second = (sorted((tmp_path / name / "warc").glob("*.warc.gz")) for name in "12")
    bring_in(tmp_path / "a", *first)
    assert differences(tmp_path / "a/archive.db", tmp_path / "1/archive.db") == []
    assert captures(tmp_path / "a") == captures(tmp_path / "1")
    bring_in(tmp_path / "a", *second)
    bring_in(tmp_path / "b", *second)
    bring_in(tmp_path / "b", *first)
    assert differences(tmp_path / "a/archive.db", tmp_path / "b/archive.db") == []

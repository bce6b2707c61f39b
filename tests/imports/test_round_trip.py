"""What another program captured gives the rows that a crawl of the same pages gives."""

import gzip
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from archiver.store.compare import differences
from tests.cli import archiver, bring_in
from tests.imports.conftest import Sample
from tests.imports.reading import captures, rows, said

pytestmark = pytest.mark.soak


@dataclass(frozen=True, slots=True)
class Imported:
    """A data folder into which wget's files were brought, and what the command said."""

    data: Path
    output: str


@pytest.fixture(scope="module")
def one(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    data = tmp_path_factory.mktemp("one")
    return Imported(data, bring_in(data, sample.wget[0]))


@pytest.fixture(scope="module")
def both(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    data = tmp_path_factory.mktemp("both")
    return Imported(data, bring_in(data, *sample.wget))


def test_wgets_warc_gives_what_a_crawl_gives(sample: Sample, one: Imported) -> None:
    assert said(one.data) == said(sample.crawled[0])
    assert len(said(one.data)["articles"]) > 50
    assert "70 more than before" in one.output


def test_the_import_is_a_crawl_of_its_own(one: Imported) -> None:
    assert rows(
        one.data,
        "SELECT DISTINCT method, source, site_id, outcome, errors, json_extract(options, '$.files')"
        " FROM captures JOIN crawls ON crawls.id = crawl_id",
    ) == [("imported", "import", None, "complete", 0, '["wget1.warc.gz"]')]
    ((pages, new),) = rows(one.data, "SELECT pages, new_articles FROM crawls")
    assert pages == len(captures(one.data))
    assert new == 70


def test_a_wiped_database_is_made_again_from_the_folder(both: Imported, tmp_path: Path) -> None:
    shutil.copytree(both.data, tmp_path / "copy")
    for path in (tmp_path / "copy").glob("archive.db*"):
        path.unlink()
    done = archiver("rebuild", data=tmp_path / "copy")
    assert done.returncode == 0, done.stderr
    assert differences(both.data / "archive.db", tmp_path / "copy/archive.db") == []
    assert captures(tmp_path / "copy") == captures(both.data)
    ends = "SELECT source, started_at, finished_at, outcome, pages, new_articles FROM crawls"
    assert rows(tmp_path / "copy", ends) == rows(both.data, ends)


def test_older_captures_that_come_in_later_give_the_same_database(
    sample: Sample, one: Imported, tmp_path: Path
) -> None:
    first, second = sample.wget
    shutil.copytree(one.data, tmp_path / "a")
    bring_in(tmp_path / "a", second)
    bring_in(tmp_path / "b", second)
    bring_in(tmp_path / "b", first)
    assert differences(tmp_path / "a/archive.db", tmp_path / "b/archive.db") == []
    assert rows(tmp_path / "a", "SELECT count(*) FROM events WHERE kind = 'answered'") != [(0,)]


def test_plain_files_and_files_in_one_piece_give_the_same(
    sample: Sample, one: Imported, tmp_path: Path
) -> None:
    whole = gzip.decompress(sample.wget[0].read_bytes())
    (tmp_path / "plain.warc").write_bytes(whole)
    (tmp_path / "piece.warc.gz").write_bytes(gzip.compress(whole))
    bring_in(tmp_path / "b", tmp_path / "plain.warc")
    bring_in(tmp_path / "c", tmp_path / "piece.warc.gz")
    for other in ("b", "c"):
        assert differences(one.data / "archive.db", tmp_path / other / "archive.db") == []
    assert (tmp_path / "b/warc/plain.warc.gz").is_file()


def test_what_was_imported_verifies_against_a_rebuild(both: Imported, tmp_path: Path) -> None:
    shutil.copytree(both.data, tmp_path / "copy")
    done = archiver("verify", "--deep", data=tmp_path / "copy")
    assert done.returncode == 0, done.stdout

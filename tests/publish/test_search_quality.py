"""What the search finds, judged by the rule of `benchmarks/search/queries.toml`: floors that only
rise."""

import sqlite3
from collections.abc import Iterator

import pytest

from archiver.publish.site.queries.searching import find
from archiver.publish.site.search.lemmas import dictionary
from archiver.publish.site.search.request import read_request
from benchmarks.search.judging import corpus, queries
from benchmarks.search.quality import (
    DAY,
    Means,
    as_installed,
    as_site,
    as_stock,
    as_table,
    indexed,
    means,
    scores,
)

FLOOR = Means(recall=0.99, precision=0.97, queries=92)
LEMMAS_FLOOR = Means(recall=0.99, precision=0.97, queries=92)
CLASS_FLOOR = Means(recall=0.95, precision=0.90, queries=4)
FIELDS = "fields"


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    with indexed() as connection:
        yield connection


def reaches(found: Means, floor: Means) -> bool:
    assert found.precision is not None
    assert floor.precision is not None
    return (
        found.recall >= floor.recall
        and found.precision >= floor.precision
        and found.queries >= floor.queries
    )


def test_the_search_as_installed_keeps_its_quality(index: sqlite3.Connection) -> None:
    with as_installed():
        assert dictionary() is None
        found = scores(index, as_site)
    faults = [(score.query.text, score.missed, score.wrong) for score in found if score.missed]
    assert reaches(means(found), FLOOR), faults
    for kind in {score.query.kind for score in found}:
        own = means([score for score in found if score.query.kind == kind])
        assert reaches(own, CLASS_FLOOR), (kind, own)


def test_the_dictionary_does_as_well(index: sqlite3.Connection) -> None:
    assert dictionary() is not None
    assert reaches(means(scores(index, as_site)), LEMMAS_FLOOR)


def test_stock_finds_less(index: sqlite3.Connection) -> None:
    assert means(scores(index, as_stock)).recall < 0.5


def test_the_tables_search_as_the_site_does(index: sqlite3.Connection) -> None:
    with as_installed():
        for query in queries():
            if query.kind != FIELDS:
                assert as_table(index, query.text) == as_site(index, query.text), query.text


def test_every_rule_leaves_texts_out() -> None:
    texts = corpus()
    for query in queries():
        right = sum(query.is_right(text) for text in texts)
        assert 0 < right < len(texts) / 4, query.text


def test_only_a_widened_search_goes_beyond_the_word(index: sqlite3.Connection) -> None:
    texts = corpus()
    derived = {
        number
        for number, text in enumerate(texts, 1)
        if "imposition" in text.part("").lower() and "impôt" not in text.part("").lower()
    }
    assert derived
    with as_installed():
        narrow = as_site(index, "l'impôt")
        asked = read_request({"q": "l'impôt", "elargir": "1"}, DAY).asked
        wide = {hit.article.id for hit in find(index, asked, "recent", len(texts))}
    assert not derived & narrow
    assert derived | narrow <= wide

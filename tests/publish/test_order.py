"""Lists have one order, ties included: it does not come from the ids of rows, which a rebuild may
give anew."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from archiver.publish.engine import build
from archiver.publish.site.queries import changes, comments, overview
from archiver.publish.site.queries.searching import Asked, Order, SearchSql, found_ids
from archiver.publish.site.search.filters import Filters
from archiver.publish.site.search.typed import Typed, read_typed
from archiver.store.schema import PUBLIC, SEARCHES
from archiver.store.summaries import summarise
from tests.publish import sample
from tests.publish.taken import got

TODAY = "2024-03-15"
PATHS = (
    "/",
    "/recherche",
    "/recherche?page=2",
    "/recherche?q=retraites&tri=recent",
    *(
        f"/{name}.csv{query}"
        for name in ("recherche", "questions")
        for query in ("", "?tri=ancien", "?tri=commentaires", "?q=retraites", "?q=ministre")
    ),
    "/changements?changement=tous",
    "/changements.csv?changement=tous",
    "/changements.atom?changement=tous",
    "/changements.csv?changement=texte",
    "/commentaires",
    "/commentaires.csv",
    "/hausses.csv?jours=999",
    "/questions.ics",
    "/sitemap.xml",
    f"/article/{sample.SITE}/1403",
    *(
        f"/archive/{name}.csv?_size=max"
        for name in (
            "questions_sans_reponse",
            "plus_longues_attentes",
            "articles_les_plus_commentes",
            "articles_recemment_modifies",
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Both:
    """An archive full of ties, and the same with other ids."""

    first: Path
    renumbered: Path


def tie(connection: sqlite3.Connection) -> None:
    """Have many articles share a day and a number of comments, and many changes an instant."""
    connection.execute(
        "update articles set published_on = '2021-05-05', comment_count = 7 where id % 3 = 0"
    )
    connection.execute("update articles set post_id = null where id % 12 = 0")
    connection.execute("update questions set asked_on = '2021-05-01' where article_id % 3 = 0")
    connection.execute(
        "update events set at = (select max(at) from events) where article_id % 2 = 0"
    )


def renumber(connection: sqlite3.Connection) -> None:
    """Give articles, questions and changes other ids, those of articles in the opposite order."""
    connection.execute("pragma foreign_keys = off")
    for table in PUBLIC:
        if any(column.name == "article_id" for column in table.columns):
            connection.execute(f"update {table.name} set article_id = 100000 - article_id")
    connection.execute("update articles set id = 100000 - id")
    for name in ("questions", "events"):
        connection.execute(f"update {name} set id = 1000 * article_id + id")
    for search in SEARCHES:
        connection.execute(f"insert into {search.name} ({search.name}) values ('rebuild')")


@pytest.fixture(scope="module")
def both(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Both:
    root = tmp_path_factory.mktemp("order")
    made = Both(root / "first" / "archive.db", root / "renumbered" / "archive.db")
    for path in (made.first, made.renumbered):
        path.parent.mkdir()
        shutil.copy(database, path)
        with closing(sqlite3.connect(path)) as connection:
            tie(connection)
            if path == made.renumbered:
                renumber(connection)
            summarise(connection)
            connection.commit()
    return made


@pytest.mark.asyncio
async def test_no_list_is_ordered_by_the_ids_of_rows(both: Both) -> None:
    sites: list[Datasette] = [build(path) for path in (both.first, both.renumbered)]
    for path in PATHS:
        first, again = [(await got(site, path)).text for site in sites]
        assert first == again, path


@pytest.mark.parametrize(
    ("order", "index"),
    [("recent", "published_on"), ("ancien", "published_on"), ("commentaires", "comment_count")],
)
def test_long_lists_follow_an_index(both: Both, order: Order, index: str) -> None:
    with closing(planning(both.first)) as connection:
        sql = SearchSql(Asked(read_typed("ministre"), Filters(), TODAY))
        found_ids(connection, sql, order, 20, 0, 10**6)
        assert_only_ties_are_sorted(connection.plans[0], f"articles_{index}")


def test_the_newest_and_the_longest_waiting_follow_an_index(both: Both) -> None:
    scope = changes.Scope(Asked(Typed(), Filters(), TODAY))
    with closing(planning(both.first)) as connection:
        changes.changes(connection, scope, 20)
        overview.longest_waiting(connection, TODAY)
        comments.most_commented(connection)
        listed, _, waiting, commented = connection.plans
    assert_only_ties_are_sorted(listed, "events_at")
    assert_only_ties_are_sorted(waiting, "facets_status_since")
    assert_only_ties_are_sorted(commented, "articles_comment_count")


class Planning(sqlite3.Connection):
    """Notes how SQLite answers each statement."""

    plans: list[str]

    def execute(self, statement: str, values: Any = (), /) -> sqlite3.Cursor:
        plan = super().execute(f"explain query plan {statement}", values)
        self.plans.append("\n".join(str(row[3]) for row in plan))
        return super().execute(statement, values)


def planning(path: Path) -> Planning:
    connection = sqlite3.connect(path, factory=Planning)
    connection.row_factory = sqlite3.Row
    connection.plans = []
    return connection


def assert_only_ties_are_sorted(plan: str, index: str) -> None:
    """The first order that the plan needs comes from an index."""
    assert f"USING INDEX {index}" in plan
    sorts = [line for line in plan.splitlines() if line.startswith("USE TEMP B-TREE FOR")]
    assert sorts[0] == "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY", plan

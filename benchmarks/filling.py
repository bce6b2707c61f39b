"""A database of as many articles as asked for, to measure the reading site on.

Rows are written by the store's own writer (`store.writing`), with the search indexes and summaries
that it keeps; captures are inserted as they are. Only what extraction and the crawl remember for
themselves (observations, frontier) is left out: no reader sees it. Texts have the length of written
questions and their answers and the word frequencies of a language (Zipf), from a fixed seed.
"""

import json
import random
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

from archiver.extract.facts import Question
from archiver.instants import format_instant
from archiver.store.connection import Connection
from archiver.store.database import Store
from archiver.store.derive import ArticleRow, Derived
from archiver.store.events import EventRow
from archiver.store.history import CountRow, RevisionRow
from archiver.store.model import CAPTURE_COLUMNS, CrawlStart, Site
from archiver.store.schema import (
    ARTICLES,
    CAPTURES,
    COMMENT_COUNTS,
    EVENTS,
    QUESTIONS,
    REVISIONS,
    SEARCHES,
    Column,
    Table,
)
from archiver.store.summaries import summarise
from archiver.store.writing import Written, write

SITE = "claire-vasseur.example"
HOME = f"https://{SITE}/"
FIRST_DAY = date(2012, 6, 20)
LAST_DAY = date(2026, 11, 20)
BATCH = 500
VOCABULARY = 24_000
UNGUARDED = (
    "journal_mode = OFF",
    "synchronous = OFF",
    "foreign_keys = OFF",
    "cache_size = -1000000",
)
MULTIPLIED = (CAPTURES, ARTICLES, QUESTIONS, REVISIONS, COMMENT_COUNTS, EVENTS)
OFFICES = (
    "de l’économie et des finances", "de l’intérieur", "des solidarités et de la santé",
    "de l’éducation nationale", "de l’Europe et des affaires étrangères", "de la justice",
    "de la transition écologique", "du travail", "des armées", "de la culture",
    "de l’agriculture", "des outre-mer", "de la fonction publique", "des sports",
    "de l’enseignement supérieur", "de la cohésion des territoires",
)  # fmt: skip
CATEGORIES = ("Santé", "Économie", "Éducation", "International", "Environnement", "Numérique")
COMMON = """
impôt ministre question retraites hôpital élèves énergie logement sécurité travail commune
entreprises agriculture santé école aides dispositif mesures réfugiés attention territoires
situation personnes accès service public nationale médecins loi
"""
"""Words that a reader searches for, from one in half of the articles to one in a hundred."""
EMPTY = """
de la le les des et à en du un une que qui dans pour par sur au est il elle ne se ce
"""
SYLLABLES = """
ba be bi bo ca ce ci co da de di do fa fe fi fo ga ge gi la le li lo ma me mi mo na ne ni no
pa pe pi po ra re ri ro sa se si so ta te ti to va ve vi vo tion ment eur ance ique ité
"""
"""Letters of no language in particular, for the rare words that fill an index."""


class Prose:
    """Text of words that fall as often as in a language."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        syllables = SYLLABLES.split()
        made = [
            "".join(chance.choices(syllables, k=chance.randint(2, 5))) for _ in range(VOCABULARY)
        ]
        self._words = [*EMPTY.split(), *made]
        for number, word in enumerate(COMMON.split()):
            self._words.insert(int(50 * 1.2**number), word)
        self._weights = list(accumulate(1 / (rank + 6) for rank in range(len(self._words))))

    def text(self, words: int) -> str:
        """Sentences of 8 to 30 words, in paragraphs of four."""
        drawn = self._chance.choices(self._words, cum_weights=self._weights, k=words)
        sentences = []
        place = 0
        while place < words:
            length = self._chance.randint(8, 30)
            sentences.append(" ".join(drawn[place : place + length]).capitalize() + ".")
            place += length
        return "\n\n".join(
            " ".join(sentences[start : start + 4]) for start in range(0, len(sentences), 4)
        )


class Maker:
    """Makes articles one after the other, oldest first, with their captures."""

    def __init__(self, articles: int, crawl: int, seed: int = 5) -> None:
        self._chance = random.Random(seed)
        self._prose = Prose(self._chance)
        self._articles = articles
        self._crawl = crawl
        self._captures = 0

    def article(self, number: int) -> tuple[Written, list[tuple[object, ...]]]:
        """One article and the rows of its captures."""
        chance = self._chance
        days = (LAST_DAY - FIRST_DAY).days
        published = FIRST_DAY + timedelta(days=days * number // self._articles)
        url = f"{HOME}{published:%Y/%m}/article-{number}/"
        captures = [
            self._capture(url, LAST_DAY - timedelta(days=age, hours=number % 5))
            for age in (40, 3)[chance.random() < 0.1 :]
        ]
        title = self._prose.text(9).split(".")[0]
        asks = chance.random() < 0.8
        questions = self._questions(published, 2 if chance.random() < 0.05 else 1) if asks else ()
        body = "\n\n".join(
            part for q in questions for part in (q.question, q.answer) if part
        ) or self._prose.text(chance.randint(150, 500))
        seen = [str(row[2]) for row in captures]
        counts = self._counts(published, captures)
        edited = len(captures) == 2 and chance.random() < 0.15
        derived = Derived(
            ArticleRow(
                SITE, url, number + 1, "fr-FR" if chance.random() < 0.97 else "en-US", title,
                "question" if asks else "news", published.isoformat(), seen[0], "Claire Vasseur",
                json.dumps([chance.choice(CATEGORIES)], ensure_ascii=False), "[]", body,
                counts[-1].comment_count, None, None, seen[0], seen[-1],
                seen[-1] if chance.random() < 0.01 else None, int(str(captures[-1][12])),
            ),
            questions,
            self._revisions(title, body, captures, edited=edited),
            tuple(counts),
            self._events(questions, captures, edited=edited),
        )  # fmt: skip
        return Written(derived, (), (), {}), captures

    def _capture(self, url: str, day: date) -> tuple[object, ...]:
        self._captures += 1
        number = self._captures
        at = datetime(day.year, day.month, day.day, 6, tzinfo=UTC) + timedelta(
            seconds=number % 9999
        )
        digest = "sha256:" + sha256(str(number).encode()).hexdigest()
        return (
            self._crawl, url, format_instant(at), 200, "text/html; charset=UTF-8", digest,
            f"bench-{number // 20_000:05}.warc.gz", (number % 20_000) * 9_000, 8_800,
            f"<urn:uuid:00000000-0000-4000-8000-{number:012}>", None, "wire", number,
        )  # fmt: skip

    def _questions(self, published: date, count: int) -> tuple[Question, ...]:
        chance = self._chance
        made = []
        for position in range(1, count + 1):
            answered = chance.random() < 0.8
            wait = int(chance.lognormvariate(4.6, 0.7))
            text = self._prose.text(chance.randint(110, 240))
            asked = published - timedelta(days=wait + 4 if answered else 2)
            civility = chance.choice(("M. le ministre", "Mme la ministre"))
            made.append(
                Question(
                    position,
                    text,
                    self._prose.text(chance.randint(150, 380)) if answered else None,
                    "answered" if answered else "pending",
                    "QE" if chance.random() < 0.85 else "QG",
                    str(chance.randint(1, 50_000)),
                    15,
                    "Claire Vasseur",
                    f"{civility} {chance.choice(OFFICES)}",
                    asked.isoformat(),
                    (asked + timedelta(days=wait)).isoformat() if answered else None,
                    text.rpartition("\n\n")[2][:200],
                )
            )
        return tuple(made)

    def _counts(self, published: date, captures: list[tuple[object, ...]]) -> list[CountRow]:
        chance = self._chance
        value = int(chance.paretovariate(1.2)) - 1
        discussed = (LAST_DAY - published).days < 90 or chance.random() < 0.01
        rows = []
        for capture in captures:
            at = datetime.fromisoformat(str(capture[2]))
            for hours in sorted(chance.sample(range(1, 900), chance.randint(1, 4)), reverse=True):
                observed = format_instant(at - timedelta(hours=hours))
                rows.append(CountRow(observed, value, None, None, "feed", int(str(capture[12]))))
                value += discussed and chance.random() < 0.5
            rows.append(CountRow(str(capture[2]), value, None, None, "page", int(str(capture[12]))))
        unique = {(row.observed_at, row.source): row for row in rows}
        return [unique[key] for key in sorted(unique)]

    def _revisions(
        self, title: str, body: str, captures: list[tuple[object, ...]], *, edited: bool
    ) -> tuple[RevisionRow, ...]:
        kept = captures if edited else captures[:1]
        return tuple(
            RevisionRow(
                int(str(capture[12])), str(capture[2]), str(captures[-1][2]),
                sha256(f"{title}{place}".encode()).hexdigest()[:32], title,
                body if place else body.rpartition(" ")[0], "[]",
            )
            for place, capture in enumerate(kept)
        )  # fmt: skip

    def _events(
        self, questions: tuple[Question, ...], captures: list[tuple[object, ...]], *, edited: bool
    ) -> tuple[EventRow, ...]:
        first, last = captures[0], captures[-1]
        events = [EventRow(str(first[2]), "new", None, None, int(str(first[12])))]
        if edited:
            events.append(EventRow(str(last[2]), "edited", None, None, int(str(last[12]))))
        if len(captures) == 2 and self._chance.random() < 0.1:
            events.append(EventRow(str(last[2]), "comments", "1", "2", int(str(last[12]))))
            if any(question.answer for question in questions):
                events.append(EventRow(str(last[2]), "answered", None, None, int(str(last[12]))))
        return tuple(events)


def fill(database: Path, articles: int) -> None:
    """Make an archive's database of so many articles at `database`, which does not exist yet."""
    with closing(Store.open(database)) as store:
        at = format_instant(datetime(2026, 10, 1, tzinfo=UTC))
        store.describe_site(Site(SITE, HOME, at, "Claire Vasseur", "WordPress"))
        crawl = store.begin_crawl(CrawlStart(SITE, "live", at))
        for batch in batches(Maker(articles, crawl), articles):
            with store.atomic():
                connection = store.connection
                connection.executemany(
                    f"INSERT INTO captures ({CAPTURE_COLUMNS}, id) VALUES"
                    " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [capture for _, captures in batch for capture in captures],
                )
                write(connection, [written for written, _ in batch], set())
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def batches(
    maker: Maker, articles: int
) -> Iterator[list[tuple[Written, list[tuple[object, ...]]]]]:
    """All articles, some at a time."""
    for start in range(0, articles, BATCH):
        yield [maker.article(number) for number in range(start, min(start + BATCH, articles))]


def multiply(database: Path, times: int) -> None:
    """Make a database of `fill` so many times as large, by SQL: each article again under another
    number, URL and day, with all that hangs on it. Nothing is kept in case of a crash meanwhile,
    and the indexes are made anew once at the end."""
    with closing(Store.open(database)) as store:
        connection = store.connection
        for setting in UNGUARDED:
            connection.execute(f"PRAGMA {setting}").fetchall()
        last = {
            table: connection.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0]
            for table in ("captures", "articles", "questions", "revisions", "events")
        }
        indexes = _without_indexes(connection)
        for copy in range(1, times):
            with store.atomic():
                for table in MULTIPLIED:
                    _copy(connection, table, last, copy)
        for index in indexes:
            connection.execute(index)
        for search in SEARCHES:
            with store.atomic():
                connection.execute(f"INSERT INTO {search.name} ({search.name}) VALUES ('rebuild')")
        with store.atomic():
            summarise(connection)
        connection.execute("PRAGMA journal_mode = WAL").fetchall()


def _without_indexes(connection: Connection) -> list[str]:
    """Drop the indexes of the tables that grow, but for those of keys; how to make them again."""
    names = ", ".join(f"'{table.name}'" for table in MULTIPLIED)
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_schema"
        f" WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({names})"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    return [sql for _, sql in indexes]


def _copy(connection: Connection, table: Table, last: Mapping[str, int], copy: int) -> None:
    """The first rows of a table once more."""
    values = ", ".join(_again(table.name, column, last, copy) for column in table.columns)
    key, of = ("id", table) if "id" in table.primary_key else ("article_id", ARTICLES)
    connection.execute(
        f"INSERT INTO {table.name} SELECT {values} FROM {table.name} WHERE {key} <= {last[of.name]}"
    )


def _again(table: str, column: Column, last: Mapping[str, int], copy: int) -> str:
    """The value of a column in a copied row, as SQL."""
    name = column.name
    target = (
        table if name == "id" else {"article_id": "articles", "capture_id": "captures"}.get(name)
    )
    if target is not None:
        return f"{name} + {copy * last[target]}"
    if name == "post_id":
        return f"{name} + {copy * last['articles']}"
    if name in {"url", "record_id"}:
        return f"{name} || '{copy}'"
    if name in {"published_on", "asked_on", "answered_on"}:
        return f"date({name}, '-{copy} days')"
    return name

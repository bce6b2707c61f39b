"""The SQL of one article's pages: the article by its address, its questions, history and proof."""

import sqlite3
from dataclasses import dataclass

from archiver.publish.site.addresses import ROOT_KEY, ArticleName
from archiver.publish.site.queries.rows import ARTICLE_COLUMNS, ArticleLine, article_line
from archiver.publish.site.search.marking import CLOSE, OPEN
from archiver.publish.site.search.match import any_term
from archiver.publish.site.search.typed import Typed


@dataclass(frozen=True, slots=True)
class Found:
    """What an address leads to: one article, or several that share a post ID; `moved` says that
    the address is not the article's own (any more) and should redirect."""

    articles: tuple[ArticleLine, ...]
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Capture:
    """A capture as a citation and a proof name it."""

    id: int
    url: str
    captured_at: str
    status: int | None
    payload_digest: str | None
    warc_file: str
    warc_offset: int
    warc_length: int
    record_id: str
    method: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the article; texts carry the marks of `search.marking` when asked for."""

    position: int
    type: str | None
    number: str | None
    legislature: int | None
    author: str | None
    addressee: str | None
    asked_on: str | None
    answered_on: str | None
    status: str
    question: str | None
    answer: str | None
    demand: str | None
    wait: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading of the number of comments, and the record of its capture."""

    observed_at: str
    comment_count: int | None
    vote_count: int | None
    source: str
    record_id: str


@dataclass(frozen=True, slots=True)
class Event:
    """A change of this article, and the record of the capture that shows it."""

    at: str
    kind: str
    before: str | None
    after: str | None
    record_id: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A value corrected by hand."""

    position: int | None
    field: str
    before: str | None
    after: str | None
    corrected_by: str
    reason: str
    corrected_on: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything the article's page shows."""

    article: ArticleLine
    author: str | None
    categories: str
    tags: str
    body_text: str | None
    vote_count: int | None
    modified_at: str | None
    first_captured_at: str
    last_captured_at: str
    marked_title: str
    marked_body: str | None
    capture: Capture
    questions: tuple[Question, ...]
    readings: tuple[Reading, ...]
    events: tuple[Event, ...]
    corrections: tuple[Correction, ...]
    revisions: int
    previous: ArticleLine | None
    following: ArticleLine | None


def find_article(connection: sqlite3.Connection, name: ArticleName) -> Found:
    """The article an address names: by post ID, by its URL's path, or by a path it once had."""
    if name.post_id is not None:
        rows = connection.execute(
            f"select {ARTICLE_COLUMNS} from articles a where a.site_id = ? and a.post_id = ?"
            " order by a.published_on, a.url",
            (name.site_id, name.post_id),
        ).fetchall()
        if rows:
            return Found(tuple(article_line(row) for row in rows))
    path = "" if name.key == ROOT_KEY else name.key
    urls = [
        f"{scheme}://{www}{name.site_id}/{path}"
        for scheme in ("https", "http")
        for www in ("", "www.")
    ]
    row = connection.execute(
        f"select {ARTICLE_COLUMNS} from articles a where a.url in (?, ?, ?, ?)", urls
    ).fetchone()
    if row is not None:
        line = article_line(row)
        return Found((line,), moved=line.key != name.key)
    row = connection.execute(
        f"select {ARTICLE_COLUMNS} from articles a where a.id = (select article_id from events"
        " where kind = 'renamed' and before in (?, ?, ?, ?) order by at desc limit 1)",
        urls,
    ).fetchone()
    return Found((article_line(row),), moved=True) if row is not None else Found(())


def dossier(
    connection: sqlite3.Connection, line: ArticleLine, typed: Typed, *, wide: bool
) -> Dossier:
    """All that the archive holds on an article, with the words of a search marked."""
    row = connection.execute(
        "select author, categories, tags, body_text, vote_count, modified_at, first_captured_at,"
        " last_captured_at, capture_id,"
        " (select count(*) from revisions where article_id = articles.id) as revisions"
        " from articles where id = ?",
        (line.id,),
    ).fetchone()
    terms = any_term(typed.terms, wide=wide)
    title, body = line.title, row["body_text"]
    if terms is not None:
        found = connection.execute(
            "select highlight(articles_fts, 0, ?, ?), highlight(articles_fts, 1, ?, ?)"
            " from articles_fts where articles_fts match ? and rowid = ?",
            (OPEN, CLOSE, OPEN, CLOSE, terms, line.id),
        ).fetchone()
        title, body = found or (title, body)
    return Dossier(
        article=line,
        author=row["author"],
        categories=row["categories"],
        tags=row["tags"],
        body_text=row["body_text"],
        vote_count=row["vote_count"],
        modified_at=row["modified_at"],
        first_captured_at=row["first_captured_at"],
        last_captured_at=row["last_captured_at"],
        marked_title=title,
        marked_body=body,
        capture=capture(connection, row["capture_id"]),
        questions=_questions(connection, line.id, terms),
        readings=readings(connection, line.id),
        events=_events(connection, line.id),
        corrections=_corrections(connection, line.id),
        revisions=row["revisions"],
        previous=_neighbour(connection, line, "<", "desc"),
        following=_neighbour(connection, line, ">", "asc"),
    )


def capture(connection: sqlite3.Connection, capture_id: int) -> Capture:
    """One capture by its row."""
    row = connection.execute(
        "select id, url, captured_at, status, payload_digest, warc_file, warc_offset, warc_length,"
        " record_id, method from captures where id = ?",
        (capture_id,),
    ).fetchone()
    return Capture(**dict(row))


def _questions(
    connection: sqlite3.Connection, article_id: int, terms: str | None
) -> tuple[Question, ...]:
    marked: dict[int, tuple[str | None, str | None]] = {}
    if terms is not None:
        marked = {
            row[0]: (row[1], row[2])
            for row in connection.execute(
                "select rowid, highlight(questions_fts, 0, ?, ?), highlight(questions_fts, 1, ?, ?)"
                " from questions_fts where questions_fts match ? and rowid in"
                " (select id from questions where article_id = ?)",
                (OPEN, CLOSE, OPEN, CLOSE, terms, article_id),
            )
        }
    rows = connection.execute(
        "select id, position, type, number, legislature, author, addressee, asked_on, answered_on,"
        " status, question, answer, demand,"
        " case when answered_on >= asked_on"
        "   then cast(julianday(answered_on) - julianday(asked_on) as integer) end as wait"
        " from questions where article_id = ? order by position",
        (article_id,),
    ).fetchall()
    made = []
    for row in rows:
        fields = dict(row)
        question, answer = marked.get(fields.pop("id"), (row["question"], row["answer"]))
        made.append(Question(**{**fields, "question": question, "answer": answer}))
    return tuple(made)


def readings(connection: sqlite3.Connection, article_id: int) -> tuple[Reading, ...]:
    """The readings of an article's comments, in order of time."""
    rows = connection.execute(
        "select observed_at, comment_count, vote_count, n.source, record_id"
        " from comment_counts n join captures c on c.id = capture_id"
        " where article_id = ? order by observed_at, n.source",
        (article_id,),
    )
    return tuple(Reading(**dict(row)) for row in rows)


def _events(connection: sqlite3.Connection, article_id: int) -> tuple[Event, ...]:
    rows = connection.execute(
        "select at, kind, before, after, record_id"
        " from events e join captures c on c.id = capture_id where article_id = ?"
        " and kind not in ('new', 'comments', 'votes') order by at desc, kind, e.id",
        (article_id,),
    )
    return tuple(Event(**dict(row)) for row in rows)


def _corrections(connection: sqlite3.Connection, article_id: int) -> tuple[Correction, ...]:
    rows = connection.execute(
        "select position, field, before, after, corrected_by, reason, corrected_on"
        " from corrections where article_id = ? order by corrected_on, id",
        (article_id,),
    )
    return tuple(Correction(**dict(row)) for row in rows)


def _neighbour(
    connection: sqlite3.Connection, line: ArticleLine, side: str, direction: str
) -> ArticleLine | None:
    """The article of the same site published just before or after."""
    if line.published_on is None:
        return None
    row = connection.execute(
        # `+` keeps SQLite on the index of days, where the neighbour is among the next rows.
        f"select {ARTICLE_COLUMNS} from articles a, articles own where own.id = :id"
        f" and +a.site_id = own.site_id and a.published_on {side}= :day"
        " and (a.published_on, coalesce(a.post_id, 0), a.url)"
        f" {side} (own.published_on, coalesce(own.post_id, 0), own.url)"
        f" order by a.published_on {direction}, a.post_id {direction}, a.url {direction} limit 1",
        {"id": line.id, "day": line.published_on},
    ).fetchone()
    return article_line(row) if row is not None else None

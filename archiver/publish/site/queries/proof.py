"""The SQL of a capture's page: what the archive took from it."""

import sqlite3
from dataclasses import dataclass

from archiver.publish import captures
from archiver.publish.site.queries.rows import ARTICLE_COLUMNS, ArticleLine, article_line
from archiver.store.model import CaptureRow

# A feed states as much of many articles; the page shows the first ones and says how many.
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Taken:
    """A value that comes from the capture: which kind it is of, in which article, what it says."""

    kind: str
    article: ArticleLine
    value: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """A capture with what its page tells of it; `between` bounds its records in the file, `taken`
    are at most MOST_SHOWN of `total` values."""

    capture: CaptureRow
    original: CaptureRow | None
    between: tuple[int, int | None]
    source: str
    repeats: int
    taken: tuple[Taken, ...]
    total: int
    problems: tuple[tuple[str, str], ...]


_TAKEN = """
  select 'article' as what, id as article_id, null as value, last_captured_at as at
    from articles where capture_id = :id
  union all
  select 'revision', article_id, null, seen_at from revisions where capture_id = :id
  union all
  select 'comments', article_id, comment_count, observed_at
    from comment_counts where capture_id = :id and comment_count is not null
  union all
  select kind, article_id, null, at from events where capture_id = :id
"""


def provenance(connection: sqlite3.Connection, record_id: str) -> Provenance | None:
    """All that the archive knows of the capture whose record has this ID; None without one."""
    row = captures.find(connection, record_id)
    if row is None:
        return None
    (number,) = connection.execute(
        "select id from captures where record_id = ?", (record_id,)
    ).fetchone()
    (source,) = connection.execute(
        "select source from crawls where id = ?", (row.crawl_id,)
    ).fetchone()
    (repeats,) = connection.execute(
        "select count(*) from captures where revisit_of = ?", (record_id,)
    ).fetchone()
    (total,) = connection.execute(f"select count(*) from ({_TAKEN})", {"id": number}).fetchone()
    problems = connection.execute(
        "select kind, detail from problems where capture_id = ? order by kind, detail limit ?",
        (number, MOST_SHOWN),
    )
    return Provenance(
        capture=row,
        original=captures.original_of(connection, row),
        between=captures.around(connection, row),
        source=source,
        repeats=repeats,
        taken=_taken(connection, number),
        total=total,
        problems=tuple((kind, detail) for kind, detail in problems),
    )


def _taken(connection: sqlite3.Connection, number: int) -> tuple[Taken, ...]:
    rows = connection.execute(
        f"select what, value, at, {ARTICLE_COLUMNS} from ({_TAKEN} limit :most) t"
        " join articles a on a.id = t.article_id",
        {"id": number, "most": MOST_SHOWN},
    )
    return tuple(
        Taken(
            row["what"],
            article_line(row),
            None if row["value"] is None else str(row["value"]),
            row["at"],
        )
        for row in rows
    )

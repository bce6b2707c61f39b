"""Captures of the sample site whose replay shows an answer."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Answered:
    """A capture, by URL and replay timestamp, and the words that its answer begins with."""

    url: str
    stamp: str
    first_words: str


def answered(demo: Path, which: Literal["first", "last"]) -> Answered:
    """The first or the last article of an archive that has an answer."""
    order = "desc" if which == "last" else "asc"
    with closing(sqlite3.connect(demo / "archive.db")) as db:
        url, at, answer = db.execute(
            "select c.url, c.captured_at, q.answer from questions q"
            " join articles a on a.id = q.article_id join captures c on c.id = a.capture_id"
            f" where q.answer is not null order by a.id {order} limit 1"
        ).fetchone()
    stamp = "".join(c for c in at if c.isdigit())[:14]
    return Answered(url, stamp, answer.splitlines()[0][:40])

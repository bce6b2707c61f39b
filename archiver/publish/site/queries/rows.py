"""Rows as several pages show them: an article's name in addresses, a question with its wait."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from archiver.publish.site.addresses import article_key, article_path

ARTICLE_COLUMNS = """
  a.id, a.site_id, a.url, a.post_id, a.lang, a.title, a.kind, a.published_on, a.comment_count,
  a.gone_at,
  a.post_id is not null and exists (
    select 1 from articles other
    where other.post_id = a.post_id and other.site_id = a.site_id and other.id <> a.id
  ) as shared
"""

TIES = "{0}.site_id, {0}.post_id, {0}.url"
TIES_DESCENDING = "{0}.site_id desc, {0}.post_id desc, {0}.url desc"
"""What orders articles of one day, of `articles` or `facets`: WordPress counts posts as they come,
and neither changes when the database is made again, as a row's id does."""

EVENTS = """
  events e join facets n on n.article_id = e.article_id
    and n.position = (select min(position) from facets where article_id = e.article_id)
"""
NEWEST_EVENTS = f"e.at desc, {TIES_DESCENDING}, e.kind, e.id"
"""Changes, and their order, newest first; that of one capture is of their articles. The narrow rows
`n` stand in for `articles` where many are passed over. Changes of one kind that one capture shows
of an article have their ids in the order in which they were derived."""


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article as a line of a list; `key` names it in addresses (`site.addresses`)."""

    id: int
    site_id: str
    url: str
    key: str
    lang: str | None
    title: str
    kind: str
    published_on: str | None
    comment_count: int | None
    gone_at: str | None

    @property
    def path(self) -> str:
        """The address of its page."""
        return self.page("article")

    def page(self, view: str) -> str:
        """The address of another of its pages: `revisions`, `citer`."""
        return article_path(self.site_id, self.key, view)


def article_line(row: sqlite3.Row) -> ArticleLine:
    """Read a row of ARTICLE_COLUMNS."""
    return ArticleLine(
        id=row["id"],
        site_id=row["site_id"],
        url=row["url"],
        key=article_key(row["url"], row["post_id"], shared=bool(row["shared"])),
        lang=row["lang"],
        title=row["title"],
        kind=row["kind"],
        published_on=row["published_on"],
        comment_count=row["comment_count"],
        gone_at=row["gone_at"],
    )


def marks(values: Iterable[object]) -> str:
    """Placeholders for an `in (…)` list."""
    return ", ".join("?" for _ in values)

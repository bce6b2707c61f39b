"""What an address asks to take away, and under which name it is saved."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from archiver.publish.site.addresses import with_query
from archiver.publish.site.queries.changes import KIND_SLUGS, TELLING
from archiver.publish.site.search.request import Request, page_number
from archiver.publish.site.search.words import fold
from archiver.publish.site.tabular import Table

Link = Callable[[str], str]
"""Makes a path of this site an absolute address."""

EVERYTHING = "tous"
DEEPEST_PART = 100_000
"""A list has no more parts than this."""

_KINDS = {slug: kind for kind, slug in KIND_SLUGS.items()}
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Slice:
    """Part of a long list: its rows from number `offset`, and addresses of the parts around it."""

    path: str
    pairs: tuple[tuple[str, str], ...]
    page: int
    size: int

    @property
    def offset(self) -> int:
        """How many rows come before."""
        return (self.page - 1) * self.size

    def link(self, page: int = 1) -> str:
        """The path of a part; the first one has no number."""
        number = str(page) if page > 1 else ""
        return with_query(self.path, [*self.pairs, ("page", number)])

    def of(
        self, table: Table, total: int, link: Link, figures: Mapping[str, int] | None = None
    ) -> Table:
        """The table as this part of a list of `total` rows, whose page counts `figures`."""
        following = self.following(total)
        return replace(
            table,
            total=total,
            first=self.offset + 1,
            following=link(following) if following else None,
            figures=figures or {},
        )

    def previous(self) -> str | None:
        """The part before, if any."""
        return self.link(self.page - 1) if self.page > 1 else None

    def following(self, total: int) -> str | None:
        """The part after, if the list of `total` rows has one."""
        more = self.offset + self.size < total and self.page < DEEPEST_PART
        return self.link(self.page + 1) if more else None


def part_of(request: Any, search: Request, size: int, **more: str) -> Slice:
    """The part of a search's list that a request asks for."""
    pairs = tuple((name, value) for name, value in (*search.pairs(), *more.items()) if value)
    return Slice(request.path, pairs, page_number(request.args, DEEPEST_PART), size)


def chosen_kinds(args: Any, default: tuple[str, ...] = TELLING) -> tuple[str, tuple[str, ...]]:
    """The kinds of change that `changement` names, as written and as the database does: `default`
    when it is empty, none when it is unknown."""
    word = fold(args.get("changement") or "").strip()
    if not word:
        return "", default
    if word == EVERYTHING:
        return word, tuple(KIND_SLUGS)
    return word, (_KINDS[word],) if word in _KINDS else ()


def on_questions(search: Request) -> Request:
    """The same search among the articles that ask questions."""
    if search.asked.filters.genre:
        return search
    filters = replace(search.asked.filters, genre="question")
    return replace(search, asked=replace(search.asked, filters=filters))


def named(list_name: str, search: Request, *more: str) -> str:
    """A name for the file of a search's list that says what is in it, of letters, digits and
    hyphens."""
    filters = (
        f"{name} {value}" if name == "legislature" else value
        for name, value in search.asked.filters.pairs()
    )
    told = (search.text, *filters, *more)
    words = (re.sub(r"[^a-z0-9]+", "-", fold(word)).strip("-") for word in told)
    return "-".join((list_name, *filter(None, words)))[:_LONGEST_NAME].rstrip("-")

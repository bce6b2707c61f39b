"""What a page says of its article in JSON-LD (schema.org), as SEO plug-ins write it.

Only an object that is plainly the page's own article is read: the only one of its kind, or the one
whose address is the page's. JSON written by a stranger may be anything, so every value is checked.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from archiver.extract.chrome import words
from archiver.extract.decoding import line_of
from archiver.extract.facts import Counts
from archiver.extract.urls import url_key

LONGEST_SCRIPT = 512 * 1024
MOST_OBJECTS = 2_000
_JSON = json.JSONDecoder(strict=False)
ARTICLE_TYPES = words(
    """Article NewsArticle BlogPosting Report SocialMediaPosting OpinionNewsArticle
    AnalysisNewsArticle ReportageNewsArticle"""
)


@dataclass(frozen=True, slots=True)
class Statement:
    """An article as JSON-LD states it; times are as written."""

    title: str | None = None
    published: str | None = None
    modified: str | None = None
    author: str | None = None
    sections: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True, slots=True)
class Graph:
    """All objects of a page's JSON-LD scripts."""

    objects: tuple[dict[str, Any], ...] = ()

    def article(self, url: str) -> Statement | None:
        """The page's own article, or None when there is none or it is not clear which one."""
        articles = [one for one in self.objects if not ARTICLE_TYPES.isdisjoint(_types(one))]
        if len(articles) > 1:
            key = url_key(url)
            articles = [one for one in articles if key in map(url_key, _addresses(one))]
        return self._statement(articles[0]) if len(articles) == 1 else None

    def site_name(self) -> str | None:
        """The name of the site, if an object of type WebSite gives one."""
        for one in self.objects:
            if "WebSite" in _types(one) and (name := _text(one.get("name"))):
                return name
        return None

    def _statement(self, article: dict[str, Any]) -> Statement:
        return Statement(
            title=_text(article.get("headline")) or _text(article.get("name")),
            published=_text(article.get("datePublished")),
            modified=_text(article.get("dateModified")),
            author=self._name_of(article.get("author")),
            sections=_texts(_list(article.get("articleSection"))),
            keywords=_texts(_keywords(article.get("keywords"))),
            counts=counts_of(article),
        )

    def _name_of(self, author: object) -> str | None:
        names = [name for one in _list(author) if (name := self._one_name(one))]
        return ", ".join(names) or None

    def _one_name(self, author: object) -> str | None:
        if not isinstance(author, dict):
            return _text(author)
        if name := _text(author.get("name")):
            return name
        identity = author.get("@id")
        for one in self.objects:
            if identity and one.get("@id") == identity and (name := _text(one.get("name"))):
                return name
        return None


def read_graph(scripts: Iterable[str]) -> Graph:
    """The objects of JSON-LD scripts; scripts that are no JSON are passed over."""
    found: list[dict[str, Any]] = []
    for script in scripts:
        if len(script) > LONGEST_SCRIPT:
            continue
        try:
            data = _JSON.decode(script)
        except (ValueError, RecursionError):
            continue
        for one in _list(data):
            if isinstance(one, dict):
                found.append(one)
                found.extend(item for item in _list(one.get("@graph")) if isinstance(item, dict))
    return Graph(tuple(found[:MOST_OBJECTS]))


def counts_of(article: dict[str, Any]) -> Counts:
    """Comments by `commentCount`, else by an interaction counter for CommentAction; votes and
    rating by `aggregateRating`."""
    comments = _number(article.get("commentCount"))
    if comments is None:
        for counter in _list(article.get("interactionStatistic")):
            if isinstance(counter, dict) and "CommentAction" in _name(
                counter.get("interactionType")
            ):
                comments = _number(counter.get("userInteractionCount"))
    rating = article.get("aggregateRating")
    if not isinstance(rating, dict):
        return Counts(comments)
    return Counts(comments, _number(rating.get("ratingCount")), _decimal(rating.get("ratingValue")))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _types(one: dict[str, Any]) -> set[str]:
    return {kind for kind in _list(one.get("@type")) if isinstance(kind, str)}


def _addresses(one: dict[str, Any]) -> Iterator[str]:
    page = one.get("mainEntityOfPage")
    identity = page.get("@id") if isinstance(page, dict) else page
    for address in (one.get("url"), identity, one.get("@id")):
        if isinstance(address, str):
            yield address


def _name(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("@type")
    return value if isinstance(value, str) else ""


def _text(value: object) -> str | None:
    return (line_of(html.unescape(value)) or None) if isinstance(value, str) else None


def _keywords(value: object) -> list[Any]:
    """Keywords are a list, or one text with commas."""
    return list(value.split(",")) if isinstance(value, str) else _list(value)


def _texts(values: list[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for value in values if (text := _text(value))))


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and re.fullmatch(r"\d{1,15}", value, re.ASCII):
        return int(value)
    return value if isinstance(value, int) and 0 <= value < 10**15 else None


def _decimal(value: object) -> float | None:
    if isinstance(value, str) and re.fullmatch(r"\d{1,3}(?:\.\d{1,6})?", value, re.ASCII):
        return float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 1000 else None

"""The captures of an article that is on several pages, put together: one content for each moment.

A crawl asks for the further pages after the first, so a capture of the first page goes with the
captures of the others that follow it before its next one; where there are none, with the last ones
before, else with the next ones after. A further page that is captured once more in between tells a
content of its own. All of it is a function of the set of captures.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from archiver.extract.facts import Article, Counts, Problem
from archiver.extract.leaves import joined
from archiver.store.encoding import content_digest
from archiver.store.history import Observation
from archiver.store.lives import Moment

NEVER: Moment = ("~", "")
"""After every capture."""


@dataclass(frozen=True, slots=True)
class LeafSeen:
    """One capture of a further page of an article."""

    at: Moment
    capture_id: int
    article: Article


Captures = Mapping[int, Sequence[LeafSeen]]
"""The captures of each further page, by its number, in order."""


def assembled(
    observations: Sequence[Observation], leaves: Sequence[LeafSeen]
) -> Sequence[Observation]:
    """The observations of an article, each with the text of all of its pages at that moment."""
    if not any(item.article.leaf for item in observations):
        return observations
    return list(_Assembly(leaves).observations(observations))


class _Assembly:
    def __init__(self, leaves: Sequence[LeafSeen]) -> None:
        self.leaves = leaves
        self.by_number: dict[int, list[LeafSeen]] = defaultdict(list)
        for seen in leaves:
            if seen.article.leaf is not None:
                self.by_number[seen.article.leaf.number].append(seen)
        self.made: dict[tuple[int, ...], tuple[Article, tuple[Problem, ...], str]] = {}

    def observations(self, observations: Sequence[Observation]) -> Iterator[Observation]:
        ends = [item.at for item in observations[1:]] + [NEVER]
        for first, end in zip(observations, ends, strict=True):
            if first.article.leaf is None:
                yield first
                continue
            yield self.whole(first, first.at, end)
            met: set[int] = set()
            for seen in self.leaves:
                leaf = seen.article.leaf
                if leaf is None or not first.at < seen.at < end:
                    continue
                if leaf.number in met:
                    whole = self.whole(first, seen.at, end)
                    yield replace(
                        whole,
                        at=seen.at,
                        capture_id=seen.capture_id,
                        counts=Counts(),
                        further=True,
                    )
                met.add(leaf.number)

    def whole(self, first: Observation, at: Moment, end: Moment) -> Observation:
        """The observation of a first page with its further pages as they were at a moment before
        `end`, the next capture of the first page."""
        others: dict[int, Article] = {}
        pages = first.article.leaf.pages if first.article.leaf else 1
        number = 2
        while number <= pages:
            seen = _chosen(self.by_number.get(number, ()), first.at, at, end)
            if seen is not None and seen.article.leaf is not None:
                others[number] = seen.article
                pages = max(pages, seen.article.leaf.pages)
            number += 1
        key = (id(first.article), *map(id, others.values()))
        if key not in self.made:
            article, problems = joined(first.article, others)
            self.made[key] = (article, problems, content_digest(article))
        article, problems, digest = self.made[key]
        return replace(first, article=article, digest=digest, problems=problems)


def _chosen(
    captures: Sequence[LeafSeen], start: Moment, at: Moment, end: Moment
) -> LeafSeen | None:
    """The capture of one further page that goes with a moment `at` between two captures of the
    first page."""
    inside = [seen for seen in captures if start < seen.at < end]
    past = [seen for seen in inside if seen.at <= at]
    before = [seen for seen in captures if seen.at < start]
    after = [seen for seen in captures if seen.at > end]
    for found in (past[-1:], inside[:1], before[-1:], after[:1]):
        if found:
            return found[0]
    return None

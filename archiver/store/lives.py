"""The captures of one canonical URL that show one post, and where other addresses led.

A slug is sometimes used again for another post, so that one URL may have had several lives; they
are told apart by post ID, unless title or text agree (a site moved to a new installation).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from archiver.store.keys import post_number, slug_of, without_language

LONGEST_CHAIN = 8
"""Redirects followed from an address; browsers give up at 20."""

Moment = tuple[str, str]
"""Instant and record ID: the order of captures."""


Links = Mapping[str, Sequence[tuple[Moment, str]]]
"""Where each address led, and when."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one capture says about identity. `key` is the key of the URL asked for; `own_key` that
    of the article's canonical URL, None when the page is no article; `missing` means 404 or 410."""

    capture_id: int
    at: Moment
    key: str
    own_key: str | None = None
    twin_key: str | None = None
    redirect_key: str | None = None
    post_id: int | None = None
    title_key: str | None = None
    text_key: str | None = None
    missing: bool = False


@dataclass(slots=True)
class Evidence:
    """What several captures have in common: IDs, slugs, titles, texts."""

    ids: set[int] = field(default_factory=set)
    slugs: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)

    def add(self, other: "Evidence") -> None:
        self.ids |= other.ids
        self.slugs |= other.slugs
        self.titles |= other.titles
        self.texts |= other.texts

    def same_words(self, other: "Evidence") -> bool:
        """Title or text agree."""
        return bool(self.titles & other.titles or self.texts & other.texts)

    def allows(self, other: "Evidence") -> bool:
        """Whether nothing speaks against one article: the IDs do not differ, or the text is the
        same, or title and slug are (a site that was moved to a new installation)."""
        if not self.ids or not other.ids or self.ids & other.ids:
            return True
        if self.texts & other.texts:
            return True
        return bool(self.titles & other.titles and self.slugs & other.slugs)


@dataclass(eq=False)
class Life:
    """The captures of one canonical URL that show one post, in order."""

    key: str
    sightings: list[Sighting]
    missing: list[Sighting] = field(default_factory=list)
    twin: bool = False

    @cached_property
    def evidence(self) -> Evidence:
        slug = slug_of(self.key)
        return Evidence(
            {item.post_id for item in self.sightings if item.post_id is not None},
            set() if slug is None else {slug},
            {item.title_key for item in self.sightings if item.title_key},
            {item.text_key for item in self.sightings if item.text_key},
        )

    @property
    def start(self) -> Moment:
        return self.sightings[0].at

    def newest_id(self, at: Moment) -> int | None:
        """The post ID that its captures before a moment gave last."""
        ids = [item.post_id for item in self.sightings if item.at < at and item.post_id is not None]
        return ids[-1] if ids else None

    @property
    def satellite(self) -> bool:
        """Whether it belongs to another page: a translation, or a `?p=ID` address."""
        return self.twin or post_number(self.key) is not None


Lives = Mapping[str, Sequence[Life]]
"""The lives of each canonical URL."""


def moment(sighting: Sighting) -> Moment:
    return sighting.at


def lives_of(key: str, sightings: Sequence[Sighting]) -> list[Life]:
    """Split the captures of one canonical URL by post ID; two IDs are one post all the same when
    title or text agree. A capture without ID joins the one whose words it has, else the one
    before it."""
    lives: list[Life] = []
    by_id: dict[int, list[Sighting]] = defaultdict(list)
    for item in sightings:
        if item.post_id is not None:
            by_id[item.post_id].append(item)
    for found in by_id.values():
        life = Life(key, found)
        same = [other for other in lives if other.evidence.same_words(life.evidence)]
        merged = sorted((item for other in (*same, life) for item in other.sightings), key=moment)
        lives = [other for other in lives if other not in same] + [Life(key, merged)]
    if not lives:
        return [Life(key, list(sightings))]
    lives.sort(key=lambda life: life.start)
    unknown = [item for item in sightings if item.post_id is None]
    chosen = [(item, without_id(item, lives)) for item in unknown]
    return [
        Life(key, sorted((*life.sightings, *(i for i, home in chosen if home is life)), key=moment))
        for life in lives
    ]


def without_id(item: Sighting, lives: Sequence[Life]) -> Life:
    """The life that a capture without post ID belongs to."""
    words = Evidence(
        titles={item.title_key} if item.title_key else set(),
        texts={item.text_key} if item.text_key else set(),
    )
    same = [life for life in lives if life.evidence.same_words(words)]
    return same[0] if len(same) == 1 else last_seen(lives, item.at)


def last_seen(lives: Sequence[Life], at: Moment) -> Life:
    """The life seen last before a moment; the first of all when none was."""

    def latest(life: Life) -> Moment:
        number = bisect_right(life.sightings, at, key=moment)
        return life.sightings[number - 1].at if number else ("", "")

    best = max(lives, key=latest)
    return best if latest(best) > ("", "") else min(lives, key=lambda life: life.start)


def links_of(sightings: Iterable[Sighting]) -> Links:
    """Where each address led, and when: by redirect, or by a canonical URL other than its own."""
    links: dict[str, list[tuple[Moment, str]]] = defaultdict(list)
    for item in sightings:
        target = item.redirect_key or item.own_key
        if target is not None and target != item.key:
            links[item.key].append((item.at, target))
    return links


def follow(
    key: str,
    at: Moment,
    lives: Lives,
    links: Links,
    post_id: int | None = None,
) -> Life | None:
    """The article that an address meant at a moment, through redirects; None when none."""
    for _ in range(LONGEST_CHAIN):
        fitting = [
            life
            for life in lives.get(key, ())
            if post_id is None or not life.evidence.ids or post_id in life.evidence.ids
        ]
        if fitting:
            return last_seen(fitting, at)
        if key not in links:
            return None
        before = [target for when, target in links[key] if when <= at]
        key = before[-1] if before else links[key][0][1]
    return None


def mark_twins(lives: Lives) -> None:
    """A life is a translation when its pages say so, or when it lies under a language prefix of
    the path of another life with its ID."""
    for key, found in lives.items():
        bare = without_language(key)
        beside = lives.get(bare, ()) if bare else ()
        for life in found:
            life.twin = any(item.twin_key for item in life.sightings) or any(
                life.evidence.ids & other.evidence.ids for other in beside
            )

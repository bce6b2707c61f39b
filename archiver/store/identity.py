"""Which captures show the same article: a pure function of the set of captures of a site.

Captures with one canonical URL are a *life* of that URL, or several lives when its slug was used
again for another post. Lives are joined by what the site itself says (canonical, redirect, post ID
with slug, translation), strongest evidence first, and never against it: two articles are better
than a wrong merge, since a merge moves the history.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archiver.store.keys import host_of, post_number, short_key
from archiver.store.lives import (
    Evidence,
    Life,
    Links,
    Lives,
    Moment,
    Sighting,
    follow,
    last_seen,
    links_of,
    lives_of,
    mark_twins,
    moment,
)


@dataclass(frozen=True, slots=True)
class Group:
    """One article: its lives, the page in the site's own language first where there is one."""

    lives: tuple[Life, ...]

    def speaking(self) -> list[Sighting]:
        """The captures that make the article's row and revisions, in order: those of the page in
        the site's language; of the translations only when there is no other."""
        main = [life for life in self.lives if not life.twin] or self.lives
        return sorted((item for life in main for item in life.sightings), key=moment)

    def missing(self) -> list[tuple[str, Sighting]]:
        """The captures that did not find it, in order, each with that of its keys that it tells
        of."""
        found = [(life.key, item) for life in self.lives for item in life.missing]
        return sorted(found, key=lambda pair: moment(pair[1]))


@dataclass(frozen=True, slots=True)
class Identity:
    """The articles, oldest first, and which of them an address meant at a moment."""

    groups: tuple[Group, ...]
    _lives: Lives
    _links: Links
    _group_of: dict[Life, int]

    def owner(self, key: str, at: Moment, post_id: int | None) -> int | None:
        """The group whose page `key` was at that moment; None when no article is known there,
        when the post ID speaks against it, and for a translation beside its original."""
        life = follow(key, at, self._lives, self._links, post_id)
        if life is None:
            return None
        number = self._group_of[life]
        beside = any(not other.twin for other in self.groups[number].lives)
        return None if life.twin and beside else number


def identify(sightings: Iterable[Sighting]) -> Identity:
    """Group the captures of a site, or of any part of it that no evidence links to the rest."""
    ordered = sorted(sightings, key=moment)
    by_key: dict[str, list[Sighting]] = defaultdict(list)
    for item in ordered:
        if item.own_key is not None:
            by_key[item.own_key].append(item)
    lives = {key: lives_of(key, found) for key, found in by_key.items()}
    links = links_of(ordered)
    for item in ordered:
        if item.missing and item.key in lives:
            before = [life for life in lives[item.key] if life.start < item.at]
            if before:
                last_seen(before, item.at).missing.append(item)
    mark_twins(lives)
    groups = join(lives, links)
    add_absences_of_replaced(ordered, lives, groups)
    numbers = {life: number for number, group in enumerate(groups) for life in group.lives}
    return Identity(groups, lives, links, numbers)


def add_absences_of_replaced(
    ordered: Iterable[Sighting], lives: Lives, groups: Iterable[Group]
) -> None:
    """A `?p=ID` that is not found tells of the post with that ID when another one has its address
    since, which can say nothing of it any more; not when several articles had the ID by then."""
    wanted = [
        (item, post_id)
        for item in ordered
        if item.missing
        and item.key not in lives
        and (post_id := post_number(item.key)) is not None
        and item.key == short_key(host_of(item.key), post_id)
    ]
    if not wanted:
        return
    of_post: dict[tuple[str, int], list[list[Life]]] = defaultdict(list)
    for group in groups:
        ids: dict[tuple[str, int], list[Life]] = defaultdict(list)
        for life in group.lives:
            for post_id in () if life.satellite else life.evidence.ids:
                ids[host_of(life.key), post_id].append(life)
        for place, found in ids.items():
            of_post[place].append(found)
    for item, post_id in wanted:
        known = [
            [life for life in found if life.start < item.at]
            for found in of_post[host_of(item.key), post_id]
        ]
        known = [found for found in known if found]
        if len(known) == 1:
            life = last_seen(known[0], item.at)
            replaced = last_seen(lives[life.key], item.at) is not life
            if replaced and life.newest_id(item.at) == post_id:
                life.missing.append(item)


def join(lives: Lives, links: Links) -> tuple[Group, ...]:
    """Join lives into articles, by the rules at the head of this module."""
    everyone = sorted((life for found in lives.values() for life in found), key=life_order)
    component = {life: Component([life]) for life in everyone}
    for edge in sorted(set(edges(lives, links)), key=edge_order):
        _, _, one, other = edge
        left, right = component[one], component[other]
        if left is right or not left.may_join(right, edge):
            continue
        left.absorb(right)
        for life in right.lives:
            component[life] = left
    unique = {id(item): item for item in component.values()}.values()
    ordered = sorted(unique, key=lambda item: min(map(life_order, item.lives)))
    return tuple(
        Group(tuple(sorted(item.lives, key=lambda life: (life.satellite, life_order(life)))))
        for item in ordered
    )


class Component:
    """Lives joined so far. Its evidence is that of its main pages while it has some, since a
    translation may have an ID and words of its own."""

    def __init__(self, lives: list[Life]) -> None:
        self.lives = lives
        self.evidence = Evidence()
        self.main = False
        for life in lives:
            self.evidence.add(life.evidence)
            self.main = self.main or not life.satellite

    def may_join(self, other: "Component", edge: "Edge") -> bool:
        """Whether an edge joins the two: a satellite has one planet, and a translation that the
        page declares needs no further agreement."""
        rank, _, one, another = edge
        if self.main and other.main and (one.satellite or another.satellite):
            return False
        return rank == DECLARED or self.evidence.allows(other.evidence)

    def absorb(self, other: "Component") -> None:
        self.lives = self.lives + other.lives
        if self.main == other.main:
            self.evidence.add(other.evidence)
        elif other.main:
            self.evidence, self.main = other.evidence, True


Edge = tuple[int, Moment, Life, Life]

SAME_ID_AND_SLUG, LED, DECLARED, SAME_ID_AND_WORDS = range(4)
"""Ranks of edges: the same post ID and slug; a canonical URL or a redirect; a declared
translation; a `?p=ID` address whose page has the same title or text, or, for a page that another
one has replaced, that leads to such a page."""


def life_order(life: Life) -> tuple[Moment, str]:
    return (life.start, life.key)


def edge_order(edge: Edge) -> tuple[int, int, Moment, tuple[Moment, str], tuple[Moment, str]]:
    rank, at, one, other = edge
    # Main pages first, then satellites among themselves, then each satellite to its planet.
    phase = (0, 2, 1)[one.satellite + other.satellite]
    return (phase, rank, at, life_order(one), life_order(other))


def edges(lives: Lives, links: Links) -> Iterator[Edge]:
    """Every link that the captures state between two lives."""
    for key, found in lives.items():
        for twin in found:
            for item in twin.sightings:
                if item.twin_key and item.twin_key != key:
                    main = follow(item.twin_key, item.at, lives, links)
                    if main is not None:
                        yield (DECLARED, item.at, twin, main)
        for at, target in links.get(key, ()):
            earlier = [life for life in found if life.start < at]
            led_to = follow(target, at, lives, links)
            if earlier and led_to is not None:
                yield (LED, at, last_seen(earlier, at), led_to)
    yield from edges_by_id(lives, links)


def edges_by_id(lives: Lives, links: Links) -> Iterator[Edge]:
    """Links between lives of one post ID, which alone says nothing: a rebuilt site has new IDs.

    A theme may print one ID on all pages, so that there are no more edges than lives.
    """
    by_id: dict[tuple[str, int], list[Life]] = defaultdict(list)
    for key, found in lives.items():
        for life in found:
            for post_id in life.evidence.ids:
                by_id[host_of(key), post_id].append(life)
    for (host, post_id), same_id in by_id.items():
        same_id.sort(key=lambda life: (life.satellite, life_order(life)))
        first_of_slug: dict[str, Life] = {}
        for life in same_id:
            for slug in life.evidence.slugs:
                if slug in first_of_slug:
                    yield (SAME_ID_AND_SLUG, life.start, first_of_slug[slug], life)
                first_of_slug.setdefault(slug, life)
        for short in same_id:
            if post_number(short.key) is not None:
                for other in same_id:
                    if other is not short and short.evidence.same_words(other.evidence):
                        yield (SAME_ID_AND_WORDS, other.start, short, other)
        led_to = {target for _, target in links.get(short_key(host, post_id), ())}
        yield from edges_of_replaced(same_id, led_to, lives)


def edges_of_replaced(same_id: Iterable[Life], led_to: set[str], lives: Lives) -> Iterator[Edge]:
    """A page that another one has replaced, and where `?p=ID` of both leads instead."""
    replaced = [life for life in same_id if len(lives[life.key]) > 1]
    for other in same_id:
        for life in replaced if other.key in led_to else ():
            if life is not other and life.evidence.same_words(other.evidence):
                yield (SAME_ID_AND_WORDS, other.start, life, other)

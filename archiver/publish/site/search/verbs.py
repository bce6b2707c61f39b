"""Conjugation of French verbs, without accents, as far as official prose uses it.

Rules for the three groups (Bescherelle, tables 6, 19 and 53) and the third group's irregular verbs
by prefix. Simple past and imperfect subjunctive are left out but for the third person.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archiver.publish.site.search.lexicon import (
    DRE_STEMS,
    FIRST_GROUP,
    FIRST_STEMS,
    IN_DRE,
    NOT_PARTICIPLES,
    NOT_VERBS,
    SECOND_GROUP,
    SECOND_STEMS,
    VERBS,
    telling,
)

_SHORTEST_STEM = 3
_SHORTEST_KNOWN = 2
_PARTICIPLE = ("ees", "ee", "es", "e")
_ACCENTED = ("é", "és", "ée", "ées")


@dataclass(frozen=True, slots=True)
class _Group:
    """Verbs with the same endings; `telling` ones tell a verb by themselves, the others only after
    a stem that is `known`."""

    endings: tuple[str, ...]
    telling: tuple[str, ...]
    known: frozenset[str]


_FIRST = _Group(FIRST_GROUP, telling("first"), FIRST_STEMS)
_GROUPS = (
    _Group(IN_DRE, telling("dre"), DRE_STEMS),
    _Group(SECOND_GROUP, telling("second"), SECOND_STEMS),
    _FIRST,
)


def _families() -> dict[str, frozenset[str]]:
    families: dict[str, frozenset[str]] = {}
    for prefixes, forms in VERBS:
        for prefix in prefixes:
            family = frozenset(prefix + form for form in forms)
            for form in family:
                families[form] = families.get(form, frozenset()) | family
    return families


FAMILIES = _families()
"""The forms of each irregular verb, by each of them."""


def conjugated(word: str, spelt: str = "") -> frozenset[str]:
    """The forms of the verb that a folded word is, by its ending; empty when nothing tells a verb.
    `spelt` is the word with its accents, where it was typed with any: they tell a participle.

    A word may belong to several verbs: the forms of each are there. Forms that do not exist do no
    harm, since a search for them finds nothing.
    """
    if word in FAMILIES:
        return FAMILIES[word]
    if word in NOT_VERBS or word.endswith("ment"):
        return frozenset()
    for group in _GROUPS:
        known = _stems(word, group.endings, _SHORTEST_KNOWN)
        stems = [stem for stem in known if not _variants(stem).isdisjoint(group.known)]
        stems = stems or list(_stems(word, group.telling))
        if stems:
            return _forms(stems[:1] if group is _FIRST else stems, group)
    if spelt.endswith(_ACCENTED) and word not in NOT_PARTICIPLES:
        return _forms(list(_stems(word, _PARTICIPLE))[:1], _FIRST)
    return frozenset()


def _forms(stems: Iterable[str], group: _Group) -> frozenset[str]:
    variants = {
        variant for stem in stems for variant in (_variants(stem) if group is _FIRST else {stem})
    }
    return frozenset(variant + ending for variant in variants for ending in group.endings)


def verb_in(stem: str) -> frozenset[str]:
    """All first-group forms of a stem: `vot` gives voter, votent, vote…"""
    return frozenset(stem + ending for ending in FIRST_GROUP)


def _stems(word: str, endings: tuple[str, ...], shortest: int = _SHORTEST_STEM) -> Iterator[str]:
    """What is left of a word before each ending it has, longest ending first."""
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            yield word[: -len(ending)]


def _variants(stem: str) -> frozenset[str]:
    """Spelling changes of the first group: appeler/appelle, employer/emploie, manger/mangeait."""
    variants = {stem}
    if stem.endswith("y"):
        variants.add(stem[:-1] + "i")
    if stem.endswith("i") and len(stem) >= _SHORTEST_STEM and stem[-2] in "aou":
        variants.add(stem[:-1] + "y")
    for single, double in (("l", "ll"), ("t", "tt")):
        if stem.endswith("e" + single):
            variants.add(stem[:-1] + double)
        if stem.endswith("e" + double):
            variants.add(stem[:-1])
    if stem.endswith("g"):
        variants.add(stem + "e")
    if stem.endswith("ge"):
        variants.add(stem[:-1])
    return frozenset(variants)

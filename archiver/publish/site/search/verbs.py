"""Conjugation of French verbs, without accents, as far as official prose uses it.

Rules for the three groups (Bescherelle, tables 6, 19 and 53) and the third group's irregular verbs
by prefix. Simple past and imperfect subjunctive are left out but for the third person.
"""

from collections.abc import Iterator

from archiver.publish.site.search.lexicon import (
    FIRST_GROUP,
    IN_DRE,
    NOT_VERBS,
    SECOND_GROUP,
    VERBS,
    telling,
)

_TELLING_FIRST = telling("first")
_TELLING_SECOND = telling("second")
_TELLING_DRE = telling("dre")
_SHORTEST_STEM = 3


def _families() -> dict[str, frozenset[str]]:
    families: dict[str, frozenset[str]] = {}
    for prefixes, forms in VERBS:
        for prefix in prefixes:
            family = frozenset(prefix + form for form in forms)
            for form in family:
                families[form] = families.get(form, frozenset()) | family
    return families


_FAMILIES = _families()


def conjugated(word: str) -> frozenset[str]:
    """The forms of the verb that a folded word is, by its ending; empty when nothing tells a verb.

    A word may belong to several verbs: the forms of each are there. Forms that do not exist do no
    harm, since a search for them finds nothing.
    """
    if word in _FAMILIES:
        return _FAMILIES[word]
    if word in NOT_VERBS or word.endswith("ment"):
        return frozenset()
    found: set[str] = set()
    for stem in _stems(word, _TELLING_DRE):
        found.update(stem + ending for ending in IN_DRE)
    if found:
        return frozenset(found)
    for stem in _stems(word, _TELLING_SECOND):
        found.update(stem + ending for ending in SECOND_GROUP)
    if found:
        return frozenset(found)
    for stem in _stems(word, _TELLING_FIRST):
        for variant in _variants(stem):
            found.update(variant + ending for ending in FIRST_GROUP)
        break
    return frozenset(found)


def verb_in(stem: str) -> frozenset[str]:
    """All first-group forms of a stem: `vot` gives voter, votent, vote…"""
    return frozenset(stem + ending for ending in FIRST_GROUP)


def _stems(word: str, endings: tuple[str, ...]) -> Iterator[str]:
    """What is left of a word before each ending it has, longest ending first."""
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            yield word[: -len(ending)]


def _variants(stem: str) -> frozenset[str]:
    """Spelling changes of the first group: appeler/appelle, employer/emploie, manger/mangeait."""
    variants = {stem}
    if stem.endswith("y"):
        variants.add(stem[:-1] + "i")
    if stem.endswith("i") and len(stem) > _SHORTEST_STEM and stem[-2] in "aou":
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

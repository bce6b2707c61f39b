"""The lexicon of French search: `lexicon.toml`, read once."""

import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any


def _read() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text(encoding="utf-8"))


def _longest_first(endings: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(endings, key=lambda ending: (-len(ending), ending)))


_LEXICON = _read()
_CONJUGATION: dict[str, str] = _LEXICON["conjugation"]

EMPTY_WORDS = frozenset(_LEXICON["empty"].split())
NOT_FEMININE = frozenset(_LEXICON["not_feminine"].split())
AIL_IN_AUX = frozenset(_LEXICON["ail_in_aux"].split())
IRREGULAR = tuple(frozenset(line.split()) for line in _LEXICON["irregular"].strip().splitlines())
DERIVED = tuple(_LEXICON["derived"].split())
FIRST_GROUP = _longest_first(_CONJUGATION["first"].split())
SECOND_GROUP = _longest_first(_CONJUGATION["second"].split())
IN_DRE = _longest_first(_CONJUGATION["dre"].split())
FIRST_STEMS = frozenset(_CONJUGATION["first_stems"].split())
SECOND_STEMS = frozenset(_CONJUGATION["second_stems"].split())
DRE_STEMS = frozenset(_CONJUGATION["dre_stems"].split())
NOT_PARTICIPLES = frozenset(_CONJUGATION["not_participles"].split())
NOT_VERBS = frozenset(_CONJUGATION["not_verbs"].split())
FEMININE = {ending: tuple(origin.split()) for ending, origin in _LEXICON["feminine"].items()}
RELATIVES = {word: tuple(roots.split()) for word, roots in _LEXICON["relatives"].items()}
VERBS = tuple(
    (("", *prefixes.split()), tuple(forms.split()))
    for prefixes, forms in _LEXICON["verbs"].values()
)


def telling(group: str) -> tuple[str, ...]:
    """The endings of a group that tell a verb by themselves, longest first."""
    ambiguous = set(_CONJUGATION[f"{group}_ambiguous"].split())
    return _longest_first(set(_CONJUGATION[group].split()) - ambiguous)

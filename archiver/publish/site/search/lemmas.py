"""The forms of a word by the dictionary of simplemma, where that is installed.

It is an extra (`pip install "archiver[lemmas]"`): the program is under the MIT licence, its word
lists under ODbL and CC BY-SA, so that they are never part of what we hand out. Without it the rules
of `forms` and `verbs` serve alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from threading import Lock

from archiver.publish.site.search.words import fold, spellings

_VERB = ("er", "ir", "re")
_SHORTEST = 3
_MAKING = Lock()


@dataclass(frozen=True, slots=True)
class Entries:
    """What the dictionary says of a word: its folded `forms`, and whether one of its entries is a
    verb."""

    forms: frozenset[str]
    verb: bool


@dataclass(frozen=True, slots=True)
class Dictionary:
    """`lemma_of` a form as written; folded forms with their lemmas, and lemmas with their folded
    forms, as words separated by spaces, which take a fifth of the memory of sets."""

    lemma_of: Mapping[str, str]
    lemmas: Mapping[str, str]
    forms: Mapping[str, str]


def entries(word: str, spelt: str) -> Entries | None:
    """The entries of a folded word, which is looked up by its accents if `spelt` has the right
    ones; None where the dictionary is not installed or has no such word."""
    words_known = dictionary()
    if words_known is None:
        return None
    exact = {words_known.lemma_of.get(form) for form in spellings(spelt)} - {None}
    lemmas = {lemma for lemma in exact if lemma} or set(words_known.lemmas.get(word, "").split())
    if not lemmas:
        return None
    # A participle is an entry of its own in the dictionary.
    lemmas |= {lemma[:-1] + "er" for lemma in lemmas if lemma.endswith("é")}
    lemmas |= {lemma[:-2] + "é" for lemma in lemmas if lemma.endswith("er")}
    known = [lemma for lemma in lemmas if lemma in words_known.forms]
    return Entries(
        frozenset(form for lemma in known for form in words_known.forms[lemma].split()),
        any(lemma.endswith(_VERB) for lemma in known),
    )


def dictionary() -> Dictionary | None:
    """The dictionary both ways, made once, by the first that asks for it."""
    with _MAKING:
        return _made()


@cache
def _made() -> Dictionary | None:
    try:
        from simplemma.strategies import DefaultDictionaryFactory
    except ImportError:
        return None
    lemma_of = DefaultDictionaryFactory().get_dictionary("fr")
    lemmas: dict[str, str] = {}
    forms: dict[str, str] = {}
    for form, lemma in lemma_of.items():
        if len(form) < _SHORTEST or not form.isalpha() or not form.islower():
            continue
        folded = form if form.isascii() else fold(form)
        lemmas[folded] = _with(lemmas.get(folded), lemma)
        forms[lemma] = _with(forms.get(lemma), folded)
    for lemma in list(forms):
        folded = fold(lemma)
        lemmas[folded] = _with(lemmas.get(folded), lemma)
        forms[lemma] = _with(forms[lemma], folded)
    return Dictionary(lemma_of, lemmas, forms)


def _with(words: str | None, word: str) -> str:
    if words is None:
        return word
    return words if word in words.split() else f"{words} {word}"


def forget() -> None:
    """Look again, the next time, whether the dictionary is installed."""
    _made.cache_clear()

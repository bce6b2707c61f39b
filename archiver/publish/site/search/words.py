"""Words as the search index sees them: lower case, without accents, a leading elision removed.

Follows SQLite's `unicode61` tokenizer with `remove_diacritics 2`: letters and digits are words,
everything else separates; ligatures stay as they are.
"""

import re
import unicodedata

_ELIDED = re.compile(
    r"\W*(?:l|d|j|m|n|s|t|c|qu|jusqu|lorsqu|puisqu|quoiqu)['’ʼ‘`´](?=\w)", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Lower case without combining marks: « Réfugiée » is `refugiee`, « œuvre » stays `œuvre`."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words(text: str, *, elided: bool = False) -> tuple[str, ...]:
    """The folded words of a text as typed, in order: « l’impôt » is `impot`, or `l` and `impot`,
    as the index has it, when an `elided` word is to stay. Inside, one always stays, since the index
    has it between its neighbours: « Val-d’Oise » is `val`, `d` and `oise`."""
    begins = None if elided else _ELIDED.match(text)
    return tuple(_WORD.findall(fold(text[begins.end() :] if begins else text)))


def last_spelt(text: str) -> str:
    """The last word in lower case with its accents; empty where there is none."""
    found = _WORD.findall(unicodedata.normalize("NFC", text.lower()))
    return found[-1] if found else ""


def spellings(word: str) -> frozenset[str]:
    """A word or phrase with its ligatures spelt both ways: `oeuvre` and `œuvre`."""
    apart = word.replace("œ", "oe").replace("æ", "ae")
    together = apart.replace("oe", "œ").replace("ae", "æ")
    return frozenset({word, apart, together})

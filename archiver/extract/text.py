"""French text made comparable: what differs only in typography or accents becomes equal.

Stored text keeps its typography; these two functions serve matching only. `skeleton` keeps every
character at its place, so that a match found in it can be cut out of the original.
"""

import re
import unicodedata
from functools import lru_cache

SPACES = "\t\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f"
SPACES += "\u205f\u3000"
APOSTROPHES = "’‘ʼ‛´`′"
DASHES = "‐‑‒–—―−"
QUOTES = "«»“”„‟"
INVISIBLE = "\u00ad\u200b\u2060\ufeff"


def _latin_letters() -> dict[int, str]:
    """Each Latin letter, accented or not, to the same letter in lower case without its accent."""
    return {
        code: unicodedata.normalize("NFD", chr(code))[0].lower()[0]
        for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    }


_TYPOGRAPHY = (
    dict.fromkeys(map(ord, APOSTROPHES), "'")
    | dict.fromkeys(map(ord, DASHES), "-")
    | dict.fromkeys(map(ord, QUOTES), '"')
    | {ord("º"): "°"}
)
_PLAIN = {
    chr(code): plain
    for code, plain in (
        _latin_letters() | _TYPOGRAPHY | dict.fromkeys(map(ord, SPACES), " ")
    ).items()
}
_FOLD = (
    _TYPOGRAPHY
    | dict.fromkeys(map(ord, INVISIBLE))
    | {ord("œ"): "oe", ord("Œ"): "oe", ord("æ"): "ae", ord("Æ"): "ae"}
)
_FINAL_PARTICIPLE = re.compile(r"[éÉ](?!\w)")
_BLANKS = re.compile(r"\s+")
_LOOSE_BLANK = re.compile(r"(?<!\s)\s+(?=[:;?!»])|(?<=«)\s+")


@lru_cache(maxsize=256)
def skeleton(text: str) -> str:
    """The text in lower case without accents, with one kind of space, apostrophe, dash and quote;
    as long as the text, character for character."""
    for char in _PLAIN.keys() & set(text):
        text = text.replace(char, _PLAIN[char])
    return text.lower()


@lru_cache(maxsize=64)
def present(text: str) -> str:
    """As `skeleton`, but a final « é » stays: « elle a demandé » is then no « elle demande »."""
    plain = skeleton(text)
    for found in _FINAL_PARTICIPLE.finditer(text):
        plain = f"{plain[: found.start()]}é{plain[found.end() :]}"
    return plain


def fold(text: str) -> str:
    """The text as a key for comparison: as `skeleton`, and ligatures spelt out, invisible
    characters and marks removed, blanks collapsed, none before `: ; ? !` or inside « »."""
    plain = _LOOSE_BLANK.sub("", text).translate(_FOLD)
    plain = unicodedata.normalize("NFKD", plain).lower()
    plain = "".join([char for char in plain if not unicodedata.combining(char)])
    return _BLANKS.sub(" ", plain).strip()

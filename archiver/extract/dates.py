"""Days as French (and TranslatePress English) pages write them, to ISO 8601.

The months are our own closed table: a day without a year, an impossible day or an unknown word is
None, never a guess. Numeric dates are read day first, as in France.
"""

import re
from datetime import date

from archiver.extract.text import skeleton

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev february feb",
            "mars mar march",
            "avril avr april apr",
            "mai may",
            "juin june jun",
            "juillet juill juil july jul",
            "aout august aug",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}

_MONTH = r"(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")(?![a-z])\.?"
_YEAR = r"(?:1[89]|20)\d\d(?!\d)"
_ORDINAL = r"(?:ter|1 ?(?:er|ᵉʳ|st)|0?[1-9](?:nd|rd|th)?|[12]\d(?:st|nd|rd|th)?|3[01](?:st)?)"
DAY = (
    r"(?<![\w/.])(?:"
    rf"{_ORDINAL} +{_MONTH} *(?:, *)?{_YEAR}"
    rf"|{_MONTH} +{_ORDINAL}(?: *, *| +){_YEAR}"
    rf"|\d\d?/\d\d?/{_YEAR}|\d\d?\.\d\d?\.{_YEAR}|\d\d?-\d\d?-{_YEAR}"
    r"|(?:1[89]|20)\d\d-\d\d-\d\d(?!\d)"
    r")(?![/-]\d)"
)
"""The pattern of a full date in a skeleton, without groups, to be put inside another pattern."""

MOST_OF_A_DAY = 120
_FULL_DAY = re.compile(DAY)
_LONE_DAY = re.compile(
    r"[^a-z0-9]*(?:(?:(?:mise? )?en ligne|publiee?|postee?|ajoutee?|redigee?|date|posted|published"
    r"|on|le|the|du)\b[ :]*)*"
    r"(?:(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|[a-z]{3,6}day)?[ ,]*"
    rf"(?P<day>{DAY})(?:[ ,]*(?:a|at|-)? *\d\d? ?[:h] ?\d\d(?::\d\d)?)?"
    r"(?:[^a-z0-9]*(?:\d\d? min(?:utes?)?(?: de lecture)?| par [^.!?]{2,60}))?[^a-z0-9]*"
)
_WORD_OR_NUMBER = re.compile(r"[a-z]+|\d+")


def day_of(text: str) -> str | None:
    """The day that a text consists of (« Publié le mardi 22 novembre, 2019 à 14h30 »), ISO 8601."""
    found = _LONE_DAY.fullmatch(skeleton(text).strip()) if len(text) <= MOST_OF_A_DAY else None
    return _iso(found["day"]) if found else None


def day_in(text: str) -> str | None:
    """The first full and possible day that stands in a text, ISO 8601."""
    for found in _FULL_DAY.finditer(skeleton(text)):
        day = _iso(found[0])
        if day is not None:
            return day
    return None


def _iso(written: str) -> str | None:
    numbers: list[int] = []
    month = None
    for part in _WORD_OR_NUMBER.findall(written.replace("ᵉʳ", "")):
        if part.isdigit():
            numbers.append(int(part))
        elif part in MONTHS:
            month = MONTHS[part]
        elif part == "ter":
            numbers.append(1)
    if month is not None:
        day, year = numbers
    elif numbers[0] > 31:
        year, month, day = numbers
    else:
        day, month, year = numbers
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None

"""What identifies a parliamentary question besides its text: its number, type and legislature.

A number repeats from one legislature to the next; only the three together name a question. The
calendar is that of the Assemblée nationale; between two legislatures there is none.
"""

import re

from archiver.extract.facts import QuestionType
from archiver.extract.text import skeleton

NUMBER = r"(?:n ?[°o]s?\.? ?:? ?|numero )(?P<number>\d[\d ]{0,8}\d|\d)(?!\d)"
"""The pattern of a marked number in a skeleton, with the group `number`."""

_MARKED_NUMBER = re.compile(rf"(?<!\w){NUMBER}")
_TYPES: tuple[tuple[re.Pattern[str], QuestionType], ...] = (
    (re.compile(r"q(?<!\wq)(?:uestions? ecrites?|eg?)\b"), "QE"),
    (re.compile(r"q(?<!\wq)(?:uestions? (?:d'actualite|au gouvernement)|\.?a\.?g|g)\b"), "QG"),
    (re.compile(r"q(?<!\wq)(?:uestions? orales? sans debat|osd)\b"), "QOSD"),
)
_DECLARED = re.compile(
    r"q(?:(?<!\wq)(?:eg|e|osd)(?!\w)"
    r"|(?<=\| q)uestion (?:ecrite|orale(?: sans debat)?|au gouvernement)(?: n[ °]| ?\d| ?[:|-]))"
)
_LEGISLATURE = re.compile(r"\b(?:(\d\d?)(?:e|eme)|([xvi]+)(?:e|eme)) legislature\b")
_CALENDAR = (
    (14, "2012-06-20", "2017-06-20"),
    (15, "2017-06-21", "2022-06-21"),
    (16, "2022-06-22", "2024-06-09"),
    (17, "2024-07-18", "9999-12-31"),
)
_ROMAN = {"i": 1, "v": 5, "x": 10}


def number_in(text: str) -> str | None:
    """The digits of the first number marked « n° » in a text, leading zeros kept."""
    found = _MARKED_NUMBER.search(skeleton(text))
    return found["number"].replace(" ", "") if found else None


def type_in(text: str) -> QuestionType | None:
    """The type that the words of a title, slug or label state; None when they state none or two."""
    words = skeleton(text)
    stated = [kind for pattern, kind in _TYPES if pattern.search(words)]
    return stated[0] if len(stated) == 1 else None


def declares_question(title: str, slug: str) -> bool:
    """Whether a title or slug says that the page is a question (« … – QEG », « Question écrite
    n° 1234 : … »), and not merely that it is about one."""
    return bool(_DECLARED.search(f"| {skeleton(title)} | {skeleton(slug).replace('-', ' ')} |"))


def legislature_in(text: str) -> int | None:
    """The legislature that a text names (« 15e législature », « XVe législature »)."""
    found = _LEGISLATURE.search(skeleton(text))
    if not found:
        return None
    return int(found[1]) if found[1] else _roman(found[2])


def legislature_on(day: str) -> int | None:
    """The legislature in office on an ISO day; None between two or before the fourteenth."""
    for number, first, last in _CALENDAR:
        if first <= day <= last:
            return number
    return None


def _roman(numeral: str) -> int:
    values = [_ROMAN[letter] for letter in numeral]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < following else value for value, following in pairs)

"""When an answer is due: two months after a written question (article 135, alinéa 6, of the
Règlement de l'Assemblée nationale; article 75, alinéa 2, of the Règlement du Sénat). Oral questions
have no such term.

A term in months ends on the day of the same number, or on the month's last one where it has none
(article 641 of the Code de procédure civile).
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

MONTHS = 2
ORAL = ("QG", "QOSD")
"""The types of question that neither article says anything of."""
RULES = {
    "AN": "article 135 du règlement de l’Assemblée nationale",
    "Sénat": "article 75 du règlement du Sénat",
}


def rules_of(chambers: Iterable[str]) -> str:
    """The rules that give the term in these chambers, to print; of both where none is known."""
    return ", ".join(text for name, text in RULES.items() if name in (set(chambers) or RULES))


def due_day(asked: str | None) -> str | None:
    """The last day to answer a question asked on a day (`YYYY-MM-DD`); None of no day."""
    try:
        day = date.fromisoformat(asked or "")
        month = day.month - 1 + MONTHS
        year, number = day.year + month // 12, month % 12 + 1
        return date(year, number, min(day.day, monthrange(year, number)[1])).isoformat()
    except ValueError:
        return None

"""Who was asked, as an office: « Mme la ministre déléguée » and « M. le ministre délégué » are one.

Only the civility, the gender of two words and the typography are set aside; different wordings of
a title stay different offices, since joining them would be a guess.
"""

import re
import sqlite3

_CIVILITY = re.compile(
    r"^(?:(?:M\.|Mme|Mlle|MM\.|Monsieur|Madame|Messieurs|Mesdames)\s+)?(?:(?:le|la|les)\s+|l’)?",
    re.IGNORECASE,
)
_NEUTRAL = {"déléguée": "délégué", "chargée": "chargé", "haute-commissaire": "haut-commissaire"}
_GENDERED = re.compile(rf"\b(?:{'|'.join(_NEUTRAL)})\b")


def office(addressee: str | None) -> str | None:
    """The office behind an addressee as written: `ministre des solidarités et de la santé`."""
    if addressee is None:
        return None
    written = " ".join(addressee.replace("'", "’").split())
    title = _CIVILITY.sub("", written, count=1)
    title = title[:1].lower() + title[1:]
    return _GENDERED.sub(lambda found: _NEUTRAL[found[0]], title) or written


def register(connection: sqlite3.Connection) -> None:
    """Make `office(addressee)` callable in SQL."""
    connection.create_function("office", 1, office, deterministic=True)

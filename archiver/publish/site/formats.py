"""How numbers, days and words are written for French readers; the templates' filters.

Rules of the Imprimerie nationale: thin spaces in thousands, « 1er » for the first of a month, no
plural below two. Instants are shown in the time of Paris, and say so.
"""

from datetime import date

from archiver.instants import parse_instant
from archiver.publish.site.clock import PARIS
from archiver.publish.site.offices import office

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"
NO_BREAK = "\N{NO-BREAK SPACE}"
UNKNOWN = "inconnu"
_DAYS_IN_MONTH = 30.44

STATUS_NAMES = {
    "answered": "Répondue",
    "pending": "Sans réponse",
    "withdrawn": "Retirée",
    "lapsed": "Caduque",
    "unknown": "Statut inconnu",
}
TYPE_NAMES = {
    "QE": "Question écrite",
    "QG": "Question au Gouvernement",
    "QOSD": "Question orale sans débat",
}
KIND_NAMES = {"question": "Question", "news": "Actualité"}
EVENT_NAMES = {
    "new": "Vu pour la première fois",
    "answered": "Réponse arrivée",
    "edited": "Texte modifié",
    "retitled": "Titre modifié",
    "renamed": "Adresse modifiée",
    "comments": "Nombre de commentaires modifié",
    "votes": "Votes modifiés",
    "gone": "Disparu du site",
    "back": "Revenu sur le site",
}
LANGUAGES = {"fr": "français", "en": "anglais", "de": "allemand", "es": "espagnol"}


def number(value: float | None, digits: int = 0) -> str:
    """`1234.5` with one digit is « 1 234,5 »; None is « inconnu »."""
    if value is None:
        return UNKNOWN
    written = f"{value:,.{digits}f}"
    return written.replace(",", THIN_SPACE).replace(".", ",")


def count(value: int | None, singular: str, plural: str | None = None) -> str:
    """« 2 réponses », « 1 réponse », « 0 réponse »; the plural adds an s unless given."""
    if value is None:
        return f"nombre de {plural or singular + 's'} {UNKNOWN}"
    word = singular if abs(value) < 2 else (plural or singular + "s")
    return f"{number(value)}{NO_BREAK}{word}"


def percent(part: int, whole: int) -> str:
    """« 42 % », or a dash where there is no whole."""
    return f"{number(100 * part / whole)}{NO_BREAK}%" if whole else "–"


def day(value: str | None) -> str:
    """`2020-01-01` is « 1er janvier 2020 »; what is not a day is shown as it is."""
    if not value:
        return "date inconnue"
    try:
        parsed = date.fromisoformat(value[:10])
    except ValueError:
        return value
    return _written(parsed)


def month(value: str) -> str:
    """`2020-01` is « janvier 2020 »."""
    return f"{MONTHS[int(value[5:7]) - 1]} {value[:4]}"


def language(value: str | None) -> str:
    """A language tag by the French name of its language: `fr-FR` is « français »."""
    if not value:
        return "langue inconnue"
    return LANGUAGES.get(primary(value), value)


def primary(tag: str) -> str:
    """The language of a tag without its country: `fr-FR` is `fr`."""
    return tag.partition("-")[0].lower()


def is_foreign(value: str | None) -> bool:
    """Whether a text's language is known and is not French."""
    return bool(value) and primary(str(value)) != "fr"


def period(value: str) -> str:
    """A month as above; a year as it is."""
    return month(value) if "-" in value else value


def moment(value: str | None) -> str:
    """An instant is « 14 mars 2024 à 7 h 00 », in the time of Paris."""
    if not value:
        return "date inconnue"
    try:
        parsed = parse_instant(value).astimezone(PARIS)
    except ValueError:
        return value
    return f"{_written(parsed.date())} à {parsed.hour}{NO_BREAK}h{NO_BREAK}{parsed.minute:02d}"


def wait(days: int | None) -> str:
    """A wait in the unit a reader grasps: days up to three months, then months, then years."""
    if days is None:
        return "attente inconnue"
    if days < 92:
        return count(days, "jour")
    if days < 730:
        return f"{round(days / _DAYS_IN_MONTH)}{NO_BREAK}mois"
    years = days / 365.25
    return f"{number(years, 0 if abs(years - round(years)) < 0.05 else 1)}{NO_BREAK}ans"


def size(value: int | None) -> str:
    """Bytes as « 12,3 Mo »."""
    if value is None:
        return UNKNOWN
    amount = float(value)
    for unit in ("octets", "ko", "Mo", "Go"):
        if amount < 1000 or unit == "Go":
            return f"{number(amount, 0 if unit == 'octets' else 1)}{NO_BREAK}{unit}"
        amount /= 1000
    raise AssertionError("unreachable")


def addressee(value: str | None) -> str:
    """An addressee by its office: « Ministre de l’intérieur »."""
    title = office(value)
    return title[:1].upper() + title[1:] if title else "Destinataire non précisé"


def _written(value: date) -> str:
    first = "1er" if value.day == 1 else str(value.day)
    return f"{first}{NO_BREAK}{MONTHS[value.month - 1]}{NO_BREAK}{value.year}"

"""The filters of a search as its address names them, and as conditions on articles and questions.

Names and values in addresses are French; values that are not understood are kept, shown, and match
nothing, so that a wrong link is visible and not a wider search.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

from archiver.publish.site.formats import LANGUAGES
from archiver.publish.site.offices import office
from archiver.publish.site.search.words import fold

STATUS_SLUGS = {
    "answered": "repondue",
    "pending": "sans-reponse",
    "withdrawn": "retiree",
    "lapsed": "caduque",
    "unknown": "inconnu",
}
KIND_SLUGS = {"question": "question", "news": "actualite"}
STATE_SLUGS = {"gone": "disparu", "edited": "modifie", "commented": "commente"}
_STATUS_WORDS = {
    **{slug: status for status, slug in STATUS_SLUGS.items()},
    **{status: status for status in STATUS_SLUGS},
    "attente": "pending",
    "en-attente": "pending",
    "sans": "pending",
    "reponse": "answered",
    "repondu": "answered",
    "retire": "withdrawn",
    "caduc": "lapsed",
}
_KIND_WORDS = {"question": "question", "questions": "question", "actualite": "news", "news": "news"}
_LANGUAGE_WORDS = {fold(name): tag for tag, name in LANGUAGES.items()}
_STATE_CONDITIONS = {
    "disparu": "f.gone_at is not null",
    "modifie": "f.edited",
    "commente": "f.comment_count > 0",
}
OVERDUE_SLUG = "en-retard"
OTHER_SLUG = "autre"
"""Neither answered nor pending."""

UNKNOWN_WAIT = UNKNOWN_LEGISLATURE = "inconnue"

# Two months to answer (`site.deadlines`). SQLite counts 30 February as 2 March: the first of the
# month before is as late as the day two months ago can be.
DEADLINE = "min(date(:today, '-2 months'), date(:today, 'start of month', '-1 month'))"


def _each(column: str) -> str:
    """The query for each value of a column of `facets`, in order, by leaps through its index."""
    return f"""
  with recursive known(value) as (
    select min({column}) from facets
    union all
    select (select min(f.{column}) from facets f where f.{column} > known.value)
    from known where known.value is not null
  )
  select value from known where value is not null
"""


ADDRESSEES, LEGISLATURES = _each("addressee"), _each("legislature")
_LEGISLATURE = re.compile(r"(\d{1,3})(?:e|ème)?", re.ASCII)
_RANGE = re.compile(r"(\d{0,5})-(\d{0,5})")


@dataclass(frozen=True, slots=True)
class Filters:
    """One value per filter, as typed; an empty value filters nothing. `du` and `au` are the first
    and the last year, month or day of publication; `attente` is a range of days `from-to`, the end
    excluded, either one left out, or UNKNOWN_WAIT; `etat` a word of STATE_SLUGS."""

    statut: str = ""
    ministre: str = ""
    annee: str = ""
    mois: str = ""
    du: str = ""
    au: str = ""
    type: str = ""
    legislature: str = ""
    genre: str = ""
    langue: str = ""
    categorie: str = ""
    site: str = ""
    attente: str = ""
    etat: str = ""

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The filters that are set, as (name, value), in a stable order."""
        named = ((field.name, str(getattr(self, field.name))) for field in fields(self))
        return tuple((name, value) for name, value in named if value)


FILTER_NAMES = tuple(field.name for field in fields(Filters))


@dataclass(frozen=True, slots=True)
class Conditions:
    """SQL conditions on `facets f`, the narrow rows that the store keeps: on what they say of
    articles and of questions, with the values they bind."""

    on_article: tuple[str, ...]
    on_question: tuple[str, ...]
    values: Mapping[str, str | int]


def conditions(filters: Filters, today: str) -> Conditions:
    """The conditions, on the day `today`, of the filters that are set; one that cannot hold is
    `0`."""
    on_article: list[str] = []
    on_question: list[str] = []
    values: dict[str, str | int] = {}
    for name, value in filters.pairs():
        match name:
            case "statut":
                on_question.append(_of_status(_slug(value), today, values))
            case "ministre":
                values[name] = office(value) or value
                on_question.append(
                    "f.addressee in"
                    f" (select value from ({ADDRESSEES}) where office(value) = :ministre)"
                )
            case "type":
                values[name] = value.upper()
                on_question.append("f.type = :type")
            case "legislature":
                on_question.append(_of_legislature(value, values))
            case "attente":
                on_question.append(_waited(value, values))
            case "genre":
                values[name] = _KIND_WORDS.get(_slug(value), value)
                on_article.append("f.kind = :genre")
            case "annee" | "mois" | "du" | "au":
                published = _published if name in {"annee", "mois"} else _between
                on_article.append(published(name, value, values))
            case "langue":
                on_article.append(_in_language(value, values))
            case "site":
                values[name] = value
                on_article.append("f.site_id = :site")
            case "categorie":
                values[name] = value
                on_article.append(
                    "exists (select 1 from json_each(f.categories) where value = :categorie)"
                )
            case "etat":
                on_article.append(_STATE_CONDITIONS.get(_slug(value), "0"))
    return Conditions(tuple(on_article), tuple(on_question), values)


def _slug(value: str) -> str:
    return fold(value).replace(" ", "-")


def _of_status(slug: str, today: str, values: dict[str, str | int]) -> str:
    if slug == OVERDUE_SLUG:
        values["today"] = today
        return f"f.status = 'pending' and f.since < {DEADLINE}"
    if slug == OTHER_SLUG:
        return "f.status not in ('answered', 'pending')"
    values["statut"] = _STATUS_WORDS.get(slug, slug)
    return "f.status = :statut"


def legislature_key(value: str) -> str:
    """A legislature by its number alone, or UNKNOWN_LEGISLATURE, however a reader writes it
    (`16e`, `Inconnue`); "" when it is neither."""
    if _slug(value) == UNKNOWN_LEGISLATURE:
        return UNKNOWN_LEGISLATURE
    number = _LEGISLATURE.fullmatch(value)
    return str(int(number[1])) if number else ""


def _of_legislature(value: str, values: dict[str, str | int]) -> str:
    """A legislature; what is of no known one is in none but its own."""
    key = legislature_key(value)
    if key == UNKNOWN_LEGISLATURE:
        return "f.legislature is null and f.status > ''"
    if not key:
        return "0"
    values["legislature"] = int(key)
    return "f.legislature = :legislature"


def _in_language(value: str, values: dict[str, str | int]) -> str:
    """A language by its name or its tag, which has those of its countries with it: `fr` finds
    `fr-FR`."""
    values["langue"] = tag = _LANGUAGE_WORDS.get(fold(value), value.lower())
    values["langue_length"] = len(tag) + 1
    return "lower(substr(f.lang, 1, :langue_length)) in (:langue, :langue || '-')"


def _published(name: str, value: str, values: dict[str, str | int]) -> str:
    """A year or month as a range of days, so that the index on the day serves."""
    shape = r"\d{4}" if name == "annee" else r"\d{4}-\d{2}"
    if not re.fullmatch(shape, value, re.ASCII):
        return "0"
    values[name] = value
    values[f"{name}_end"] = f"{value}~"
    return f"f.published_on >= :{name} and f.published_on < :{name}_end"


def _between(name: str, value: str, values: dict[str, str | int]) -> str:
    """From the beginning of a year, month or day on, or until its end."""
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", value, re.ASCII):
        return "0"
    values[name] = value if name == "du" else f"{value}~"
    return f"f.published_on {'>=' if name == 'du' else '<'} :{name}"


def _waited(value: str, values: dict[str, str | int]) -> str:
    """Days from question to answer, within a range; unknown waits are in none but their own."""
    if _slug(value) == UNKNOWN_WAIT:
        return "f.status = 'answered' and not coalesce(f.wait >= 0, 0)"
    bounds = _RANGE.fullmatch(value)
    if bounds is None:
        return "0"
    low, high = bounds.groups()
    parts = ["f.status = 'answered'", "f.wait >= :wait_from"]
    values["wait_from"] = int(low or 0)
    if high:
        parts.append("f.wait < :wait_to")
        values["wait_to"] = int(high)
    return " and ".join(parts)

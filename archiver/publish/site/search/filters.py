"""The filters of a search as its address names them, and as conditions on articles and questions.

Names and values in addresses are French; values that are not understood are kept, shown, and match
nothing, so that a wrong link is visible and not a wider search.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

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
_STATE_CONDITIONS = {
    "disparu": "a.gone_at is not null",
    "modifie": "a.id in (select article_id from events where kind in ('edited', 'retitled'))",
    "commente": "a.comment_count > 0",
}
# Two months to answer (`site.deadlines`). SQLite counts 30 February as 2 March: the first of the
# month before is as late as the day two months ago can be.
OVERDUE = (
    "q.status = 'pending' and coalesce(q.asked_on, a.published_on)"
    " < min(date(:today, '-2 months'), date(:today, 'start of month', '-1 month'))"
)
OVERDUE_SLUG = "en-retard"
_HELD_OFFICE = (
    "q.addressee in (select addressee from (select distinct addressee from questions)"
    " where office(addressee) = :ministre)"
)
_WAIT = "cast(julianday(q.answered_on) - julianday(q.asked_on) as integer)"
_RANGE = re.compile(r"(\d{0,5})-(\d{0,5})")


@dataclass(frozen=True, slots=True)
class Filters:
    """One value per filter, as typed; an empty value filters nothing. `attente` is a range of days
    `from-to`, the end excluded, either one left out; `etat` a word of STATE_SLUGS."""

    statut: str = ""
    ministre: str = ""
    annee: str = ""
    mois: str = ""
    type: str = ""
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
    """SQL conditions on `articles a` and on `questions q`, with the values they bind."""

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
            case "statut" if _slug(value) == OVERDUE_SLUG:
                values["today"] = today
                on_question.append(OVERDUE)
            case "statut":
                values[name] = _STATUS_WORDS.get(_slug(value), value)
                on_question.append("q.status = :statut")
            case "ministre":
                values[name] = office(value) or value
                on_question.append(_HELD_OFFICE)
            case "type":
                values[name] = value.upper()
                on_question.append("q.type = :type")
            case "attente":
                on_question.append(_waited(value, values))
            case "genre":
                values[name] = _KIND_WORDS.get(_slug(value), value)
                on_article.append("a.kind = :genre")
            case "annee" | "mois":
                on_article.append(_published(name, value, values))
            case "langue":
                values[name] = value
                on_article.append("a.lang = :langue")
            case "site":
                values[name] = value
                on_article.append("a.site_id = :site")
            case "categorie":
                values[name] = value
                on_article.append(
                    "exists (select 1 from json_each(a.categories) where value = :categorie)"
                )
            case "etat":
                on_article.append(_STATE_CONDITIONS.get(_slug(value), "0"))
    return Conditions(tuple(on_article), tuple(on_question), values)


def _slug(value: str) -> str:
    return fold(value).replace(" ", "-")


def _published(name: str, value: str, values: dict[str, str | int]) -> str:
    """A year or month as a range of days, so that the index on the day serves."""
    shape = r"\d{4}" if name == "annee" else r"\d{4}-\d{2}"
    if not re.fullmatch(shape, value, re.ASCII):
        return "0"
    values[name] = value
    values[f"{name}_end"] = f"{value}~"
    return f"a.published_on >= :{name} and a.published_on < :{name}_end"


def _waited(value: str, values: dict[str, str | int]) -> str:
    """Days from question to answer, within a range; unknown waits are in none."""
    bounds = _RANGE.fullmatch(value)
    if bounds is None:
        return "0"
    low, high = bounds.groups()
    parts = ["q.status = 'answered'", f"{_WAIT} >= :wait_from"]
    values["wait_from"] = int(low or 0)
    if high:
        parts.append(f"{_WAIT} < :wait_to")
        values["wait_to"] = int(high)
    return " and ".join(parts)

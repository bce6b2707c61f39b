"""Filter values as a reader reads them and as an address says them."""

from collections.abc import Callable, Mapping

from archiver.publish.site.formats import (
    KIND_NAMES,
    STATUS_NAMES,
    TYPE_NAMES,
    addressee,
    day,
    language,
    month,
)
from archiver.publish.site.search.filters import (
    KIND_SLUGS,
    OTHER_SLUG,
    OVERDUE_SLUG,
    STATE_SLUGS,
    STATUS_SLUGS,
    UNKNOWN_WAIT,
)

_STATUSES = {
    **STATUS_NAMES,
    **{slug: STATUS_NAMES[status] for status, slug in STATUS_SLUGS.items()},
    OTHER_SLUG: "Ni répondue, ni sans réponse",
    OVERDUE_SLUG: "En retard (plus de deux mois)",
}
_KINDS = {**KIND_NAMES, **{slug: KIND_NAMES[kind] for kind, slug in KIND_SLUGS.items()}}
_STATES = {
    STATE_SLUGS["gone"]: "disparu du site",
    STATE_SLUGS["edited"]: "modifié depuis sa première capture",
    STATE_SLUGS["commented"]: "commenté",
}


def _from(names: Mapping[str, str]) -> Callable[[str], str]:
    return lambda value: names.get(value, value)


def _month(value: str) -> str:
    year, _, number = value.partition("-")
    known = year.isdigit() and number.isdigit() and 1 <= int(number) <= 12
    return month(value) if known and len(value) == 7 else value


def _beginning(value: str) -> str:
    return day(value) if value.count("-") == 2 else _month(value)


def _range_of_days(value: str) -> str:
    if value == UNKNOWN_WAIT:
        return "inconnu"
    low, _, high = value.partition("-")
    return f"{low or 0} à {high} jours" if high else f"{low} jours et plus"


def _legislature(value: str) -> str:
    return f"{value}e" if value.isdigit() else value


_NAMERS: Mapping[str, Callable[[str], str]] = {
    "statut": _from(_STATUSES),
    "genre": _from(_KINDS),
    "etat": _from(_STATES),
    "langue": language,
    "type": lambda value: TYPE_NAMES.get(value.upper(), value),
    "legislature": _legislature,
    "ministre": addressee,
    "mois": _month,
    "du": _beginning,
    "au": _beginning,
    "attente": _range_of_days,
}
_SLUGS: Mapping[str, Mapping[str, str]] = {"statut": STATUS_SLUGS, "genre": KIND_SLUGS}


def value_name(name: str, value: str) -> str:
    """A value of the filter `name` in French, from the database's word or the address's."""
    namer = _NAMERS.get(name)
    return namer(value) if namer else value


def slug_of(name: str, value: str) -> str:
    """A value of the database as an address says it."""
    return _SLUGS.get(name, {}).get(value, value)

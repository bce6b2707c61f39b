"""A search as an address says it: the query string read, and written again with changes."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args

from archiver.publish.site.addresses import with_query
from archiver.publish.site.queries.searching import Asked, Order
from archiver.publish.site.search.filters import FILTER_NAMES, Filters
from archiver.publish.site.search.typed import LONGEST, read_typed

DEEPEST_PAGE = 500


@dataclass(frozen=True, slots=True)
class Request:
    """A search as its address says it; filters typed in the box win over those of the address."""

    text: str
    asked: Asked
    order: Order
    page: int

    def pairs(self, **changes: str) -> list[tuple[str, str]]:
        """The address's parameters with some changed; an empty value removes one. A change takes
        back to the first page."""
        kept = _kept(self.text, self.asked.filters, self.order, wide=self.asked.wide)
        return list({**kept, **changes}.items())

    def link(self, path: str = "/recherche", **changes: str) -> str:
        """The address of this search, some parameters changed."""
        return with_query(path, self.pairs(**changes))


@lru_cache(maxsize=64)
def _kept(text: str, filters: Filters, order: Order, *, wide: bool) -> dict[str, str]:
    """The parameters of a search, of which a page makes some hundred links."""
    return {
        "q": text,
        **dict(filters.pairs()),
        "elargir": "1" if wide else "",
        "tri": "" if order == "pertinence" else order,
    }


def read_request(args: Any, day: str) -> Request:
    """Read a query string; nothing in it is an error."""
    text = (args.get("q") or "")[:LONGEST].strip()
    typed = read_typed(text)
    given = {name: (args.get(name) or "")[:LONGEST].strip() for name in FILTER_NAMES}
    filters = Filters(**{**given, **dict(typed.fields)})
    order = args.get("tri")
    return Request(
        text,
        Asked(typed, filters, day, wide=args.get("elargir") == "1"),
        order if order in get_args(Order) else "pertinence",
        page_number(args),
    )


def page_number(args: Any, deepest: int = DEEPEST_PAGE) -> int:
    """The page that a query string asks for, at most the `deepest`; the first when it asks for none
    that there can be."""
    number = args.get("page") or "1"
    if not (number.isascii() and number.isdigit()):
        return 1
    return min(max(int(number[:9]), 1), deepest)

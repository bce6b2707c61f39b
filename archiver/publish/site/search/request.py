"""A search as an address says it: the query string read, and written again with changes."""

from dataclasses import dataclass
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
        kept = {
            "q": self.text,
            **dict(self.asked.filters.pairs()),
            "elargir": "1" if self.asked.wide else "",
            "tri": "" if self.order == "pertinence" else self.order,
        }
        return list({**kept, **changes}.items())

    def link(self, path: str = "/recherche", **changes: str) -> str:
        """The address of this search, some parameters changed."""
        return with_query(path, self.pairs(**changes))


def read_request(args: Any, day: str) -> Request:
    """Read a query string; nothing in it is an error."""
    text = (args.get("q") or "")[:LONGEST].strip()
    typed = read_typed(text)
    given = {name: (args.get(name) or "")[:LONGEST].strip() for name in FILTER_NAMES}
    filters = Filters(**{**given, **dict(typed.fields)})
    order = args.get("tri")
    number = args.get("page") or "1"
    return Request(
        text,
        Asked(typed, filters, day, wide=args.get("elargir") == "1"),
        order if order in get_args(Order) else "pertinence",
        min(max(int(number), 1), DEEPEST_PAGE) if number.isascii() and number.isdigit() else 1,
    )

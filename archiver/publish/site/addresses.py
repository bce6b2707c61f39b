"""The addresses of the reading site, which outlive a rebuild of the database.

An article is named by its site and its WordPress post ID, or by the path of its URL where it has
no ID (or shares it): never by a row's id, which a rebuild may change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

ARTICLE_PATTERN = "(?P<site>[^/]+)/(?P<key>.+?)"
"""An article within a path, as a regular expression."""

# The key of an article that is its site's home page.
ROOT_KEY = "~"


@dataclass(frozen=True, slots=True)
class ArticleName:
    """What an address says of an article: `key` is a post ID in digits or a URL's path (with its
    query, if any) without the leading slash."""

    site_id: str
    key: str

    @property
    def post_id(self) -> int | None:
        """The post ID when the key is one; SQLite's integers end at 63 bits."""
        return (
            int(self.key)
            if self.key.isascii() and self.key.isdigit() and len(self.key) < 19
            else None
        )


def article_key(url: str, post_id: int | None, *, shared: bool = False) -> str:
    """The key of an article; `shared` says that another article of the site has its post ID."""
    if post_id is not None and not shared:
        return str(post_id)
    parts = urlsplit(url)
    path = parts.path.lstrip("/") or ROOT_KEY
    return f"{path}?{parts.query}" if parts.query else path


@lru_cache(maxsize=4096)
def article_path(site_id: str, key: str, view: str = "article") -> str:
    """The path of one of an article's pages, quoted."""
    return f"/{view}/{quote(site_id, safe=':')}/{quote(key)}"


def proof_path(record_id: str) -> str:
    """The path of the page of a capture, which its WARC-Record-ID names."""
    return f"/preuve/{quote(record_id, safe=':')}"


def official_record(legislature: int | None, kind: str | None, number: str | None) -> str | None:
    """The address of a question's record at the Assemblée nationale (`q15/15-25201QE.htm`), where
    its legislature, type and number are known."""
    digits = "".join(number.split()).replace(".", "") if number else ""
    if not (legislature and kind and digits.isascii() and digits.isdigit() and len(digits) < 8):
        return None
    name = f"q{legislature}/{legislature}-{digits}{kind}.htm"
    return f"https://questions.assemblee-nationale.fr/{name}"


def linker(datasette: Any, request: Any) -> Callable[[str], str]:
    """Makes paths of this site absolute addresses, under the name by which it is asked."""
    root = str(datasette.absolute_url(request, "/")).removesuffix("/")
    return lambda path: root + path


def with_query(path: str, pairs: Mapping[str, str] | Sequence[tuple[str, str]]) -> str:
    """A path with a query string; empty values are left out."""
    items = pairs.items() if isinstance(pairs, Mapping) else pairs
    query = "&".join(_parameter(name, value) for name, value in items if value)
    return f"{path}?{query}" if query else path


@lru_cache(maxsize=4096)
def _parameter(name: str, value: str) -> str:
    """One parameter as it is quoted; the links of a page repeat most of theirs."""
    return urlencode(((name, value),))

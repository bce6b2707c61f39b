"""The addresses of the reading site, which outlive a rebuild of the database.

An article is named by its site and its WordPress post ID, or by the path of its URL where it has
no ID (or shares it): never by a row's id, which a rebuild may change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

ARTICLE_PATTERN = "(?P<site>[^/]+)/(?P<key>.+?)"
"""An article within a path, as a regular expression."""

# The key of an article that is its site's home page.
ROOT_KEY = "~"


class Numbered(Protocol):
    """What names a question among those of its chamber."""

    @property
    def type(self) -> str | None: ...

    @property
    def number(self) -> str | None: ...

    @property
    def legislature(self) -> int | None: ...

    @property
    def asked_on(self) -> str | None: ...


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


def original_path(url: str) -> str | None:
    """The path that leads to the page of the article whose original address is given, by the name
    of its site (`Profile.site_id`) and the path of its URL; None when that is no web address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    return article_path(parts.netloc.lower().removeprefix("www."), article_key(url, None))


def proof_path(record_id: str) -> str:
    """The path of the page of a capture, which its WARC-Record-ID names."""
    return f"/preuve/{quote(record_id, safe=':')}"


def official_record(question: Numbered, chamber: str | None) -> str | None:
    """The address of a question's record at its author's chamber, where all that makes it up is
    known: at the Assemblée nationale legislature, type and number (`q15/15-25201QE.htm`), at the
    Sénat, for written questions, the month of publication and the number (`qSEQ190811849.html`)."""
    digits = "".join(question.number.split()).replace(".", "") if question.number else ""
    if not (digits.isascii() and digits.isdigit()):
        return None
    if chamber == "Sénat" and question.type == "QE" and question.asked_on and len(digits) <= 5:
        year, month, _ = question.asked_on.split("-")
        name = f"{year}/qSEQ{year[2:]}{month}{digits:0>5}.html"
        return f"https://www.senat.fr/questions/base/{name}"
    if chamber == "AN" and question.type and question.legislature and len(digits) <= 6:
        name = f"q{question.legislature}/{question.legislature}-{digits}{question.type}.htm"
        return f"https://questions.assemblee-nationale.fr/{name}"
    return None


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

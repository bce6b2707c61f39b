"""URLs made comparable: their normal form, the key that tells pages apart, and what is in scope.

The normal form follows RFC 3986 section 6.2.2 and the WHATWG way of reading sloppy links. WordPress
answers a path in any letter case and with or without its final slash, so the key folds both. All
functions are pure and total: a string that is no web address comes back as it is.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote, unquote, unquote_to_bytes, urljoin, urlsplit

from archiver.profiles.model import Profile

LONGEST_URL = 2_000
MOST_REPEATS = 2
"""How often one path segment may occur: more is a link that feeds on itself."""

KNOWN = 2_048
"""URLs remembered by each function: the menus that pages share, and the links of a few pages."""

_WEB = ("http://", "https://")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_NORMAL = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::(?!443/)(?:[1-9]\d{2,3}|[1-5]\d{4}))?"
    r"/(?:(?!\.)[\w~!$&'()*+,;=:@.-]+/)*(?:(?!\.)[\w~!$&'()*+,;=:@.-]+)?(?:\?ver=[\w.-]+)?",
    re.ASCII,
)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_LOOSE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NON_ASCII_ESCAPES = re.compile(r"(?:%[89a-f][0-9a-f])+")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT_IN_PATH = "/:@!$&'()*+,;=~%"
_KEPT_IN_QUERY = _KEPT_IN_PATH + "?"
_TRACKING = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_(?:campaign|kwd|source|medium|content)|fbclid|gclid|gbraid|wbraid"
    r"|dclid|msclkid|twclid|ttclid|yclid|igshid|igsh|mc_cid|mc_eid|_gl|_ga)(?:=|$)",
    re.IGNORECASE,
)
_STRIPPED = "".join(map(chr, range(0x21)))
_BREAKS = re.compile(r"[\t\n\r]")


@lru_cache(maxsize=KNOWN)
def normalise(url: str) -> str:
    """The normal form of an absolute http(s) URL: scheme and host in lower case, IDNA host, no
    default port, dot segments resolved, escapes in upper case and only where needed, no fragment,
    no tracking parameters. Anything else comes back unchanged."""
    if _NORMAL.fullmatch(url):
        return url
    tidy = _BREAKS.sub("", url.strip(_STRIPPED))
    try:
        parts = urlsplit(tidy)
        port = parts.port
    except ValueError:
        return url
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return url
    host = _ascii_host(parts.hostname)
    if not host or port == 0:
        return url
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{port}"
    user, at, _ = parts.netloc.rpartition("@")
    path = _without_dots(_escaped(parts.path.replace("\\", "/"), _KEPT_IN_PATH)) or "/"
    query = "&".join(
        pair
        for pair in _escaped(parts.query, _KEPT_IN_QUERY).split("&")
        if pair and not _TRACKING.match(pair)
    )
    return f"{parts.scheme}://{user}{at}{host}{path}{'?' if query else ''}{query}"


def resolve(base: str, link: str) -> str | None:
    """The normal form of a link found on the page `base`; None unless it leads to a web address."""
    if not link.startswith(_WEB):
        link = link.strip(_STRIPPED)
        if not link or link.startswith(("#", "mailto:", "tel:", "javascript:", "data:")):
            return None
        try:
            link = urljoin(base, link)
        except ValueError:
            return None
    return _web_address(link)


@lru_cache(maxsize=KNOWN)
def _web_address(link: str) -> str | None:
    if _NORMAL.fullmatch(link):
        return link if len(link) <= LONGEST_URL else None
    url = normalise(link)
    return url if len(url) <= LONGEST_URL and url.isascii() and host_of(url) else None


def resolve_all(base: str, links: Iterable[str | None], most: int) -> tuple[str, ...]:
    """At most `most` links resolved, in their order, without duplicates."""
    found: dict[str, None] = {}
    for link in dict.fromkeys(links):
        if link and (url := resolve(base, link)):
            found[url] = None
            if len(found) == most:
                break
    return tuple(found)


@lru_cache(maxsize=KNOWN)
def url_key(url: str) -> str:
    """What two URLs of one page share: host without `www.` and default port, path without its
    final slash and in lower case, query in sorted order; no scheme."""
    site = host_of(url)
    if not site:
        return url
    parts = urlsplit(normalise(url))
    path = _NON_ASCII_ESCAPES.sub(_lower_escapes, parts.path.lower()).rstrip("/")
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{site}{path}{'?' if query else ''}{query}"


@lru_cache(maxsize=KNOWN)
def host_of(url: str) -> str:
    """The site a URL belongs to: its host without `www.`, with the port unless it is the default
    one; "" when the URL is no web address."""
    try:
        parts = urlsplit(normalise(url))
        named = _ascii_host(parts.hostname or "")
        if parts.scheme not in _DEFAULT_PORTS or not named or parts.port == 0:
            return ""
    except ValueError:
        return ""
    return parts.netloc.rpartition("@")[2].removeprefix("www.")


def slug_in(url: str) -> str:
    """The last part of a URL's path, as a reader would write it."""
    return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])


def in_scope(url: str, profile: Profile, *, asset: bool = False) -> bool:
    """Whether a crawl of the profile's site may fetch a URL found on the way: a host of the site
    (scheme and `www.` aside), not excluded by the profile, no trap by its length or its shape. An
    `asset` that a page needs may also lie on one of the profile's asset hosts."""
    if len(url) > LONGEST_URL:
        return False
    site = host_of(url)
    hosts = (*profile.hosts, *profile.asset_hosts) if asset else profile.hosts
    if not site or site not in _hosts(profile.home_url, hosts):
        return False
    parts = urlsplit(normalise(url))
    if "@" in parts.netloc:
        return False
    segments = [segment for segment in parts.path.split("/") if segment]
    if any(segments.count(segment) > MOST_REPEATS for segment in set(segments)):
        return False
    address = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return not any(rule.search(address) for rule in _rules(profile.exclude))


@lru_cache(maxsize=64)
def _hosts(home_url: str, hosts: tuple[str, ...]) -> frozenset[str]:
    return frozenset((host_of(home_url), *(host_of(f"https://{host}/") for host in hosts)))


@lru_cache(maxsize=64)
def _rules(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _ascii_host(host: str) -> str:
    """A host without final dots; "" when it has nothing else."""
    host = host.lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = quote(host, errors="replace").lower()
    return host.rstrip(".")


def _escaped(text: str, kept: str) -> str:
    """Escapes only where needed and in upper case (RFC 3986 sections 6.2.2.1 and 6.2.2.2)."""
    text = _LOOSE_PERCENT.sub("%25", text)
    return _ESCAPE.sub(_tidy_escape, quote(text, safe=kept, errors="replace"))


def _tidy_escape(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character in _UNRESERVED else found[0].upper()


def _lower_escapes(found: re.Match[str]) -> str:
    raw = unquote_to_bytes(found[0])
    try:
        return quote(raw.decode().lower())
    except UnicodeDecodeError:
        return found[0].upper()


def _without_dots(path: str) -> str:
    """The path with its dot segments removed (RFC 3986 section 5.2.4)."""
    if "/." not in path:
        return path
    return "/" + "/".join(_kept_segments(path.split("/")[1:]))


def _kept_segments(segments: list[str]) -> Iterator[str]:
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return iter(kept)

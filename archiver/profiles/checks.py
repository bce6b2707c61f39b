"""What a profile's values must be to mean anything: each check names the key it refuses.

Patterns must compile, selectors must parse with the parser that will run them, the time zone must
exist, and no file may make a crawl of somebody else's server less polite than the default.
"""

import ipaddress
import math
import re
from collections.abc import Iterator
from dataclasses import fields
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from archiver.errors import BadInput
from archiver.profiles.model import Profile, Rules
from archiver.profiles.reading import near

SHORTEST_PAUSE = 1.0
LONGEST_PAUSE = 3_600.0
SELECTORS = frozenset(
    ("title", "date", "author", "categories", "tags", "content", "remove", "listing_item")
)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*(?::\d{1,5})?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def check(profile: Profile, where: str) -> None:
    """BadInput, its sentence beginning with `where`, at the first value that cannot be used."""
    for key, fault in _faults(profile):
        raise BadInput(f"{where}: {key} {fault}.")


def check_politeness(profile: Profile, where: str) -> None:
    """BadInput when a pause shorter than the default is asked for on a server that is not on this
    machine: only the command line may do that, on the operator's own responsibility."""
    if profile.delay < SHORTEST_PAUSE and not is_loopback(profile.home_url):
        raise BadInput(
            f"{where}: delay must be at least {SHORTEST_PAUSE:g} second for a public host;"
            " on your own server use --delay."
        )


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine, by its literal address or as `localhost`."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def web_host(url: str) -> str:
    """The host and port of an http(s) URL as written, without user name; "" if it has none."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return ""
    return parts.netloc if usable and "@" not in parts.netloc and not _blank(url) else ""


def _blank(url: str) -> bool:
    return any(character.isspace() for character in url)


def _faults(profile: Profile) -> Iterator[tuple[str, str]]:
    if not web_host(profile.home_url):
        yield "home_url", f"“{profile.home_url}” is not an http or https address"
    for key in ("hosts", "asset_hosts"):
        for host in getattr(profile, key):
            if not _HOST.fullmatch(host):
                yield key, f"has “{host}”, which is not a host name such as example.org"
    if not _LANGUAGE.fullmatch(profile.language):
        yield "language", f"“{profile.language}” is not a language tag such as fr"
    if not _zone_exists(profile.time_zone):
        zones = tuple(available_timezones())
        yield (
            "time_zone",
            f"“{profile.time_zone}” is not a known time zone{near(profile.time_zone, zones)}",
        )
    if not (math.isfinite(profile.delay) and 0 <= profile.delay <= LONGEST_PAUSE):
        yield "delay", f"must be between 0 and {LONGEST_PAUSE:.0f} seconds"
    for key in ("max_pages", "max_depth", "refresh_days"):
        if getattr(profile, key) < 1:
            yield key, "must be at least 1"
    yield from _pattern_faults(profile.exclude)
    if profile.deputy is not None and any(number < 1 for number in profile.deputy.legislatures):
        yield "deputy.legislatures", "must be numbers from 1 up"
    yield from _rule_faults(profile.rules, "rules")
    for number, era in enumerate(profile.eras):
        yield from _rule_faults(era.rules, f"eras[{number}].rules")


def _pattern_faults(patterns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            yield "exclude", f"has “{pattern}”, which is not a regular expression ({error})"


def _zone_exists(key: str) -> bool:
    try:
        ZoneInfo(key)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _rule_faults(rules: Rules, prefix: str) -> Iterator[tuple[str, str]]:
    for field in fields(rules):
        for value in getattr(rules, field.name):
            key = f"{prefix}.{field.name}"
            if not value.strip():
                yield key, "has an empty entry"
            elif field.name in SELECTORS and not _selects(value):
                yield key, f"has “{value}”, which is not a CSS selector"


def _selects(selector: str) -> bool:
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    try:
        LexborHTMLParser("<p>").css(selector)
    except SelectolaxError:
        return False
    return True

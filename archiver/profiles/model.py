"""A site's profile: everything peculiar to one site, as data.

A profile is one TOML file laid over the generic WordPress rules (`wordpress.toml`). It travels
whole in each WARC's warcinfo record, so that the archive can be read again without this package's
copy of it.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


Chamber = Literal["AN", "Sénat"]


@dataclass(frozen=True, slots=True)
class Deputy:
    """The elected person whose site it is; `legislatures` are those of the mandates held."""

    name: str
    chamber: Chamber | None = None
    official_id: str | None = None
    legislatures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """How to read the site's pages: CSS selectors tried before the generic ones, and label words
    (without colon) accepted besides the usual ones. An empty tuple adds nothing."""

    title: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    listing_item: tuple[str, ...] = ()
    question_labels: tuple[str, ...] = ()
    answer_labels: tuple[str, ...] = ()
    pending_phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Era:
    """Rules that held up to and including a day, for captures made before a redesign."""

    until: date
    rules: Rules


@dataclass(frozen=True, slots=True)
class Profile:
    """One site. `home_url` is the seed, `hosts` further hosts in scope besides the seed's own and
    its www twin, `asset_hosts` hosts whose images and stylesheets belong to the pages, `exclude`
    regular expressions searched in a URL's path and query. `delay` is seconds between requests;
    a page younger than `refresh_days` is not asked for again for its age alone."""

    name: str
    home_url: str
    title: str | None = None
    deputy: Deputy | None = None
    language: str = "fr"
    time_zone: str = "Europe/Paris"
    contact: str | None = None
    delay: float = 1.0
    max_pages: int = 20_000
    max_depth: int = 6
    follow_twins: bool = False
    hosts: tuple[str, ...] = ()
    asset_hosts: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    refresh_days: int = 7
    rules: Rules = field(default_factory=Rules)
    eras: tuple[Era, ...] = ()

    @property
    def site_id(self) -> str:
        """The seed's host, which names the site: without www, with a port that is not the usual."""
        parts = urlsplit(self.home_url)
        host = (parts.hostname or "").removeprefix("www.")
        usual = parts.port in (None, DEFAULT_PORTS.get(parts.scheme))
        return host if usual else f"{host}:{parts.port}"

    def rules_on(self, day: date) -> Rules:
        """The rules for a page captured on `day`: of the earliest era that had not ended."""
        held = [era for era in self.eras if day <= era.until]
        return min(held, key=lambda era: era.until).rules if held else self.rules

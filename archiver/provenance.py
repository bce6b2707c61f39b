"""Where captures come from: the crawl that made them, written into every WARC's warcinfo record.

With it a WARC file alone is enough to rebuild the rows: the crawl's identity, the seed, the
operator and the whole profile are in it. Field names: WARC 1.1 section 6.2, IIPC implementation
guidelines; ours begin with `archiver-`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, get_args

from archiver.errors import BadInput
from archiver.instants import parse_instant
from archiver.profiles import from_mapping, to_mapping
from archiver.profiles.model import Profile

Source = Literal["live", "wayback", "import"]
_SOURCES: dict[str, Source] = {source: source for source in get_args(Source)}


@dataclass(frozen=True, slots=True)
class Provenance:
    """One crawl or import; `options` are those given on the command line, `operator` the contact
    it ran under.

    `site_id` is None for an import, whose files may hold many sites: each host is then a site of
    its own, read by that one of `profiles` whose host it is, else by `profile`, the generic rules.
    `resumed_at` is when an interrupted crawl was taken up again.
    """

    crawl_id: int
    site_id: str | None
    source: Source
    started_at: str
    version: str
    profile: Profile
    user_agent: str | None = None
    operator: str | None = None
    options: Mapping[str, Any] | None = None
    profiles: tuple[Profile, ...] = ()
    resumed_at: str | None = None

    def profile_of(self, host: str) -> Profile:
        """The profile by which pages of `host` (without www) are read."""
        if self.site_id is not None:
            return self.profile
        return _profile_of(host, self.profile, self.profiles)

    def fields(self) -> dict[str, str]:
        """As the fields of a warcinfo record."""
        crawl = {
            "id": self.crawl_id,
            "site": self.site_id,
            "source": self.source,
            "started_at": self.started_at,
            "resumed_at": self.resumed_at,
            "version": self.version,
            "user_agent": self.user_agent,
            "operator": self.operator,
            "options": dict(self.options or {}),
        }
        of_what = self.profile.home_url if self.site_id else "several sites"
        fields = {
            "software": f"archiver/{self.version}",
            "isPartOf": f"{self.site_id or self.source}-{self.crawl_id}",
            "description": f"{self.source} captures of {of_what}",
            "operator": self.operator,
            "http-header-user-agent": self.user_agent,
            "robots": "obey" if self.source == "live" else None,
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "archiver-crawl": json.dumps(crawl, ensure_ascii=False),
            "archiver-profile": _as_json(to_mapping(self.profile)),
        }
        if self.profiles:
            fields["archiver-profiles"] = _as_json([to_mapping(one) for one in self.profiles])
        return {name: value for name, value in fields.items() if value}

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> "Provenance | None":
        """From a warcinfo record; None when another program wrote it, or something that this one
        would not write."""
        try:
            return cls._of(fields)
        except (BadInput, KeyError, TypeError, ValueError, AttributeError, RecursionError):
            return None

    @classmethod
    def _of(cls, fields: Mapping[str, str]) -> "Provenance":
        crawl = json.loads(fields["archiver-crawl"])
        parse_instant(crawl["started_at"])
        others = json.loads(fields.get("archiver-profiles", "[]"))
        return cls(
            crawl_id=int(crawl["id"]),
            site_id=_text_or_none(crawl["site"]),
            source=_SOURCES[crawl["source"]],
            started_at=crawl["started_at"],
            version=str(crawl["version"]),
            profile=from_mapping(json.loads(fields["archiver-profile"])),
            user_agent=_text_or_none(crawl["user_agent"]),
            operator=_text_or_none(crawl["operator"]),
            options=dict(crawl["options"]),
            profiles=tuple(from_mapping(one) for one in others),
            resumed_at=_text_or_none(crawl.get("resumed_at")),
        )


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of the captures of one WARC file: whether another program wrote it, whether it
    came in by an import, the offsets of records that were damaged then, which give no rows, and of
    captures whose ID another one had already, which are called by their place."""

    provenance: Provenance
    foreign: bool = False
    imported: bool = False
    damaged: frozenset[int] = frozenset()
    doubles: frozenset[int] = frozenset()


@lru_cache(maxsize=1024)
def _profile_of(host: str, generic: Profile, known: tuple[Profile, ...]) -> Profile:
    for profile in known:
        if host in {profile.site_id, *(other.removeprefix("www.") for other in profile.hosts)}:
            return profile
    return replace(generic, name=host, home_url=f"https://{host}/") if host else generic


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _text_or_none(value: object) -> str | None:
    return None if value is None else str(value)

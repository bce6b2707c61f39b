"""Where captures come from: the crawl that made them, written into every WARC's warcinfo record.

With it a WARC file alone is enough to rebuild the rows: the crawl's identity, the seed, the
operator and the whole profile are in it. Field names: WARC 1.1 section 6.2, IIPC implementation
guidelines; ours begin with `archiver-`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from archiver.profiles import from_mapping, to_mapping
from archiver.profiles.model import Profile

Source = Literal["live", "wayback", "import"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """One crawl or import; `options` are those given on the command line, `operator` the contact
    it ran under, `resumed_at` is when an interrupted crawl was taken up again."""

    crawl_id: int
    site_id: str
    source: Source
    started_at: str
    version: str
    profile: Profile
    user_agent: str | None = None
    operator: str | None = None
    options: Mapping[str, Any] | None = None
    resumed_at: str | None = None

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
        fields = {
            "software": f"archiver/{self.version}",
            "isPartOf": f"{self.site_id}-{self.crawl_id}",
            "description": f"{self.source} captures of {self.profile.home_url}",
            "operator": self.operator,
            "http-header-user-agent": self.user_agent,
            "robots": "obey" if self.source == "live" else None,
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "archiver-crawl": json.dumps(crawl, ensure_ascii=False),
            "archiver-profile": json.dumps(to_mapping(self.profile), ensure_ascii=False),
        }
        return {name: value for name, value in fields.items() if value}

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> "Provenance | None":
        """From a warcinfo record; None when another program wrote it."""
        if "archiver-crawl" not in fields or "archiver-profile" not in fields:
            return None
        crawl = json.loads(fields["archiver-crawl"])
        return cls(
            crawl_id=crawl["id"],
            site_id=crawl["site"],
            source=cast("Source", crawl["source"]),
            started_at=crawl["started_at"],
            version=crawl["version"],
            profile=from_mapping(json.loads(fields["archiver-profile"])),
            user_agent=crawl["user_agent"],
            operator=crawl["operator"],
            options=crawl["options"],
            resumed_at=crawl.get("resumed_at"),
        )

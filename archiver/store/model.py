"""What the crawl and the rebuild hand to the store besides extraction's facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal

Source = Literal["live", "wayback", "import"]
Outcome = Literal["complete", "budget", "incomplete", "interrupted", "failed"]
CaptureMethod = Literal["wire", "reconstructed", "imported"]


@dataclass(frozen=True, slots=True)
class Site:
    """A site as its profile describes it at the instant `stated_at`; of several descriptions the
    newest counts. `id` is the host without www."""

    id: str
    home_url: str
    stated_at: str
    name: str | None = None
    platform: str | None = None
    deputy: str | None = None
    chamber: str | None = None


@dataclass(frozen=True, slots=True)
class CrawlStart:
    """What is known when a crawl begins. `site_id` None: captures of several hosts, each its own
    site. `options` are values that JSON can hold."""

    site_id: str | None
    source: Source
    started_at: str
    user_agent: str | None = None
    version: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CrawlEnd:
    """What is known when a crawl ends; `failed` means that something stopped it."""

    finished_at: str
    outcome: Outcome
    pages: int | None = None
    new_articles: int | None = None
    changed_articles: int | None = None
    errors: int | None = None


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """The columns of `captures`; see the schema's descriptions."""

    crawl_id: int
    url: str
    captured_at: str
    status: int | None
    content_type: str | None
    payload_digest: str | None
    warc_file: str
    warc_offset: int
    warc_length: int
    record_id: str
    revisit_of: str | None = None
    method: CaptureMethod = "wire"


TOO_LARGE = "larger than 16 MiB, kept as far as that"
"""Why an address is left aside whose answer is no page for its size: the next crawl would be given
no more of it."""

CAPTURE_COLUMNS = ", ".join(column.name for column in fields(CaptureRow))


@dataclass(frozen=True, slots=True)
class RecoveryRow:
    """What was done to a WARC file that a crash had left open; see the schema's descriptions."""

    recovered_at: str
    warc_file: str
    records: int
    cut_bytes: int
    quarantine_file: str | None
    detail: str

"""What a crawl writes of itself into its last WARC file, and how its end is read back from there.

IIPC implementation guidelines, recommendation 8: configuration, log and report of a crawl are
records of their own, tied together by a manifest that lists the WARC files. With the report a
rebuild knows how each crawl ended from the WARC files alone.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, get_args

from archiver.instants import format_instant, parse_instant
from archiver.profiles import to_mapping
from archiver.provenance import Provenance
from archiver.store.model import CrawlEnd, Outcome
from archiver.warc.model import Place
from archiver.warc.record import Record
from archiver.warc.writer import WarcWriter

LOG_BYTES = 2**20
"""A log is cut to its first lines beyond this."""

JSON = "application/json"
_SCHEME = "urn:archiver:"
_REPORT = ":report"
_COUNTS = ("pages", "new_articles", "changed_articles", "errors")
_OUTCOMES: dict[str, Outcome] = {outcome: outcome for outcome in get_args(Outcome)}


def write_closing(
    writer: WarcWriter,
    provenance: Provenance,
    end: CrawlEnd,
    report: Mapping[str, Any],
    log: Iterable[str],
    files: Iterable[str],
) -> None:
    """Write configuration, log and report, then the manifest, into the file in hand.

    `log` has one line for each address that was not captured, `files` are the names of the crawl's
    WARC files that hold captures. Raises StorageFailed as the writer does.
    """
    base = f"{_SCHEME}{provenance.site_id}-{provenance.crawl_id}"
    configuration = {
        "version": provenance.version,
        "user_agent": provenance.user_agent,
        "operator": provenance.operator,
        "options": dict(provenance.options or {}),
        "profile": to_mapping(provenance.profile),
    }
    outcome = {"end": asdict(end), "report": report}
    written = {
        uri: writer.write_resource(uri, content_type, body)
        for uri, content_type, body in (
            (f"{base}:configuration", JSON, _as_json(configuration)),
            (f"{base}:log", "text/plain; charset=utf-8", _as_text(log)),
            (f"{base}{_REPORT}", JSON, _as_json(outcome)),
        )
    }
    manifest = {
        "crawl": f"{provenance.site_id}-{provenance.crawl_id}",
        "files": sorted({*files, *(place.warc_file for place in written.values())}),
        "records": [_entry(uri, place) for uri, place in written.items()],
    }
    writer.write_resource(f"{base}:manifest", JSON, _as_json(manifest), record_type="metadata")


def _entry(uri: str, place: Place) -> dict[str, str]:
    return {"uri": uri, "record_id": place.record_id, "warc_file": place.warc_file}


def _as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def _as_text(lines: Iterable[str]) -> bytes:
    text = bytearray()
    left_out = 0
    for line in lines:
        encoded = " ".join(line.split()).encode("utf-8", "replace") + b"\n"
        if len(text) + len(encoded) > LOG_BYTES:
            left_out += 1
        else:
            text += encoded
    if left_out:
        text += f"and {left_out} more lines, left out\n".encode()
    return bytes(text)


def end_of(record: Record) -> CrawlEnd | None:
    """How a crawl ended, from its report record; None for any other record, and for a report that
    this program would not write."""
    uri = record.target_uri or ""
    if record.record_type != "resource" or not uri.startswith(_SCHEME) or not uri.endswith(_REPORT):
        return None
    try:
        end = json.loads(record.block)["end"]
        counts = {name: _count(end[name]) for name in _COUNTS}
        finished_at = format_instant(parse_instant(end["finished_at"]))
        return CrawlEnd(finished_at, _OUTCOMES[end["outcome"]], **counts)
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


def _count(value: object) -> int | None:
    if value is None or (type(value) is int and 0 <= value < 2**63):
        return value
    raise ValueError("no count")

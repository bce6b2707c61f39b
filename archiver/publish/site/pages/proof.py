"""The proof of a capture: where its bytes lie, what was taken from them, and whether they still are
what they were, read again from the WARC file while the reader waits.

A capture is named by its WARC-Record-ID, which no rebuild changes.
"""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from datasette.utils.asgi import Response

from archiver.errors import ArchiverError
from archiver.folder import DataFolder
from archiver.instants import now
from archiver.publish import evidence
from archiver.publish.evidence import Held, Verdict
from archiver.publish.opening import DATABASE_NAME
from archiver.publish.pieces import Stream
from archiver.publish.site.addresses import proof_path
from archiver.publish.site.queries.proof import Provenance, provenance
from archiver.publish.site.reading import Absent, Chrome, page, read
from archiver.store.model import CaptureRow
from archiver.warc.record import Record

_NAMES = {
    "record": "L’enregistrement est entier (somme de contrôle gzip, longueur annoncée)",
    "record_id": "L’identifiant est celui que la base indique",
    "url": "L’adresse est celle que la base indique",
    "captured_at": "L’instant est celui que la base indique",
    "block": "La réponse entière a l’empreinte inscrite à côté d’elle",
    "payload": "Le contenu a l’empreinte que l’archive publie",
}
_LONGEST_HEAD = 64 * 2**10


async def view(datasette: Any, request: Any) -> Response:
    """`/preuve/<record>`"""
    found, chrome = await _gather(datasette, request)
    return await _show(datasette, request, found, chrome, None)


async def check(datasette: Any, request: Any) -> Response:
    """`/preuve/<record>/verifier`: the same page, with the bytes read again."""
    found, chrome = await _gather(datasette, request)
    verdict = await _verify(datasette, found)
    return await _show(datasette, request, found, chrome, verdict)


async def check_as_json(datasette: Any, request: Any) -> Response:
    """`/preuve/<record>/verifier.json`"""
    found, _ = await _gather(datasette, request)
    verdict = await _verify(datasette, found)
    row = asdict(found.capture)
    del row["crawl_id"]
    result = {
        "capture": row,
        "original": found.original and found.original.record_id,
        "verified_at": now(),
        "intact": verdict.intact,
        "fault": verdict.fault,
        "checks": [asdict(one) for one in verdict.checks],
    }
    return Response.json(result, headers={"cache-control": "no-store"})


async def raw(datasette: Any, request: Any) -> Any:
    """`/preuve/<record>/brut.warc.gz`: its records as they lie in the file, with the record that
    says who wrote it, which together are a WARC file."""
    found, _ = await _gather(datasette, request)
    held = await _records(datasette, found)
    if isinstance(held, str):
        raise Absent(f"Cet enregistrement ne peut pas être lu : {held}")
    info = await asyncio.to_thread(evidence.info_part, _warcs(datasette), found.capture)
    name = "".join(c if c.isascii() and c.isalnum() else "-" for c in found.capture.record_id)
    return Stream(
        [*([info] if info else []), *(one.part for one in held)],
        "application/warc",
        headers={"content-disposition": f'attachment; filename="{name[-60:]}.warc.gz"'},
        with_body=request.method != "HEAD",
    )


async def _gather(datasette: Any, request: Any) -> tuple[Provenance, Chrome]:
    record_id = unquote(request.url_vars["record"])
    found, chrome = await read(datasette, lambda connection: provenance(connection, record_id))
    if found is None:
        raise Absent("Aucune capture de l’archive ne porte cet identifiant.")
    return found, chrome


def _warcs(datasette: Any) -> Path:
    return DataFolder(Path(datasette.get_database(DATABASE_NAME).path).parent).warcs


async def _verify(datasette: Any, found: Provenance) -> Verdict:
    return await asyncio.to_thread(
        evidence.verify, _warcs(datasette), found.capture, found.original
    )


async def _records(datasette: Any, found: Provenance) -> tuple[Held, ...] | str:
    """The capture's records, or why they cannot be read."""
    warcs = _warcs(datasette)
    try:
        return await asyncio.to_thread(evidence.records, warcs, found.capture, found.between)
    except (ArchiverError, OSError) as reason:
        return evidence.told(reason, warcs)


async def _show(
    datasette: Any, request: Any, found: Provenance, chrome: Chrome, verdict: Verdict | None
) -> Response:
    held = await _records(datasette, found)
    return await page(
        datasette,
        request,
        "proof.html",
        chrome,
        {
            "proof": found,
            "capture": found.capture,
            "own": proof_path(found.capture.record_id),
            "verdict": verdict,
            "verified_at": now(),
            "check_names": _NAMES,
            "unreadable": held if isinstance(held, str) else None,
            "heads": () if isinstance(held, str) else heads(held, found.capture),
        },
    )


def heads(held: tuple[Held, ...], row: CaptureRow) -> tuple[tuple[str, str], ...]:
    """(title, text) of what was sent and received but for the bodies, and of the WARC record."""
    request = next((h.record for h in held if h.record.record_type == "request"), None)
    own = next(h.record for h in held if h.part.offset == row.warc_offset)
    found = [("Requête envoyée", _head(request.block))] if request else []
    if own.record_type != "resource":
        found.append(("Réponse reçue", _head(own.block)))
    return (*found, ("Enregistrement WARC", _fields(own)))


def _head(message: bytes) -> str:
    ends = [end for mark in (b"\r\n\r\n", b"\n\n") if (end := message.find(mark)) >= 0]
    return message[: min(ends, default=len(message))][:_LONGEST_HEAD].decode("latin-1")


def _fields(record: Record) -> str:
    return "\n".join(f"{name}: {value}" for name, value in record.fields)[:_LONGEST_HEAD]

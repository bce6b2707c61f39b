"""The fixity log: every verification, for an auditor, in a text file that is only appended to.

`data/fixity.log` has a line `begin`, one for each file with its size and SHA-256, one for each
finding, and a line `end`; a run without `end` was interrupted. The table `verify_runs` holds the
same, for queries.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from archiver import __version__
from archiver.counting import counted
from archiver.ops.verify_model import Findings, Verified, printable
from archiver.store.connection import Connection
from archiver.warc.files import storage_errors

LOG = "fixity.log"


def log_begin(root: Path, started_at: str, scope: str) -> None:
    """Note that a verification begins."""
    _append(root, [f"{started_at} begin {scope}, archiver {__version__}"])


def log_end(root: Path, verified: Verified) -> None:
    """Note what a verification found."""
    lines = [
        f"file {file.name} {counted(file.size, 'byte')} sha256:{file.sha256 or 'unreadable'} "
        f"{counted(file.records, 'record')} {counted(file.damages.total, 'damage')}"
        for file in verified.files
    ]
    for word, findings in (("damage", verified.damages), ("warning", verified.warnings)):
        lines += [f"{word} {finding.line()}" for finding in findings.kept]
        if findings.total > len(findings.kept):
            lines.append(f"{word} and {findings.total - len(findings.kept)} more")
    lines.append(f"end {summary(verified)}")
    _append(root, [f"{verified.finished_at} {line}" for line in lines])


def summary(verified: Verified) -> str:
    """The figures of a verification in one line."""
    return (
        f"{counted(len(verified.files), 'file')}, {counted(verified.records, 'record')}, "
        f"{counted(verified.size, 'byte')}, {counted(verified.damages.total, 'damage')}, "
        f"{counted(verified.warnings.total, 'warning')}"
    )


def _append(root: Path, lines: Iterable[str]) -> None:
    path = root / LOG
    with storage_errors(path), path.open("a", encoding="utf-8") as file:
        file.write("".join(f"{printable(line)}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())


def record_run(connection: Connection, verified: Verified) -> None:
    """Keep a verification in `verify_runs`."""
    connection.execute(
        "INSERT INTO verify_runs (started_at, finished_at, scope, files, records, bytes, damages,"
        " report) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            verified.started_at,
            verified.finished_at,
            verified.scope,
            len(verified.files),
            verified.records,
            verified.size,
            verified.damages.total,
            json.dumps(report_of(verified), ensure_ascii=False),
        ),
    )


def report_of(verified: Verified) -> dict[str, object]:
    """What was found, as JSON can hold it."""
    return {
        "damages": _listed(verified.damages),
        "warnings": _listed(verified.warnings),
        "unreadable": list(verified.unreadable),
        "files": [
            {
                "name": file.name,
                "bytes": file.size,
                "sha256": file.sha256,
                "records": file.records,
                "damages": file.damages.total,
                "signed_by": file.signed_by,
            }
            for file in verified.files
        ],
    }


def _listed(findings: Findings) -> list[dict[str, object]]:
    return [asdict(finding) for finding in findings.kept]

"""What a verification found, as a person or a script reads it, and the exit code it amounts to."""

import json

from rich.console import Console

from archiver.counting import counted
from archiver.errors import ArchiveDamaged, BadInput
from archiver.ops.verify_log import report_of, summary
from archiver.ops.verify_model import Verified, printable

SHOWN = 50


def report(found: Verified, *, as_json: bool) -> None:
    """Print what was found, then raise what it amounts to: ArchiveDamaged, BadInput for named files
    that could not be read, or nothing."""
    if as_json:
        whole = {
            "started_at": found.started_at,
            "finished_at": found.finished_at,
            "scope": found.scope,
            "records": found.records,
            "bytes": found.size,
            "damage_count": found.damages.total,
            "warning_count": found.warnings.total,
            **report_of(found),
        }
        print(json.dumps(whole, ensure_ascii=False, indent=2))  # noqa: T201
    else:
        _print(found)
    if found.damages.total:
        raise ArchiveDamaged(
            f"{counted(found.damages.total, 'damage')} found: see above for what to do."
        )
    if found.unreadable:
        raise BadInput("Not every file could be read: check the names given.")


def _print(found: Verified) -> None:
    console = Console(highlight=False)

    def say(text: str) -> None:
        console.print(printable(text), markup=False, soft_wrap=True)

    for word, findings in (("Damage", found.damages), ("Warning", found.warnings)):
        for finding in findings.kept[:SHOWN]:
            say(f"{word}: {finding.line()}")
        if findings.total > SHOWN:
            say(f"and {findings.total - SHOWN} more; --json and fixity.log have them.")
    for file in found.files:
        if file.signed_by is not None:
            say(f"{file.name} is signed by {file.signed_by}.")
    for reason in found.unreadable:
        say(f"Not read: {reason}")
    say(f"Verified {found.scope}: {summary(found)}.")

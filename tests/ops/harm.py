"""Ways to harm an archive, and to hide that a file was changed."""

import gzip
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from archiver.folder import DataFolder
from archiver.warc.check import Checked, check_warc
from archiver.warc.files import file_sha256, write_side_file
from tests.warc.samples import gzip_member


def sql(folder: DataFolder, statement: str, *values: Any) -> list[Any]:
    """Run one statement on the database, foreign keys unchecked."""
    with closing(sqlite3.connect(folder.database)) as db, db:
        return db.execute(statement, values).fetchall()


def restamp(folder: DataFolder, warc: Path) -> None:
    """Have the side file and the database state the SHA-256 that the file has now, so that only a
    look at its records can tell."""
    write_side_file(warc, file_sha256(warc))
    sql(
        folder,
        "UPDATE warc_files SET sha256 = ? WHERE warc_file = ?",
        file_sha256(warc),
        warc.name,
    )


def records(warc: Path) -> list[Checked]:
    return [item for item in check_warc(warc) if isinstance(item, Checked)]


def responses(warc: Path) -> list[Checked]:
    return [record for record in records(warc) if record.record_type == "response"]


def member_of(warc: Path, record: Checked) -> bytes:
    """What the gzip member of a record holds."""
    data = warc.read_bytes()[record.offset : record.offset + record.length]
    return gzip.decompress(data)


def rewrite(warc: Path, record: Checked, change: Callable[[bytes], bytes]) -> None:
    """Change the content of a record's gzip member, which stays a sound one."""
    whole = warc.read_bytes()
    before, after = whole[: record.offset], whole[record.offset + record.length :]
    warc.write_bytes(before + gzip_member(change(member_of(warc, record))) + after)

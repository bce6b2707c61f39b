"""How a database is opened that is not to be written, or cannot be."""

import os
from pathlib import Path


def reading_address(path: Path, *, lasting: bool = False) -> str:
    """The URI by which SQLite opens a database for nothing but reading. Where nothing can be
    written beside it, SQLite cannot make the files by which it would notice another writer, and is
    told that there is none; not when one has left such files, nor for a `lasting` connection that
    would miss what another user writes."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    if os.access(path.parent, os.W_OK):
        return address
    if lasting and not os.statvfs(path.parent).f_flag & os.ST_RDONLY:
        return address
    log = path.with_name(f"{path.name}-wal")
    return address if log.exists() and log.stat().st_size else f"{address}&immutable=1"

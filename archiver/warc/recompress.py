"""WARC files that are plain, or compressed in one piece, copied to one gzip member a record.

Only so can a record be reached by its offset (WARC 1.1 annex D). Every byte of every record stays;
the stream is cut by Content-Length.
"""

import gzip
import zlib
from pathlib import Path
from typing import BinaryIO

from archiver.errors import BadInput
from archiver.warc.members import MAGIC
from archiver.warc.record import END, MAX_HEAD, Malformed, parse_record

_BLOCK = 2**20
_LEVEL = 6
_MAX_RECORD = 2**32


def recompress(source: Path, target: BinaryIO) -> int:
    """Copy the records of `source` to `target`; returns how many.

    Raises BadInput at the first record that cannot be read, which a file without members leaves no
    way to pass over, and for records of more than 4 GiB.
    """
    records = 0
    try:
        with source.open("rb") as file:
            packed = file.read(len(MAGIC)) == MAGIC
            file.seek(0)
            with gzip.GzipFile(fileobj=file) if packed else file as stream:
                ahead = b""
                while ahead := _skip_blank(stream, ahead):
                    ahead = _copy_record(stream, ahead, target)
                    records += 1
    except (OSError, EOFError, zlib.error, Malformed) as reason:
        raise BadInput(
            f"{source} cannot be read past its record {records}: {reason}; mend it or leave it out."
        ) from reason
    return records


def _skip_blank(stream: "gzip.GzipFile | BinaryIO", ahead: bytes) -> bytes:
    """The next bytes of the stream, from the first that is no line break; empty at its end."""
    ahead = ahead.lstrip(b"\r\n")
    while len(ahead) < MAX_HEAD and (part := stream.read(MAX_HEAD)):
        ahead = (ahead + part).lstrip(b"\r\n")
    return ahead


def _copy_record(stream: "gzip.GzipFile | BinaryIO", ahead: bytes, target: BinaryIO) -> bytes:
    """Copy the record that `ahead` begins; returns what was read past its block."""
    record = parse_record(ahead)
    if record.block_length > _MAX_RECORD:
        raise Malformed("the record is larger than 4 GiB")
    head = len(ahead) - len(record.block) - len(record.rest)
    deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, 31)
    target.write(deflater.compress(ahead[: head + len(record.block)]))
    missing = record.block_length - len(record.block)
    while missing > 0:
        part = stream.read(min(missing, _BLOCK))
        if not part:
            raise Malformed("the record is shorter than its Content-Length")
        target.write(deflater.compress(part))
        missing -= len(part)
    target.write(deflater.compress(END) + deflater.flush())
    return record.rest

"""Exchanges into WARC files, durable one by one.

A capture is appended with one write and synced before `write` returns; files are rotated by size
and age, and get their final name only when they are whole. Every record names the warcinfo record
that opens its file, and that record the file (IIPC implementation guidelines, recommendations 9
and 10).
"""

import os
import socket
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, Self

from archiver.errors import StorageFailed
from archiver.instants import format_instant
from archiver.warc.compose import WARC_FIELDS, compose_capture, compose_member
from archiver.warc.digest import digest_of
from archiver.warc.files import Finished, final_name, storage_errors
from archiver.warc.model import Exchange, Original, Place
from archiver.warc.open_file import OpenFile
from archiver.warc.record import format_fields, header_uri, new_record_id


def _clock() -> datetime:
    return datetime.now(UTC)


class WarcWriter:
    """Writes captures into numbered files of one folder, for one thread at a time.

    `info` are the fields of each file's warcinfo record, values on one line (a profile goes in as
    JSON). A file is finished when it has `max_bytes` or `max_age`. The first file is made at once,
    so that a folder which cannot be written raises StorageFailed before anything is fetched.
    """

    def __init__(
        self,
        folder: Path,
        *,
        prefix: str,
        info: Mapping[str, str],
        clock: Callable[[], datetime] = _clock,
        max_bytes: int = 1_000_000_000,
        max_age: timedelta = timedelta(days=1),
        level: int = 6,
    ) -> None:
        self._folder = folder
        self._prefix = prefix
        self._info = format_fields({"format": "WARC File Format 1.1", **info}.items())
        self._clock = clock
        self._max_bytes = max_bytes
        self._max_age = max_age
        self._level = level
        self._serial = 0
        self._finished: list[Finished] = []
        self._closed = False
        self._file = self._start_file()

    def write(self, exchange: Exchange, original: Original | None = None) -> Place:
        """Store an exchange and return once it is durable.

        With `original` it becomes a revisit record: `server-not-modified` when the status is 304,
        else `identical-payload-digest`, for which the caller has compared the payload digests. A
        truncated exchange is never a revisit. Raises StorageFailed, and then nothing of the
        exchange is in the file.
        """
        self._rotate_if_due()
        capture = compose_capture(exchange, original, self._warcinfo_id, self._level)
        start = self._append(capture.before + capture.response)
        return Place(
            warc_file=self._file.name,
            warc_offset=start + len(capture.before),
            warc_length=len(capture.response),
            record_id=capture.record_id,
            payload_digest=capture.payload_digest,
            revisit_of=capture.revisit_of,
        )

    def write_resource(
        self,
        uri: str,
        content_type: str,
        body: bytes,
        record_type: Literal["resource", "metadata"] = "resource",
    ) -> Place:
        """Store something of the crawl itself, such as its log or its configuration, durably."""
        self._rotate_if_due()
        record_id = new_record_id()
        resource = compose_member(
            record_type,
            (
                ("WARC-Date", format_instant(self._clock())),
                ("WARC-Target-URI", header_uri(uri)),
                ("WARC-Warcinfo-ID", f"<{self._warcinfo_id}>"),
            ),
            content_type,
            body,
            record_id=record_id,
            level=self._level,
        )
        start = self._append(resource)
        return Place(self._file.name, start, len(resource), record_id, digest_of(body))

    def close(self) -> tuple[Finished, ...]:
        """Publish the file in hand and return every file that this writer finished; a file with
        nothing after its warcinfo is removed. Closing again changes nothing."""
        if not self._closed:
            self._finish_file()
            self._closed = True
        return tuple(self._finished)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _append(self, data: bytes) -> int:
        return self._file.append(data)

    def _rotate_if_due(self) -> None:
        if self._closed or self._file.is_abandoned:
            self._file = self._start_file()
        elif self._file.size >= self._max_bytes or self._clock() - self._started >= self._max_age:
            self.close()
            self._file = self._start_file()

    def _start_file(self) -> OpenFile:
        self._started = self._clock()
        with storage_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
        file = self._create_file()
        self._warcinfo_id = new_record_id()
        info = compose_member(
            "warcinfo",
            (("WARC-Date", format_instant(self._started)), ("WARC-Filename", file.name)),
            WARC_FIELDS,
            self._info,
            record_id=self._warcinfo_id,
            level=self._level,
        )
        try:
            file.append(info)
        except StorageFailed:
            if not file.is_abandoned:
                file.discard()
            raise
        self._size_of_info = file.size
        self._closed = False
        return file

    def _create_file(self) -> OpenFile:
        while True:
            name = final_name(
                self._prefix, self._started, self._serial, socket.gethostname(), os.getpid()
            )
            self._serial += 1
            try:
                return OpenFile(self._folder, name)
            except FileExistsError:
                continue

    def _finish_file(self) -> None:
        if self._file.is_abandoned:
            return
        if self._file.size > self._size_of_info:
            self._finished.append(self._file.publish())
        else:
            self._file.discard()

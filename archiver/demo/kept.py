"""Answers kept while the content stays, gzipped, so that a large site fits in memory."""

import gzip
from dataclasses import dataclass, replace

from archiver.demo.files import Answer


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer whose body is stored gzipped when `gzipped`, as it is otherwise."""

    answer: Answer
    stored: bytes
    gzipped: bool

    def body(self, *, coded: bool) -> bytes:
        """The body to send, gzipped when `coded`."""
        return gzip.decompress(self.stored) if self.gzipped and not coded else self.stored


def squeezable(answer: Answer) -> bool:
    """Whether nginx would gzip it: text, not images or PDFs."""
    kind = answer.header("content-type") or ""
    return not kind.startswith(("image/", "application/pdf"))


def kept_of(answer: Answer) -> Kept:
    """An answer ready to be sent many times."""
    if not answer.body or not squeezable(answer):
        return Kept(answer, answer.body, gzipped=False)
    packed = gzip.compress(answer.body, 6, mtime=0)
    return Kept(replace(answer, body=b""), packed, gzipped=True)

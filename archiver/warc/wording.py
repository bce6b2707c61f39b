"""Which captures of a WARC file say something, whatever the form: HTML, a feed, JSON.

Only letters and digits are compared, without case, tags, entities or escapes, so that the same
words are found in a page, in its feed and in the REST interface. Accents count.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from archiver.errors import ArchiverError
from archiver.warc.coding import decode
from archiver.warc.http import list_members
from archiver.warc.model import StoredExchange
from archiver.warc.reader import read_at

_TAG = re.compile(r"<[^<>]*>")
_CODE_POINT = re.compile(r"\\u([0-9a-fA-F]{4})")
_BLANK = re.compile(r"\\[bfnrt]")
_NOT_WORD = re.compile(r"[\W_]+")
_CHARSET = re.compile(r"charset=[\"']?([A-Za-z0-9._-]{1,40})")
_MEDIA = ("image/", "audio/", "video/", "font/")


def letters(text: str) -> str:
    """The letters and digits of a text, by which it is compared."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())


def words_of(capture: StoredExchange) -> str:
    """The letters and digits of what a capture shows, then of its source as it stands: what only
    an attribute says is found too."""
    if (capture.content_type or "").startswith(_MEDIA):
        return ""
    codings = list_members(capture.headers.get("content-encoding", ()))
    text = _text(decode(capture.body, codings).body, capture)
    if "json" in (capture.content_type or ""):
        text = _CODE_POINT.sub(lambda found: chr(int(found[1], 16)), text)
        text = _BLANK.sub(" ", text).replace("\\", "")
    # Feeds hold HTML that is itself escaped once more.
    once = html.unescape(text)
    shown = html.unescape(_TAG.sub("", html.unescape(_TAG.sub("", once))))
    return f"{letters(shown)}\n{letters(once)}"


def _text(body: bytes, capture: StoredExchange) -> str:
    stated = _CHARSET.search(" ".join(capture.headers.get("content-type", ())))
    for charset in (stated[1] if stated else "utf-8", "utf-8"):
        try:
            return body.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("latin-1")


def saying(
    path: Path, places: Iterable[tuple[str, int, int]], wanted: Mapping[str, str]
) -> dict[str, set[str]]:
    """By each wanted word's name (`wanted` maps names to what `letters` gives), the record IDs of
    those captures, each (record ID, offset, length), whose content has it.

    A capture that cannot be read says nothing: it cannot be given out either.
    """
    found: dict[str, set[str]] = {name: set() for name in wanted}
    for record_id, offset, length in places:
        try:
            capture = read_at(path, offset, length)
        except ArchiverError:
            continue
        if not capture.body:
            continue
        words = words_of(capture)
        for name, word in wanted.items():
            if word in words:
                found[name].add(record_id)
    return found

"""A response's bytes to text, and text to one storable line.

UTF-8 is tried before what the headers and the page declare: bytes that are valid UTF-8 and not
ASCII are hardly ever anything else, while declarations are often wrong, that of UTF-8 included.
What cannot be decoded is shown as U+FFFD; what no database can store is removed.
"""

import re
import unicodedata
from codecs import BOM_UTF8

from w3lib.encoding import html_to_unicode

from archiver.extract.facts import Response

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\ufffd]")
_BLANKS = re.compile(r"[ \t\n\r\f\v\x85\u2028\u2029]+")
_EDGES = " \u00a0\u2002\u2003\u2009\u200a\u200b\u202f\u3000\ufeff"


def text_of(response: Response) -> str:
    """The body as text, by UTF-8, else by its byte order mark, header or own declaration."""
    if not response.body.startswith(_UTF16):
        try:
            return response.body.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    encoding, text = html_to_unicode(
        response.header("content-type"), response.body, default_encoding="cp1252"
    )
    if encoding == "utf-8" and text.count("\ufffd") > len(_BEYOND_ASCII.findall(text)):
        return response.body.decode("cp1252", "replace")
    return text


def utf8_of(response: Response) -> bytes:
    """The body in UTF-8 without a byte order mark, as a parser reads it fastest."""
    body = response.body
    if not body.startswith(_UTF16):
        try:
            body.decode()
        except UnicodeDecodeError:
            pass
        else:
            return body.removeprefix(BOM_UTF8)
    return text_of(response).encode(errors="replace")


def line_of(text: str | None) -> str:
    """Text as one line: NFC, blanks outside it removed and inside it single, typography kept."""
    if not text:
        return ""
    if text.isprintable() and "  " not in text:
        line = text.strip(_EDGES)
    else:
        line = _BLANKS.sub(" ", _UNSTORABLE.sub("", text)).strip(_EDGES)
    return line if line.isascii() else unicodedata.normalize("NFC", line)

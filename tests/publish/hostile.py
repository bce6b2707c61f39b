"""An archive whose every field attacks whoever reads it: pages, a feed, REST and headers of a site
that was taken over, brought in as a crawl brings them, with the operator's own files attacking too.

`vole()` is what the payloads call; nothing defines it but the test that watches for it.
"""

import html
import json
from contextlib import closing
from pathlib import Path

from archiver.extract.facts import Problem
from archiver.folder import DataFolder
from archiver.ingest import as_stored, ingest, site_of
from archiver.profiles import load
from archiver.store.database import Store
from archiver.store.model import CrawlEnd, CrawlStart
from archiver.warc.model import Exchange
from archiver.warc.writer import WarcWriter

HOST = "piege.example"
HOME = f"https://{HOST}/"
MARK = "vole()"
FORMULA = "=cmd|' /C calc'!A0"
SHORT = f'"><img src=x onerror={MARK}><svg onload={MARK}>'
"""Without the characters at which the readers of titles and names stop."""
PAYLOAD = (
    f"{FORMULA} {SHORT}<script>{MARK}</script></textarea></title></style></script>"
    f"<a href='javascript:{MARK}'>x</a> '); drop table articles; -- "
    "{{ 98765432123*12345678987 }} ]]> &lt;b&gt;"
)
IN_ADDRESS = "%22%3E%3Cimg%20src=x%20onerror=vole()%3E"
PROFILE = f"""
home_url = "{HOME}"
title = {json.dumps(PAYLOAD)}
[deputy]
name = {json.dumps(PAYLOAD)}
chamber = "AN"
"""
DAYS = tuple(f"2024-03-0{day}T12:00:00.000000Z" for day in range(1, 7))


def escaped(text: str = PAYLOAD) -> str:
    return html.escape(text, quote=True)


def article(
    number: int, url: str, *, title: str, answer: str, comments: int, name: str = PAYLOAD
) -> bytes:
    return f"""<!doctype html><html lang="{escaped(SHORT)}"><head><meta charset="utf-8">
<title>{escaped(title)}</title><link rel="canonical" href="{escaped(url)}">
<meta property="og:site_name" content="{escaped()}"><meta name="generator" content="WordPress 6.4">
<meta property="article:published_time" content="2024-03-01T09:00:00+00:00"></head>
<body class="single single-post postid-{number}"><article id="post-{number}" class="post">
<h1 class="entry-title">{escaped(title)}</h1><p class="entry-meta">
<time class="entry-date published" datetime="2024-03-01">1 mars 2024</time>
<span class="author vcard"><a class="fn" href="#">{escaped(name)}</a></span>
<a rel="category tag" href="/category/x/">{escaped(SHORT)}</a>
<a rel="tag" href="/tag/x/">{escaped(SHORT)}</a></p>
<div class="entry-content"><p>Question écrite n° 4321 :</p>
<p>Mme Claire {escaped(SHORT)} interroge M. le ministre des {escaped(SHORT)} sur {escaped()}.
Elle lui demande de préciser {escaped()}.</p>
<p>Réponse :</p><p>{answer}</p></div></article>
<div class="wpd-thread-info" data-comments-count="{comments}"></div></body></html>""".encode()


def ok(body: bytes, kind: str = "text/html; charset=utf-8") -> bytes:
    return (
        f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nX-Piege: {SHORT}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


QUESTION = f"{HOME}2024/03/{IN_ADDRESS}/"
MOVED = f"{HOME}2024/03/encore-{IN_ADDRESS}/"
GONE = f"{HOME}2024/03/parti/"
_ANSWER = escaped() + " " + "mot " * 30
FEED = f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
 xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel><title>{escaped()}</title>
<link>{HOME}</link><description/><item><title>{escaped()}</title><link>{escaped(QUESTION)}</link>
<slash:comments>41</slash:comments></item></channel></rss>""".encode()
REST = json.dumps(
    [{"id": 7, "link": QUESTION, "title": {"rendered": PAYLOAD}, "content": {"rendered": PAYLOAD}}]
).encode()
_MISSING = ok(b"<h1>404</h1>").replace(b"200 OK", b"404 Not Found")
_HOME = f"<!doctype html><title>{escaped()}</title><p>Bonjour</p>".encode()
EXCHANGES = (
    (HOME, 0, ok(_HOME)),
    (QUESTION, 0, ok(article(7, QUESTION, title=PAYLOAD, answer="", comments=3))),
    (GONE, 0, ok(article(8, GONE, title=f"{PAYLOAD} parti", answer="", comments=1))),
    (f"{HOME}feed/", 0, ok(FEED, "application/rss+xml; charset=utf-8")),
    (f"{HOME}wp-json/wp/v2/posts?x={IN_ADDRESS}", 0, ok(REST, "application/json")),
    (f"{HOME}x.bin?q={IN_ADDRESS}", 0, ok(b"x", f"x/{SHORT}")),
    (QUESTION, 1, ok(article(7, QUESTION, title=PAYLOAD, answer=_ANSWER, comments=9))),
    (GONE, 1, _MISSING),
    (HOME, 2, ok(_HOME)),
    (GONE, 3, _MISSING),
    (QUESTION, 2, ok(article(7, QUESTION, title=f"{PAYLOAD} bis", answer=_ANSWER, comments=20))),
    (
        QUESTION,
        3,
        f"HTTP/1.1 301 Moved\r\nLocation: {MOVED}\r\nContent-Length: 0\r\n\r\n".encode(),
    ),
    (MOVED, 3, ok(article(7, MOVED, title=f"{PAYLOAD} bis", answer=_ANSWER + "fin", comments=44))),
)
CORRECTIONS = f"""[[correction]]
url = {json.dumps(MOVED)}
by = {json.dumps(PAYLOAD)}
why = {json.dumps(PAYLOAD)}
on = 2024-03-09
set = {{ author = {json.dumps(PAYLOAD + " corrigé")} }}

[[correction]]
url = {json.dumps(MOVED)}
position = 1
by = {json.dumps(PAYLOAD)}
why = {json.dumps(PAYLOAD)}
on = 2024-03-09
set = {{ number = {json.dumps(PAYLOAD)} }}

[[correction]]
url = {json.dumps(GONE)}
position = 1
by = {json.dumps(PAYLOAD)}
why = {json.dumps(PAYLOAD)}
on = 2024-03-09
set = {{ status = "pending", asked_on = 2024-01-05, author = {json.dumps(PAYLOAD)} }}
"""


def hold(root: Path) -> DataFolder:
    """The archive, as a crawl would have left it."""
    folder = DataFolder(root)
    folder.prepare()
    (root / "piege.toml").write_text(PROFILE, encoding="utf-8")
    folder.corrections.write_text(CORRECTIONS, encoding="utf-8")
    profile = load(str(root / "piege.toml"))
    with (
        closing(Store.open(folder.database)) as store,
        WarcWriter(folder.warcs, prefix=HOST, info={"software": "archiver"}) as writer,
    ):
        store.describe_site(site_of(profile, DAYS[0]))
        start = CrawlStart(
            profile.site_id,
            "live",
            DAYS[0],
            user_agent=PAYLOAD,
            version=PAYLOAD,
            options={"contact": PAYLOAD},
        )
        crawl = store.begin_crawl(start)
        for url, day, answer in EXCHANGES:
            request = f"GET / HTTP/1.1\r\nHost: {HOST}\r\nUser-Agent: {SHORT}\r\n\r\n".encode()
            exchange = Exchange(url, DAYS[day], request, answer, via=PAYLOAD)
            ingest(store, as_stored(exchange, writer.write(exchange)), crawl, profile)
        store.derive_pending()
        store.add_problem(QUESTION, Problem(PAYLOAD, PAYLOAD), DAYS[0])
        store.finish_crawl(crawl, CrawlEnd(DAYS[5], "complete", len(EXCHANGES), 2, 1, 0))
    return folder

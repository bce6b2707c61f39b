"""WordPress in a folder of a site whose home page is not its own: its lists are found."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from spiders.news import REST_POSTS
from tests.cli import crawl
from tests.crawl.rawserver import RawServer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: "
API = '<link rel="https://api.w.org/" href="/blog/wp-json/">'
NAMES = ("un", "deux")


def html(text: str, head: str = "", role: str = "") -> bytes:
    page = f"<html lang=fr><head>{head}</head><body class='{role}'>{text}</body></html>"
    return HEAD + b"text/html\r\n\r\n" + page.encode()


def post(number: int, name: str) -> dict[str, object]:
    link = f"/blog/{name}/"
    return {"id": number, "slug": name, "link": link, "title": {"rendered": name}}


def test_lists_of_a_folder(tmp_path: Path) -> None:
    """None of the posts is linked from any page: only REST names them."""
    answers = {
        "/": html("<h1>Portail</h1><a href='/blog/'>Actualités</a>"),
        "/blog/": html("<h1>Actualités</h1>", API),
        f"/blog/wp-json/{REST_POSTS}": HEAD
        + b"application/json\r\nX-WP-Total: 2\r\nX-WP-TotalPages: 1\r\n\r\n"
        + json.dumps([post(number, name) for number, name in enumerate(NAMES, 1)]).encode(),
    }
    for name in NAMES:
        answers[f"/blog/{name}/"] = html(f"<h1>{name}</h1><p>Le billet {name}.</p>", API, "single")
    with RawServer(answers) as server:
        crawl(f"{server.url}/", tmp_path, "--no-assets")
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        titles = {title for (title,) in db.execute("SELECT title FROM articles")}
    assert titles == set(NAMES)

"""What `archiver crawl` made of the site: read from the database's documented tables, and from
nginx's own log of what was asked of it."""

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.soak.wordpress.compare import Held

ARCHIVER = Path(sys.executable).parent / "archiver"
REQUEST = re.compile(r'"GET (\S+) HTTP/1\.[01]" (\d{3}) ')


def crawl(url: str, data: Path) -> subprocess.CompletedProcess[str]:
    """`archiver crawl URL --delay 0`, no profile; the caller judges the exit code."""
    return subprocess.run(
        [ARCHIVER, "crawl", url, "--delay", "0", "--data", str(data)],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )


def held(data: Path) -> list[Held]:
    """The articles of `data/archive.db` with their questions in order."""
    with closing(sqlite3.connect(f"file:{data}/archive.db?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        articles = db.execute("SELECT * FROM articles").fetchall()
        questions: dict[int, list[dict[str, object]]] = {}
        for row in db.execute("SELECT * FROM questions ORDER BY article_id, position"):
            questions.setdefault(row["article_id"], []).append(dict(row))
    return [
        Held(
            url=row["url"],
            post_id=row["post_id"],
            title=row["title"],
            kind=row["kind"],
            day=row["published_on"],
            author=row["author"],
            modified=row["modified_at"],
            categories=tuple(json.loads(row["categories"] or "[]")),
            tags=tuple(json.loads(row["tags"] or "[]")),
            comments=row["comment_count"],
            body=row["body_text"],
            gone=row["gone_at"] is not None,
            questions=tuple(questions.get(row["id"], [])),
        )
        for row in articles
    ]


def requests(folder: Path) -> list[tuple[str, int]]:
    """(path with query, status) of every GET that nginx answered, in order."""
    log = (folder / "access.log").read_text(encoding="utf-8")
    return [(path, int(status)) for path, status in REQUEST.findall(log)]

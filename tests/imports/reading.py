"""Rows of an archive as tests compare them."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def rows(data: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(data / "archive.db")) as db:
        return db.execute(sql, values).fetchall()


def said(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What the archive says of articles, questions and the texts of revisions, whenever and however
    it was captured."""
    return {
        "articles": rows(
            data,
            "SELECT url, site_id, post_id, lang, title, kind, published_on, modified_at, author,"
            " categories, tags, body_text, comment_count, vote_count, rating, gone_at IS NULL"
            " FROM articles ORDER BY url",
        ),
        "questions": rows(
            data,
            "SELECT url, position, type, number, legislature, questions.author, addressee,"
            " asked_on, answered_on, status, question, answer, demand"
            " FROM questions JOIN articles ON articles.id = article_id ORDER BY url, position",
        ),
        "revisions": rows(
            data,
            "SELECT url, revisions.title, content_digest, revisions.body_text, questions"
            " FROM revisions JOIN articles ON articles.id = article_id ORDER BY url, seen_at",
        ),
        "sites": rows(data, "SELECT * FROM sites ORDER BY id"),
    }


def captures(data: Path) -> list[tuple[Any, ...]]:
    """Every capture with its crawl."""
    return rows(
        data,
        "SELECT url, captured_at, status, content_type, payload_digest, warc_file, warc_offset,"
        " warc_length, record_id, revisit_of, method, source, started_at FROM captures"
        " JOIN crawls ON crawls.id = crawl_id ORDER BY warc_file, warc_offset",
    )

"""Rows of the database as the tables that readers take away, under the names of `out.columns`."""

import json
from collections.abc import Iterable

from archiver.publish.site.addresses import proof_path
from archiver.publish.site.deadlines import ORAL, due_day
from archiver.publish.site.out import columns
from archiver.publish.site.out.requests import Link
from archiver.publish.site.out.telling import sentence
from archiver.publish.site.queries.articles import Correction, Reading
from archiver.publish.site.queries.changes import KIND_SLUGS, Change
from archiver.publish.site.queries.comments import Commented, Rise
from archiver.publish.site.queries.listing import ListedArticle, ListedQuestion, Proof
from archiver.publish.site.queries.ministers import Minister
from archiver.publish.site.queries.overview import Month
from archiver.publish.site.queries.revisions import Revision
from archiver.publish.site.queries.rows import ArticleLine
from archiver.publish.site.search.naming import slug_of
from archiver.publish.site.tabular import Table, Value

_BETWEEN = " | "


def articles(rows: Iterable[ListedArticle], link: Link) -> Table:
    """One row an article."""
    return Table(
        columns.names(columns.ARTICLES),
        tuple(
            (
                row.article.site_id,
                row.article.key,
                row.article.title,
                slug_of("genre", row.article.kind),
                row.article.lang,
                row.article.published_on,
                row.author,
                _joined(str(item) for item in json.loads(row.categories)),
                row.questions,
                _joined(slug_of("statut", status) for status in row.statuses),
                _joined(row.addressees),
                row.article.comment_count,
                row.votes,
                row.article.gone_at,
                *_proof(row.article, row.article.path, row.proof, link),
            )
            for row in rows
        ),
    )


def questions(rows: Iterable[ListedQuestion], link: Link) -> Table:
    """One row a question, with its whole texts."""
    return Table(
        columns.names(columns.QUESTIONS),
        tuple(
            (
                row.article.site_id,
                row.article.key,
                row.position,
                row.article.title,
                row.type,
                row.number,
                row.legislature,
                row.author,
                row.addressee,
                row.asked_on,
                row.answered_on,
                row.wait,
                slug_of("statut", row.status),
                due(row),
                row.question,
                row.answer,
                row.demand,
                row.article.published_on,
                *_proof(row.article, question_path(row), row.proof, link),
            )
            for row in rows
        ),
    )


def due(row: ListedQuestion) -> str | None:
    """The last day to answer a question; None of an oral one, and where no day is known."""
    return None if row.type in ORAL else due_day(row.asked_on or row.article.published_on)


def question_path(row: ListedQuestion) -> str:
    """The address of a question on its article's page."""
    return f"{row.article.path}#q{row.position}"


def changes(rows: Iterable[Change], link: Link) -> Table:
    """One row a change."""
    return Table(
        columns.names(columns.CHANGES),
        tuple(
            (
                row.at,
                KIND_SLUGS.get(row.kind, row.kind),
                sentence(row),
                row.before,
                row.after,
                row.article.site_id,
                row.article.key,
                row.article.title,
                row.article.published_on,
                row.article.url,
                link(row.article.path),
                link(proof_path(row.record_id)),
            )
            for row in rows
        ),
    )


def ministers(rows: Iterable[Minister]) -> Table:
    """One row an office."""
    return Table(
        columns.names(columns.MINISTERS),
        tuple(
            (
                row.name,
                row.questions,
                row.answered,
                row.pending,
                row.overdue,
                round(row.answered / row.decided, 4) if row.decided else None,
                row.median,
                row.ninth_decile,
                row.first,
                row.last,
            )
            for row in rows
        ),
    )


def commented(rows: Iterable[Commented], link: Link) -> Table:
    """One row an article with comments."""
    return Table(
        columns.names(columns.COMMENTED),
        tuple(
            (
                row.comments,
                row.votes,
                row.article.published_on,
                row.article.title,
                row.article.site_id,
                row.article.url,
                link(row.article.path),
            )
            for row in rows
        ),
    )


def rises(rows: Iterable[Rise], link: Link) -> Table:
    """One row an article whose comments have become more."""
    return Table(
        columns.names(columns.RISES),
        tuple(
            (
                row.gained,
                row.before,
                row.after,
                row.since,
                row.until,
                row.article.title,
                row.article.site_id,
                row.article.url,
                link(row.article.path),
            )
            for row in rows
        ),
    )


def months(rows: Iterable[Month]) -> Table:
    """One row a month that has questions."""
    return Table(
        columns.names(columns.MONTHS),
        tuple((row.month, row.answered, row.pending, row.other) for row in rows),
    )


def readings(rows: Iterable[Reading], link: Link) -> Table:
    """One row a reading of an article's comments."""
    return Table(
        columns.names(columns.READINGS),
        tuple(
            (
                row.observed_at,
                row.comment_count,
                row.vote_count,
                row.source,
                link(proof_path(row.record_id)),
            )
            for row in rows
        ),
    )


def versions(rows: Iterable[Revision], link: Link) -> Table:
    """One row a state of an article."""
    return Table(
        columns.names(columns.VERSIONS),
        tuple(
            (
                row.seen_at,
                row.last_seen_at,
                row.title,
                row.body_text,
                link(proof_path(row.record_id)),
            )
            for row in rows
        ),
    )


def corrections(rows: Iterable[Correction]) -> Table:
    """One row a value corrected by hand."""
    return Table(
        columns.names(columns.CORRECTIONS),
        tuple(
            (
                row.position,
                row.field,
                row.before,
                row.after,
                row.corrected_by,
                row.reason,
                row.corrected_on,
            )
            for row in rows
        ),
    )


def _proof(article: ArticleLine, path: str, proof: Proof, link: Link) -> tuple[Value, ...]:
    return (
        proof.captured_at,
        proof.digest,
        article.url,
        link(path),
        link(proof_path(proof.record_id)),
    )


def _joined(values: Iterable[str]) -> str | None:
    return _BETWEEN.join(values) or None

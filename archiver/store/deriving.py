"""Brings the derived tables up to date: for each address that was touched, the articles it can
bear on are computed again from all their captures.

What is left to do is itself a table, filled in the transaction of each capture, so that a kill
loses nothing and the same code serves one capture and a whole rebuild.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from archiver.extract.facts import Article, Counts, Problem
from archiver.extract.urls import url_key
from archiver.store.closure import Closure, Row, close_over
from archiver.store.connection import Connection
from archiver.store.corrections import Corrections, corrected, digest_of
from archiver.store.derive import Derived, Material, derive
from archiver.store.encoding import article_of, content_digest
from archiver.store.history import Missing, Observation, Said
from archiver.store.identity import Group, Identity, identify
from archiver.store.keys import host_of
from archiver.store.leaves import LeafSeen, assembled
from archiver.store.lives import Sighting
from archiver.store.outages import answered_after, shown_after
from archiver.store.writing import Written, write

SAID = (
    "SELECT captured_at, record_id, capture_id, source, post_id, modified_at, comment_count"
    " FROM (SELECT id, last_capture_id AS capture_id FROM statements WHERE url_key = ?1"
    " UNION SELECT statement_id, capture_id FROM statements JOIN mentions ON statement_id = id"
    " WHERE url_key = ?1) AS shown JOIN statements ON statements.id = shown.id"
    " JOIN captures ON captures.id = capture_id"
)
UNUSED = (
    "Une correction vise cette adresse, où l’archive n’a pas d’article : vérifier l’adresse dans "
    "corrections.toml."
)
REUSED = (
    "L’adresse {} a servi depuis à un autre article : celui-ci est rangé sous son numéro WordPress."
)


def derive_around(connection: Connection, key: str, corrections: Corrections) -> frozenset[str]:
    """Derive again all articles that the address `key` can bear on; the keys that are done."""
    closure = close_over(connection, key)
    identity = identify(row.sighting for row in closure.rows.values())
    said = said_of(connection, closure, identity)
    leaves = leaves_of(connection, closure, identity)
    derived = [
        derive(material_of(connection, group, closure, said[number], leaves[number]))
        for number, group in enumerate(identity.groups)
    ]
    urls = distinct_urls(derived)
    shared = Counter(key for group in identity.groups for key in keys_of(group))
    articles = []
    for group, rows, url in zip(identity.groups, derived, urls, strict=True):
        own = {key for key in keys_of(group) if shared[key] == 1} | {url_key(url)}
        wanted = [item for key in sorted(own) for item in corrections.get(key, ())]
        final = replace(rows, article=replace(rows.article, url=url))
        final, notes = corrected(final, wanted)
        captures = {
            item.capture_id: closure.rows[item.capture_id].article_id
            for life in group.lives
            for item in life.sightings
        }
        reused = Problem("url_reused", REUSED.format(rows.article.url))
        problems = (reused,) if url != rows.article.url else ()
        articles.append(Written(final, notes, (*rows.problems, *problems), captures))
    write(connection, articles, {row.article_id for row in closure.rows.values()})
    return closure.keys


def keys_of(group: Group) -> set[str]:
    """The keys of the canonical URLs of an article."""
    return {life.key for life in group.lives}


def distinct_urls(articles: Sequence[Derived]) -> list[str]:
    """The URL of each article: its own, but where several articles had the same, only the one seen
    last keeps it; the others have WordPress's short link."""
    urls = [item.article.url for item in articles]
    claims: dict[str, list[int]] = defaultdict(list)
    for number, url in enumerate(urls):
        claims[url_key(url)].append(number)
    taken = set(claims)
    for numbers in claims.values():
        numbers.sort(key=lambda n: (articles[n].article.last_captured_at, n))
        for number in numbers[:-1]:
            article = articles[number].article
            parts = urlsplit(article.url)
            for url in (
                f"{parts.scheme}://{parts.netloc}/?p={article.post_id}",
                f"{article.url}?p={article.post_id}",
                f"{article.url}?p={article.post_id}&capture={article.first_captured_at}",
            ):
                if url_key(url) not in taken:
                    break
            urls[number] = url
            taken.add(url_key(url))
    return urls


def material_of(
    connection: Connection,
    group: Group,
    closure: Closure,
    said: Sequence[Said],
    leaves: Sequence[LeafSeen],
) -> Material:
    """Everything that is known of one article."""
    rows = [closure.rows[item.capture_id] for item in group.speaking()]
    return Material(
        site_of(rows),
        assembled(observations_of(connection, rows), leaves),
        [missing_of(connection, key, item) for key, item in group.missing()],
        said,
    )


def site_of(rows: Sequence[Row]) -> str:
    """The site of an article: that of its host if a crawl was of it, else the last one's."""
    host = host_of(rows[-1].sighting.key)
    return host if any(row.site_id == host for row in rows) else rows[-1].site_id


def observations_of(connection: Connection, rows: Sequence[Row]) -> list[Observation]:
    """The captures of the page with their content; captures without a change share one article."""
    read: dict[tuple[int | None, str | None, int | None], tuple[Article, str]] = {}
    found = []
    for row in rows:
        item = row.sighting
        known = (row.state_id, row.own_url, item.post_id)
        if known not in read:
            article = stated_in(connection, row)
            read[known] = (article, content_digest(article))
        counts = Counts(row.comment_count, row.vote_count, row.rating)
        found.append(
            Observation(item.at, item.capture_id, item.own_key or "", *read[known], counts)
        )
    return found


def stated_in(connection: Connection, row: Row) -> Article:
    """What the page of a capture says of its article."""
    (data,) = connection.execute(
        "SELECT data FROM article_states WHERE id = ?", (row.state_id,)
    ).fetchone()
    return article_of(data, row.own_url or "", row.sighting.post_id)


def leaves_of(
    connection: Connection, closure: Closure, identity: Identity
) -> Mapping[int, Sequence[LeafSeen]]:
    """The captures of further pages of each group's article, in order."""
    found: dict[int, list[LeafSeen]] = defaultdict(list)
    read: dict[int, Article] = {}
    for row in sorted(closure.rows.values(), key=lambda row: row.sighting.at):
        item = row.sighting
        if row.state_id is None or item.own_key is not None or item.redirect_key is None:
            continue
        owner = identity.owner(item.redirect_key, item.at, item.post_id)
        if owner is not None:
            if row.state_id not in read:
                read[row.state_id] = stated_in(connection, row)
            found[owner].append(LeafSeen(item.at, item.capture_id, read[row.state_id]))
    return found


def missing_of(connection: Connection, key: str, item: Sighting) -> Missing:
    """A capture that found nothing at `key`, with what its host answered around it."""
    host, at = host_of(item.key), item.at[0]
    answered_at = answered_after(connection, host, at)
    return Missing(item.at, item.capture_id, key, answered_at, *shown_after(connection, host, at))


def said_of(
    connection: Connection, closure: Closure, identity: Identity
) -> Mapping[int, Sequence[Said]]:
    """What lists say of each group: the last of like statements, and all that state a count."""
    said: dict[int, list[Said]] = defaultdict(list)
    for key in closure.keys if identity.groups else ():
        for number, line in lines_about(connection, key, identity):
            said[number].append(line)
    for lines in said.values():
        lines.sort(key=lambda line: (line.at, line.source))
    return said


def lines_about(connection: Connection, key: str, identity: Identity) -> Iterator[tuple[int, Said]]:
    """The lines of lists about one address, with the group each speaks of."""
    for row in connection.execute(SAID, (key,)).fetchall():
        line = Said((row[0], row[1]), *row[2:])
        owner = identity.owner(key, line.at, line.post_id)
        if owner is not None:
            yield owner, line


def mark_corrected(connection: Connection, corrections: Corrections) -> None:
    """Have the articles derived again whose corrections are not those applied last time."""
    wanted = {key: digest_of(found) for key, found in corrections.items()}
    applied = dict(connection.execute("SELECT url_key, digest FROM applied_corrections").fetchall())
    changed = [key for key, _ in wanted.items() ^ applied.items()]
    connection.executemany(
        "INSERT INTO dirty (url_key) VALUES (?) ON CONFLICT DO NOTHING",
        [(key,) for key in changed],
    )
    if changed:
        connection.execute("DELETE FROM applied_corrections")
        connection.executemany(
            "INSERT INTO applied_corrections (url_key, digest) VALUES (?, ?)", wanted.items()
        )


def note_unused(connection: Connection, corrections: Corrections) -> None:
    """Say which corrections concern no article of the archive."""
    connection.execute("DELETE FROM problems WHERE kind = 'correction_unused'")
    for key, found in corrections.items():
        used = connection.execute(
            "SELECT 1 FROM observations WHERE own_key = ?1 AND article_id IS NOT NULL"
            " UNION ALL SELECT 1 FROM articles WHERE url = ?2 LIMIT 1",
            (key, found[0].url),
        ).fetchone()
        if used is None:
            connection.execute(
                "INSERT INTO problems (url, kind, detail, seen_at) VALUES (?, ?, ?, ?)",
                (
                    found[0].url,
                    "correction_unused",
                    UNUSED,
                    f"{found[0].on}T00:00:00.000000Z",
                ),
            )

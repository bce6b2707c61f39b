"""Writes down what a capture states, and which addresses' derived rows it touches.

Nothing is derived here: this runs for every capture of a crawl, inside the capture's transaction.
"""

from archiver.extract.facts import Article, Facts, Mention, Role
from archiver.extract.urls import url_key
from archiver.store.connection import Connection
from archiver.store.encoding import as_json, short_digest, state_of, storable
from archiver.store.keys import host_of, is_home
from archiver.store.outages import touch
from archiver.store.sites import state_site

SPEAKING = {
    Role.ARTICLE,
    Role.LEAF,
    Role.LISTING,
    Role.PAGE,
    Role.FEED,
    Role.COMMENTS_FEED,
    Role.SITEMAP,
    Role.SITEMAP_INDEX,
    Role.REST_POSTS,
    Role.REST_INDEX,
}
"""Roles of responses that only a working site gives; a file served while the site is down, such as
robots.txt or a stylesheet, is no evidence that the site answers."""

COUNTING = {"feed", "rest"}
"""Lists whose counts are exact; a listing's may be abbreviated."""

NOT_FOUND = {404, 410}
LONGEST_DETAIL = 2_000
INSTANT = len("2024-06-14T08:30:00.000000Z")


def record_facts(
    connection: Connection, capture_id: int, url: str, facts: Facts, site_id: str | None
) -> None:
    """Store the observation of a capture; one that is stored already stays as it is. `site_id` None
    means the crawl's site, or the host where the crawl was of several."""
    captured_at, record_id, status, crawled = connection.execute(
        "SELECT captured_at, record_id, status, site_id FROM captures JOIN crawls"
        " ON crawls.id = crawl_id WHERE captures.id = ?",
        (capture_id,),
    ).fetchone()
    key = url_key(url)
    host = host_of(key)
    site = site_id or crawled or host
    article = facts.article if facts.role is Role.ARTICLE else None
    leaf = facts.article if facts.role is Role.LEAF else None
    missing = facts.role is Role.MISSING and status in NOT_FOUND
    role = "missing" if missing else "article" if article else "other"
    alive = status == 200 and facts.role in SPEAKING
    # A further page of an article leads to its first one, as a redirect does.
    redirect_key = target_key(leaf.url if leaf else facts.redirect_to, key)
    if not record_observation(
        connection,
        (capture_id, site, host, key, captured_at, role, alive, redirect_key),
        article or leaf,
        url,
        leaf=leaf is not None,
    ):
        return
    dirty = {key} if missing or redirect_key else set()
    if article is not None:
        dirty |= {key, canonical(article, url)[0]}
    for mention in facts.mentions:
        dirty.add(record_mention(connection, capture_id, captured_at + record_id, mention))
    for problem in facts.problems:
        detail = storable(problem.detail)[:LONGEST_DETAIL]
        connection.execute(
            "INSERT INTO problems (capture_id, url, kind, detail, seen_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (url, kind, detail) DO UPDATE SET capture_id = excluded.capture_id,"
            " seen_at = excluded.seen_at WHERE excluded.seen_at || ? > seen_at || coalesce("
            "(SELECT record_id FROM captures WHERE id = capture_id), '')",
            (capture_id, url, problem.kind, detail, captured_at, record_id),
        )
    if alive:
        state_site(connection, site, url, facts, (captured_at, record_id))
    own_key = canonical(article, url)[0] if article else None
    lost_key = key if missing else None
    touch(connection, host, captured_at, alive=alive, own_key=own_key, lost_key=lost_key)
    connection.executemany(
        "INSERT INTO dirty (url_key) VALUES (?) ON CONFLICT DO NOTHING",
        [(item,) for item in dirty],
    )


def canonical(article: Article, url: str) -> tuple[str, str]:
    """The key and the URL under which an article page is known: its canonical one, unless that is
    on another host or is the home page, a common fault of configuration."""
    key, own = url_key(url), url_key(article.url)
    if host_of(own) != host_of(key) or (is_home(own) and not is_home(key)):
        return key, url
    return own, article.url


def target_key(url: str | None, key: str) -> str | None:
    """The key of a page that another one refers to; None when it says nothing about identity: on
    another host, the home page, or the same address."""
    if url is None:
        return None
    target = url_key(url)
    useless = host_of(target) != host_of(key) or is_home(target) or target == key
    return None if useless else target


def record_observation(
    connection: Connection,
    head: tuple[int, str, str, str, str, str, bool, str | None],
    article: Article | None,
    url: str,
    *,
    leaf: bool,
) -> bool:
    """Insert an observation; False when the capture has one. A `leaf` has a content, and no address
    or counts of its own."""
    tail: tuple[object, ...] = (None,) * 8
    if article is not None and leaf:
        content = (storable(article.post_id), state_id(connection, article))
        tail = (None, None, None, *content, None, None, None)
    elif article is not None:
        own_key, own_url = canonical(article, url)
        counts = article.counts
        tail = (
            own_key,
            own_url,
            target_key(article.twin_of, own_key),
            storable(article.post_id),
            state_id(connection, article),
            storable(counts.comments),
            storable(counts.votes),
            storable(counts.rating),
        )
    return bool(
        connection.execute(
            "INSERT INTO observations (capture_id, site_id, host, url_key, captured_at, role,"
            " alive, redirect_key, own_key, own_url, twin_key, post_id, state_id, comment_count,"
            " vote_count, rating) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            head + tail,
        ).rowcount
    )


def state_id(connection: Connection, article: Article) -> int:
    """The ID of the stored state of an article, which captures without a change share."""
    state = state_of(article)
    found = connection.execute(
        "SELECT id FROM article_states WHERE digest = ?", (state.digest,)
    ).fetchone()
    if found is not None:
        return int(found[0])
    return int(
        connection.execute(
            "INSERT INTO article_states (digest, title_key, text_key, data) VALUES (?, ?, ?, ?)"
            " RETURNING id",
            (state.digest, state.title_key, state.text_key, state.data),
        ).fetchone()[0]
    )


def statement_of(mention: Mention) -> tuple[tuple[object, ...], str]:
    """A line of a list as its row has it, and the digest that tells it from the others."""
    content = (
        mention.source,
        url_key(mention.url),
        storable(mention.url),
        storable(mention.post_id),
        storable(mention.title),
        mention.published_at,
        mention.modified_at,
        storable(mention.comment_count),
        mention.protected,
    )
    return content, short_digest(as_json(content))


def record_mention(connection: Connection, capture_id: int, moment: str, mention: Mention) -> str:
    """Store a line of a feed, a sitemap, a list or REST; the key of its URL.

    A line that was stored before only moves its first and last capture; single captures are kept
    where they state a count.
    """
    content, digest = statement_of(mention)
    captured_at = moment[:INSTANT]
    found = connection.execute(
        "SELECT statements.id, captured_at || record_id FROM statements JOIN captures"
        " ON captures.id = last_capture_id WHERE digest = ?",
        (digest,),
    ).fetchone()
    if found is None:
        (statement_id,) = connection.execute(
            "INSERT INTO statements (digest, source, url_key, url, post_id, title, published_at,"
            " modified_at, comment_count, protected, last_capture_id, first_seen_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (digest, *content, capture_id, captured_at),
        ).fetchone()
    else:
        statement_id = found[0]
        if found[1] < moment:
            connection.execute(
                "UPDATE statements SET last_capture_id = ? WHERE id = ?",
                (capture_id, statement_id),
            )
        else:
            connection.execute(
                "UPDATE statements SET first_seen_at = min(first_seen_at, ?) WHERE id = ?",
                (captured_at, statement_id),
            )
    if mention.comment_count is not None and mention.source in COUNTING:
        connection.execute(
            "INSERT INTO mentions (statement_id, capture_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (statement_id, capture_id),
        )
    return url_key(mention.url)

"""Read every page of the running site straight through `extract`, without crawler or archive.

It tells a wrong reading from a wrong crawl: `python -m tests.soak.wordpress.direct [VARIANT...]`
prints, for each variant, what the articles' pages lost and what each other page was taken for.
"""

import argparse
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from http.client import HTTPConnection
from urllib.parse import urlsplit

from archiver.extract import extract
from archiver.extract.facts import Article, Facts, Response, Role
from archiver.extract.leaves import joined
from archiver.profiles import load
from archiver.profiles.model import Profile
from tests.soak.wordpress.compare import Held, Stated, differences, spelt
from tests.soak.wordpress.site import VARIANTS, Site, Variant, running

# What a WordPress answers besides its posts where permalinks are `/%postname%/`.
OTHERS = {
    "/": Role.LISTING,
    "/page/2/": Role.LISTING,
    "/page/99/": Role.MISSING,
    "/category/actualite/": Role.LISTING,
    "/tag/consulats/": Role.LISTING,
    "/author/equipe/": Role.LISTING,
    "/2020/": Role.LISTING,
    "/2020/11/": Role.LISTING,
    "/?s=passeports": Role.LISTING,
    "/mentions-legales/": Role.PAGE,
    "/permanence-singapour-hanoi/lhemicycle/": Role.PAGE,
    "/delais-passeports/embed/": Role.OTHER,
    "/delais-passeports/feed/": Role.COMMENTS_FEED,
    "/comments/feed/": Role.COMMENTS_FEED,
    "/feed/": Role.FEED,
    "/feed/?paged=2": Role.FEED,
    "/feed/?paged=99": Role.MISSING,
    "/feed/atom/": Role.FEED,
    "/wp-json/": Role.REST_INDEX,
    "/wp-json/wp/v2/posts?per_page=100": Role.REST_POSTS,
    "/wp-json/wp/v2/posts?per_page=10&page=2": Role.REST_POSTS,
    "/wp-sitemap.xml": Role.SITEMAP_INDEX,
    "/wp-sitemap-posts-post-1.xml": Role.SITEMAP,
    "/sitemap.xml": Role.REDIRECT,
    "/robots.txt": Role.ROBOTS,
    "/aide-aux-entreprenneurs/": Role.REDIRECT,
    "/?p=6": Role.REDIRECT,
    "/supprimee/": Role.MISSING,
    "/prive/": Role.MISSING,
    "/wp-login.php": Role.LOGIN,
}


def fetch(url: str) -> Response:
    """One GET, redirects not followed, as the crawler's handler would hand it over."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=60)
    connection.request("GET", url.split(parts.netloc, 1)[1], headers={"Accept": "text/html"})
    answer = connection.getresponse()
    headers: dict[str, tuple[str, ...]] = {}
    for name, value in answer.getheaders():
        headers[name.lower()] = (*headers.get(name.lower(), ()), value)
    body = answer.read()
    connection.close()
    return Response(url, answer.status, headers, body)


def read(url: str, profile: Profile) -> Facts:
    return extract(fetch(url), profile, datetime.now(UTC).date())


def held(article: Article) -> Held:
    return Held(
        url=article.url,
        post_id=article.post_id,
        title=article.title,
        kind=article.kind,
        day=article.published_on,
        author=article.author,
        modified=article.modified_at,
        categories=article.categories,
        tags=article.tags,
        comments=article.counts.comments,
        body=article.body_text,
        gone=False,
        questions=tuple(asdict(question) for question in article.questions),
    )


def whole(article: Article, facts: Facts, profile: Profile) -> Article:
    """An article with the further pages that its page leads to."""
    pages = [page for url in facts.next_pages if (page := read(url, profile).article)]
    article, _ = joined(article, {page.leaf.number: page for page in pages if page.leaf})
    return article


def wrong_articles(site: Site, profile: Profile) -> list[str]:
    """What the posts' own pages say that differs from what was inserted."""
    found = []
    articles = []
    for post in site.expected():
        facts = read(post.url, profile)
        if facts.article is None:
            found.append(f"{post.key}: read as {facts.role} with {facts.problems}")
        else:
            articles.append(held(whole(facts.article, facts, profile)))
    stated = Stated(modified=False, feed_items=0)
    return found + differences(site.expected(), articles, site.absent(), stated)


def other_pages(site: Site, profile: Profile) -> dict[str, Facts]:
    """All that is not a post, by path."""
    return {path: read(site.server.url + path, profile) for path in OTHERS}


def role_of(path: str, variant: Variant) -> Role:
    """What the page at `path` is, on a site that may have closed its lists."""
    if not variant.rest and path.startswith("/wp-json"):
        return Role.REFUSED
    closed = (not variant.sitemap and "sitemap" in path, not variant.feeds and "/feed/" in path)
    return Role.MISSING if any(closed) else OTHERS[path]


def wrong_others(site: Site, profile: Profile, variant: Variant) -> list[str]:
    """The other pages that are taken for something they are not, or mention what is not so."""
    found = []
    for path, facts in other_pages(site, profile).items():
        role = role_of(path, variant)
        if facts.role is not role or facts.article:
            found.append(f"{path}: {role} became {facts.role}")
        found += [f"{path}: {text}" for text in wrong_mentions(site, facts)]
    return found


def wrong_mentions(site: Site, facts: Facts) -> list[str]:
    """Mentions of posts that do not exist, or with another ID, title, count or instant."""
    posts = {spelt(post.url): post for post in site.expected()}
    found = []
    for mention in facts.mentions:
        post = posts.get(spelt(mention.url))
        if post is None:
            found.append(f"mentions {mention.url}, which is no post")
            continue
        pairs = (
            (mention.post_id, post.post_id),
            (mention.title, post.title),
            (mention.comment_count, post.comments),
            ((mention.modified_at or "")[:19] or None, post.modified.replace(" ", "T")),
        )
        found += [
            f"{post.key}: {given!r} became {got!r}"
            for got, given in pairs
            if got is not None and got != given
        ]
    # The number of posts that each whole list must mention; the others are listings of a few.
    whole = {Role.REST_POSTS: facts.total, Role.SITEMAP: len(facts.mentions)}
    number = whole.get(facts.role, len(posts))
    if number != len(posts):
        found.append(f"lists {number} posts of {len(posts)}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("variants", nargs="*", metavar="VARIANT", default=list(VARIANTS))
    options = parser.parse_args()
    wrong = False
    with running() as site:
        for name in options.variants:
            site.apply(VARIANTS[name])
            profile = load(site.url)
            found = wrong_articles(site, profile)
            if VARIANTS[name].permalinks == "/%postname%/":
                found += wrong_others(site, profile, VARIANTS[name])
            wrong = wrong or bool(found)
            sys.stdout.write(f"== {name}: {len(found)} differences\n" + "\n".join(found) + "\n")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())

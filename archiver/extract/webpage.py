"""An HTML response to facts: which kind of page it is, and what it shows.

WordPress says by itself what a page is (REST links, classes of `body`); themes that say nothing and
other platforms must give evidence that a page is an article. A page that is not the site speaking
(login form, error page) is none, whatever its status.
"""

import re
from datetime import date
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from archiver.extract.article import read_article
from archiver.extract.byline import named_heading
from archiver.extract.chrome import words
from archiver.extract.decoding import utf8_of
from archiver.extract.elements import elements_of
from archiver.extract.facts import Article, Facts, Problem, Response, Role
from archiver.extract.guards import FEW_TAGS, excess, is_too_deep
from archiver.extract.head import Head, read_head
from archiver.extract.leaves import leaves_linked
from archiver.extract.listing import has_list, mentions_in, next_pages
from archiver.extract.page import Page, open_page
from archiver.extract.requisites import requisites_of
from archiver.extract.urls import resolve_all
from archiver.profiles.model import Profile

MOST_LINKS = 5_000
LEAST_TEXT = 80
LEAST_ITEMS = 3
_ARCHIVES = words("archive blog search search-results post-type-archive")
_SINGLE = words("single single-post")
_NOT_ARTICLES = re.compile(
    r"attachment|single-(?:attachment|product|tribe_events|event|elementor_library|e-landing-page)"
)
_LISTED = words("categories tags users")
_ADDRESS = re.compile(r"/(?:posts?|articles?|actualites?|blog|news)/[\w-]{22}(?:/|$)")
_EMBED = re.compile(r"/embed/?$|[?&]embed=true(?:&|$)")
_LOGIN_FIELD = 'input[type="password"]:not([name="post_password"])'


def read_webpage(response: Response, profile: Profile, day: date) -> Facts:
    """The facts of an HTML page captured on `day` with a status of success."""
    tags = response.body.count(b"<")
    if reason := excess(response.body, tags):
        return Facts(Role.OTHER, problems=(Problem("too_complex", reason),))
    tree = LexborHTMLParser(utf8_of(response))
    if tags > FEW_TAGS and tree.root is not None and is_too_deep(tree.root):
        return Facts(Role.OTHER, problems=(Problem("too_complex", "éléments trop imbriqués"),))
    elements, anchors = elements_of(tree)
    head = read_head(response, tree, elements)
    links = resolve_all(response.url, anchors, MOST_LINKS)
    page = open_page(response.url, tree, head, links, profile, day)
    if page is None:
        return _facts(Role.EMPTY, head)
    requisites = requisites_of(elements, response.url)
    role, article, problems = _read(page)
    if role is Role.LISTING or role is Role.PAGE:
        mentions = mentions_in(page)
        role = _listing_or_page(page, role, len(mentions))
        return _facts(
            role,
            head,
            mentions=mentions,
            links=links,
            next_pages=next_pages(page, shows_articles=bool(mentions)),
            requisites=requisites,
            problems=problems,
        )
    leaf = article.leaf if article else None
    leaves = leaves_linked(page, article.url, leaf.number) if article and leaf else {}
    return _facts(
        role,
        head,
        article=article,
        links=links,
        next_pages=tuple(leaves.values()),
        requisites=requisites,
        problems=problems,
    )


def _facts(role: Role, head: Head, **found: object) -> Facts:
    return Facts(
        role,
        endpoints=head.endpoints(),
        alternates=head.alternates,
        site_name=head.site_name(),
        platform=head.platform(),
        chamber=head.chamber(),
        **found,  # type: ignore[arg-type]
    )


def _read(page: Page) -> tuple[Role, Article | None, tuple[Problem, ...]]:
    role = _declared_role(page.head)
    if role is Role.ARTICLE and _EMBED.search(page.url):
        # The card that other sites embed: the article's title and excerpt only.
        return Role.PAGE, None, ()
    if role is None:
        role = _role_by_evidence(page)
        if role is None:
            return _tried_as_article(page)
    if role is not Role.ARTICLE:
        return role, None, ()
    article, problems = read_article(page)
    if article is None:
        return Role.OTHER, None, problems
    return _article_or_leaf(article), article, problems


def _article_or_leaf(article: Article) -> Role:
    return Role.LEAF if article.leaf and article.leaf.number > 1 else Role.ARTICLE


def _declared_role(head: Head) -> Role | None:
    """The role that WordPress itself declares."""
    classes = head.classes
    if "error404" in classes:
        return Role.OTHER
    if "login" in classes and "wp-core-ui" in classes:
        return Role.LOGIN
    if any(_NOT_ARTICLES.fullmatch(name) for name in classes):
        return Role.PAGE
    if not _SINGLE.isdisjoint(classes):
        return Role.ARTICLE
    if not _ARCHIVES.isdisjoint(classes) or head.collection in _LISTED:
        return Role.LISTING
    if head.collection == "pages" or "page" in classes:
        return Role.PAGE
    return Role.ARTICLE if head.collection is not None else None


def _role_by_evidence(page: Page) -> Role | None:
    """The role of a page that declares none; None when only its text can tell."""
    if page.tree.css_first(_LOGIN_FIELD) is not None and page.tree.css_first("article") is None:
        return Role.LOGIN
    if urlsplit(page.url).path in ("", "/"):
        return Role.PAGE
    if _ADDRESS.search(urlsplit(page.url).path) or page.head.graph.article(page.address()):
        return Role.ARTICLE
    if len(page.tree.css("article")) >= LEAST_ITEMS:
        return Role.PAGE
    if page.head.meta.get("og:type") == "article":
        return Role.ARTICLE
    titled = page.tree.css_first("h1,.entry-title") is not None or named_heading(page)
    return None if titled else Role.PAGE


def _tried_as_article(page: Page) -> tuple[Role, Article | None, tuple[Problem, ...]]:
    """A page with a heading is an article if it shows a question or a day above some text."""
    article, problems = read_article(page)
    if article is not None and (
        article.questions
        or article.protected
        or (article.published_on and len(article.body_text or "") >= LEAST_TEXT)
    ):
        return _article_or_leaf(article), article, problems
    return Role.PAGE, None, tuple(one for one in problems if one.kind == "too_complex")


def _listing_or_page(page: Page, role: Role, items: int) -> Role:
    """A plain page that shows articles is a listing; so is one made to show some, though empty:
    a page N of something, or a list past its end."""
    if role is Role.LISTING or items or "paged" in page.head.classes or has_list(page):
        return Role.LISTING
    return Role.PAGE

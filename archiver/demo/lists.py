"""The pages that list articles, the plain pages, the endless diary and the 404 page.

As measured: lists show links to five pages at most though more answer, and past their end they
answer 200 with no article.
"""

from collections.abc import Callable
from datetime import datetime

from markupsafe import Markup

from archiver.demo.model import PARIS, Block, Page, Post
from archiver.demo.rendering import DISALLOWED, View, calendar

PER_PAGE = 6
SHOWN_PAGES = 5
_BODY = "wp-theme-hello-elementor"


def list_page(
    view: View,
    path: str,
    posts: list[Post],
    number: int,
    *,
    heading: str,
    page_path: Callable[[int], str],
    archive: bool,
) -> str:
    """Page `number` of a list; `page_path` gives the French address of a page from the second on,
    `archive` says that it is a WordPress archive and no page with a posts widget."""
    last = -(-len(posts) // PER_PAGE)
    prefix = view.home.rstrip("/")
    urls = [prefix + (path if place == 1 else page_path(place)) for place in range(1, last + 1)]
    inside = 1 <= number <= last
    here = path if number == 1 else page_path(number)
    return view.render(
        "list.html",
        here,
        page_title=heading,
        heading=heading,
        body_class=f"{'archive' if archive else 'page-template-default page'} {_BODY}",
        elementor_type="archive" if archive else "wp-page",
        cards=[view.card(post) for post in posts[(number - 1) * PER_PAGE : number * PER_PAGE]],
        number=number,
        last_page=last,
        shown_pages=min(last, SHOWN_PAGES),
        page_urls=urls,
        next_url=urls[number] if inside and number < last else "",
        rel_previous=urls[number - 2] if archive and inside and number > 1 else None,
        rel_next=urls[number] if archive and inside and number < last else None,
    )


def plain_page(view: View, page: Page) -> str:
    """A WordPress page, which is no article."""
    return view.render(
        "page.html",
        f"/{page.slug}/",
        page_title=page.title,
        heading=page.title,
        body_class=f"wp-singular page-template-default page page-id-{page.id} {_BODY}",
        post_class=f"post-{page.id} page type-page status-publish hentry",
        body=page.body,
        extra="",
    )


def diary_page(view: View, year: int, month: int) -> str:
    """A month of the diary: there is always one more."""
    text = "Permanence de la députée les lundis et vendredis matin."
    days = calendar(view.home, datetime(year, month, 1, tzinfo=PARIS))
    path, title = f"/agenda/{year}-{month:02}/", view.words["calendar"]
    return _bare_page(view, path, 29, title=title, text=text, extra=days)


def team_page(view: View) -> str:
    """The page that robots.txt closes though every footer links to it."""
    text = "Cette page est destinée à l’équipe de la députée."
    return _bare_page(view, DISALLOWED, 33, title="Espace de l’équipe", text=text)


def _bare_page(
    view: View, path: str, number: int, *, title: str, text: str, extra: Markup | str = ""
) -> str:
    return view.render(
        "page.html",
        path,
        page_title=title,
        heading=title,
        body_class=f"page-template-default page page-id-{number} {_BODY}",
        post_class=f"post-{number} page type-page status-publish hentry",
        body=(Block("text", (text,)),),
        extra=extra,
    )


def missing_page(view: View, path: str) -> str:
    """The theme's 404 page."""
    return view.render(
        "missing.html",
        path,
        page_title=view.words["missing"],
        body_class=f"error404 {_BODY}",
        robots="noindex, follow",
        canonical="",
    )


def home_page(view: View) -> str:
    """The front page: the newest articles, without pagination."""
    return view.render(
        "list.html",
        "/",
        page_title=view.content.title,
        heading=view.content.tagline,
        body_class=f"home wp-singular page page-id-19 {_BODY}",
        elementor_type="wp-page",
        cards=[view.card(post) for post in view.content.listed()[:PER_PAGE]],
        number=1,
        last_page=1,
        shown_pages=1,
        page_urls=[],
        next_url="",
    )

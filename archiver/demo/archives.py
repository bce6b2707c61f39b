"""The lists of articles by address: the news page, categories, tags, authors, dates."""

import re
from dataclasses import dataclass

from archiver.demo.lists import list_page
from archiver.demo.model import Post, Term
from archiver.demo.rendering import View

_NEWS = re.compile(r"/actualite/(?:(?P<number>\d+)/)?")
_TERM = re.compile(r"/(?P<kind>category|tag|author)/(?P<slug>[^/]+)/(?:page/(?P<number>\d+)/)?")
_DATE = re.compile(
    r"/(?P<year>\d{4})/(?:(?P<month>\d\d)/(?:(?P<day>\d\d)/)?)?(?:page/(?P<number>\d+)/)?"
)


@dataclass(frozen=True, slots=True)
class Archive:
    """One page of a list of articles; `path` is the French address of its first page."""

    path: str
    heading: str
    posts: list[Post]
    number: int
    archive: bool

    def page(self, view: View) -> str:
        """The page of the theme, 200 with no article past the end."""
        middle = "page/" if self.archive else ""
        return list_page(
            view,
            self.path,
            self.posts,
            self.number,
            heading=self.heading,
            page_path=lambda number: f"{self.path}{middle}{number}/",
            archive=self.archive,
        )


def archive(view: View, path: str) -> Archive | None:
    """The list at an address, or None where there is none."""
    posts = view.content.listed()
    if found := _NEWS.fullmatch(path):
        number = int(found["number"] or 1)
        return Archive("/actualite/", view.words["news"], posts, number, archive=False)
    if found := _TERM.fullmatch(path):
        term = _terms(view, found["kind"]).get(found["slug"].casefold())
        if term is None:
            return None
        chosen = [post for post in posts if term.slug in _slugs(post, found["kind"])]
        first = f"/{found['kind']}/{term.slug}/"
        return Archive(first, view.name_of(term), chosen, int(found["number"] or 1), archive=True)
    if found := _DATE.fullmatch(path):
        year, month, day = (found[name] for name in ("year", "month", "day"))
        prefix = "-".join(part for part in (year, month, day) if part)
        chosen = [post for post in posts if post.date.date().isoformat().startswith(prefix)]
        if not chosen:
            return None
        first = f"/{prefix.replace('-', '/')}/"
        return Archive(first, prefix, chosen, int(found["number"] or 1), archive=True)
    return None


def _terms(view: View, kind: str) -> dict[str, Term]:
    content = view.content
    return {"category": content.categories, "tag": content.tags, "author": content.authors}[kind]


def _slugs(post: Post, kind: str) -> tuple[str, ...]:
    return {"category": post.categories, "tag": post.tags, "author": (post.author,)}[kind]

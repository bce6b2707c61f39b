"""An article page to an `Article`, from whatever theme.

Each fact has its own module; here they are put together. A page without a title is no article, and
the text of a protected one is None.
"""

from collections.abc import Iterator

from archiver.extract import byline
from archiver.extract.blocks import body_text
from archiver.extract.content import blocks_in, content_of, is_protected
from archiver.extract.counts import counts_of
from archiver.extract.facts import Article, Counts, Problem
from archiver.extract.guards import is_too_deep
from archiver.extract.leaves import first_of, joined, leaf_of, number_of
from archiver.extract.loose import Loose, read_loose
from archiver.extract.official import completed
from archiver.extract.page import Page
from archiver.extract.questions import Split, split
from archiver.extract.urls import host_of, normalise, slug_in, url_key


def read_article(page: Page) -> tuple[Article | None, tuple[Problem, ...]]:
    """The article of a page that shows one, with its problems; None when the page has no title or
    is nested too deep to be read. A further page of an article gives that page's text alone."""
    number = number_of(page)
    url = first_of(page.address(), number)
    stated = page.head.graph.article(url)
    shown = byline.title_of(page, stated)
    if shown is None:
        return None, ()
    content = content_of(page)
    if is_too_deep(page.root if content is None else content):
        return None, (Problem("too_complex", "éléments trop imbriqués"),)
    protected = is_protected(page)
    title = byline.without_protection(shown) if protected else shown
    day = byline.day_of_article(page, stated)
    categories, tags = byline.terms_of(page, stated)
    author = byline.author_of(page, stated)
    counts = counts_of(page.tree, stated.counts if stated else Counts())
    problems = [Problem("rule_missed", rule) for rule in _missed_rules(page)]
    parted = Split("news")
    text = Loose(())
    leaf = None
    if protected:
        problems.append(Problem("protected", title))
    else:
        if content is None:
            text = read_loose(page, title)
        else:
            text = Loose(blocks_in(page, content, loose=False))
        leaf = leaf_of(page, url, number, text.blocks)
        if leaf is None:
            parted = split(text.blocks, title=title, slug=slug_in(url), rules=page.rules)
            problems.extend(parted.problems)
        if not text.blocks:
            problems.append(Problem("no_text", title))
    day = day or text.day
    categories = categories or text.categories
    if day is None and number == 1:
        problems.append(Problem("no_day", title))
    article = Article(
        url=url,
        title=title,
        kind=parted.kind,
        post_id=page.head.post_id,
        lang=page.head.language,
        twin_of=_twin(page, url),
        aliases=_aliases(page, url),
        published_on=day,
        modified_at=byline.modified_at(page, stated),
        author=author,
        categories=categories,
        tags=tags,
        body_text=None if protected else body_text(text.blocks),
        protected=protected,
        counts=_completed(counts, text.counts),
        questions=completed(parted.questions, page),
        leaf=leaf,
    )
    if leaf is not None and leaf.number == 1:
        article, _ = joined(article, {})  # the rest is told of all pages together
    return article, tuple(problems)


def _missed_rules(page: Page) -> Iterator[str]:
    """The profile's selectors that should have found something on an article page and did not."""
    rules = page.rules
    for name, selectors in (
        ("title", rules.title),
        ("date", rules.date),
        ("content", rules.content),
    ):
        if selectors and next(page.ruled(selectors), None) is None:
            yield f"{name} = {', '.join(selectors)}"


def _completed(counts: Counts, further: Counts) -> Counts:
    """Counts, and further ones for what they leave unknown."""
    return Counts(
        further.comments if counts.comments is None else counts.comments,
        further.votes if counts.votes is None else counts.votes,
        further.rating if counts.votes is None and counts.rating is None else counts.rating,
    )


def _twin(page: Page, url: str) -> str | None:
    """The URL of this page in the site's main language, when this one is a translation."""
    main = page.profile.language[:2].lower()
    if page.head.language is None or page.head.language[:2].lower() == main:
        return None
    for tag, alternate in page.head.alternates.items():
        if tag[:2].lower() == main and url_key(alternate) != url_key(url):
            return alternate
    return None


def _aliases(page: Page, url: str) -> tuple[str, ...]:
    short = page.head.shortlink
    if short is None or host_of(short) != host_of(url) or url_key(short) == url_key(url):
        return ()
    return (normalise(short),)

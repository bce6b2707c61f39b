"""Articles that WordPress cuts into several pages (`<!--nextpage-->`): the leaves of one article.

Each page says which leaf it is and links to the others, at the article's own address followed by a
number. An article is read as its leaves in their order, up to the first that is not there: what
stands beyond a gap could answer a question that nobody has seen.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from archiver.extract.blocks import Block, body_text
from archiver.extract.decoding import line_of
from archiver.extract.facts import Article, Leaf, Problem, Question
from archiver.extract.page import Page
from archiver.extract.problems import KINDS
from archiver.extract.questions import Split, split
from archiver.extract.urls import resolve, slug_in, url_key
from archiver.profiles.model import Rules

MOST_LEAVES = 100
MOST_LINKS = 500
LINKS = "a.post-page-numbers,.page-links a,.post-nav-links a,.page-link a"
_CLASS = re.compile(r"single-paged-(\d{1,4})")
_PATH = re.compile(r"(?<=/)(\d{1,4})/?$")
_NUMBERED = re.compile(r"/\d{1,4}/?$|[?&]page=\d")


def number_of(page: Page) -> int:
    """Which leaf of its article a page is, from 1 up, as its classes or its page links say."""
    for name in page.head.classes:
        if found := _CLASS.fullmatch(name):
            return max(1, int(found[1]))
    number = _number_in(page.url)
    if number is None:
        return 1
    current = page.tree.css_first(".post-page-numbers.current")
    return number if current is not None and line_of(current.text()) == str(number) else 1


def first_of(url: str, number: int) -> str:
    """The URL of an article, from that of its leaf `number`."""
    if number == 1:
        return url
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if ("page", str(number)) in pairs:
        kept = urlencode([pair for pair in pairs if pair != ("page", str(number))])
        return urlunsplit(parts._replace(query=kept))
    return urlunsplit(parts._replace(path=re.sub(rf"(?<=/){number}/?$", "", parts.path)))


def url_of(article: str, number: int) -> str:
    """The URL at which WordPress shows the leaf `number` of the article at a URL."""
    parts = urlsplit(article)
    if parts.query:
        return urlunsplit(parts._replace(query=f"{parts.query}&page={number}"))
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{number}/"))


def leaves_linked(page: Page, url: str, number: int) -> dict[int, str]:
    """The further leaves of the article at `url` that its leaf `number` links to, by number."""
    articles = {url, first_of(page.url, number)}
    own = set(map(url_key, articles))
    names = {urlsplit(article).path.rstrip("/").rpartition("/")[2] for article in articles}
    found: dict[int, str] = {}
    for target in page.links:
        # Few links bear the article's name, and most numbers are those of years and of lists.
        if any(name in target for name in names) and _NUMBERED.search(target):
            other = _number_in(target)
            if other and url_key(first_of(target, other)) in own:
                found.setdefault(other, target)
    if not found:
        return {}
    # A list of other posts on the page has its further pages at the same addresses.
    nodes = page.tree.css(LINKS)[:MOST_LINKS]
    shown = {resolve(page.url, node.attributes.get("href") or "") for node in nodes}
    return {other: target for other, target in sorted(found.items()) if target in shown}


def leaf_of(page: Page, url: str, number: int, lines: tuple[Block, ...]) -> Leaf | None:
    """The leaf that page `number` of the article at `url` is; None for an article on one page."""
    pages = max((number, *leaves_linked(page, url, number)))
    if pages == 1:
        return None
    rules = page.rules
    labels = (rules.question_labels, rules.answer_labels, rules.pending_phrases)
    return Leaf(number, pages, lines, *labels)


def missing_leaves(article: Article, others: Mapping[int, Article]) -> list[int]:
    """The numbers of the leaves that an article has and that are not among the `others`."""
    told = [page.leaf.pages for page in (article, *others.values()) if page.leaf]
    return [number for number in range(2, max(told, default=1) + 1) if number not in others]


def joined(first: Article, others: Mapping[int, Article]) -> tuple[Article, tuple[Problem, ...]]:
    """The article of which `first` is the first leaf, with its further leaves by number, and the
    problems of the whole.

    While a leaf is missing, nothing that would be on it is claimed: a question without an answer
    has an unknown status.
    """
    leaf = first.leaf
    if leaf is None or first.protected:
        return first, ()
    missing = missing_leaves(first, others)
    leaves = [page.leaf for _, page in sorted(others.items()) if page.leaf]
    end = min(missing, default=MOST_LEAVES + 1)
    known = [*leaf.lines, *(line for one in leaves if one.number < end for line in one.lines)]
    parted = split(known, title=first.title, slug=slug_in(first.url), rules=_rules(leaf))
    whole = replace(
        first,
        kind=parted.kind,
        body_text=body_text([*leaf.lines, *(line for one in leaves for line in one.lines)]),
        questions=parted.questions,
    )
    doubts = tuple(
        Problem("joined_leaves", f"{problem.detail} ({KINDS[problem.kind]})")
        for problem in parted.problems
    )
    if not missing:
        return whole, doubts
    return replace(whole, questions=unsettled(parted)), (*doubts, _absence(first.url, missing))


def unsettled(parted: Split) -> tuple[Question, ...]:
    """The questions of an incomplete text: that no answer was found tells nothing."""
    return tuple(
        replace(question, status="unknown") if question.status == "pending" else question
        for question in parted.questions
    )


def _absence(url: str, missing: list[int]) -> Problem:
    address = url_of(url, missing[0])
    more = f" (et {len(missing) - 1} autres)" if len(missing) > 1 else ""
    return Problem(
        "missing_leaf",
        f"La page {missing[0]} de l’article{more} n’a jamais été conservée : l’archiver avec "
        f"« archiver crawl » et l’option « --only {address} ».",
    )


def _rules(leaf: Leaf) -> Rules:
    return Rules(
        question_labels=leaf.question_labels,
        answer_labels=leaf.answer_labels,
        pending_phrases=leaf.pending_phrases,
    )


def _number_in(url: str) -> int | None:
    """The number of the leaf that a URL asks for, if it has the form of one."""
    parts = urlsplit(url)
    stated = dict(parse_qsl(parts.query)).get("page", "")
    if not stated.isascii() or not stated.isdigit():
        found = None if parts.query else _PATH.search(parts.path)
        stated = found[1] if found else "0"
    return int(stated) if len(stated) <= 4 and 2 <= int(stated) <= MOST_LEAVES else None

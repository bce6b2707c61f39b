"""The text of an article that no theme has boxed: its region read boldly, its head and tail cut.

Where the page has no region either, trafilatura says where the main text begins and ends; the text
itself is read here, so that its typography stays and nothing in the middle is lost. Lines up to the
title and the day stand before the article; lines that plug-ins and themes print after one (votes,
sharing, comments) end it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from archiver.extract.blocks import Block
from archiver.extract.content import blocks_in
from archiver.extract.dates import day_of
from archiver.extract.facts import Counts
from archiver.extract.page import Page
from archiver.extract.text import fold, skeleton

MOST_TAGS = 3_000
MOST_CHARACTERS = 400_000
HEAD_LINES = 8
LONGEST_HEAD_LINE = 120
SHORTEST_TEXT = 60
_LINES = ("p", "li", "td", "th", "dt", "dd", "pre", "blockquote", re.compile(r"h[1-6]"))
_BETWEEN = re.compile(r" *[/>»] *")
_SECTION = re.compile(r"(?:actualites?|actus?|blog|presse|news)(?: *[/>»] *[^/>».!?:]{2,40})*")
_VOTES = re.compile(r"(?P<rating>[0-5](?:[.,]\d)?) (?P<votes>\d{1,9}) votes?")
_COMMENTS = re.compile(r"(?P<comments>\d{1,9}) commentaires?")
_TAIL = re.compile(
    r"evaluation de l'article|notez l'article|article rating"
    r"|partage[rz]?(?: (?:cette|cet|la|le|l'|sur|ceci|:).{0,40})? ?:?|share (?:this|on).{0,20}"
    r"|(?:laisser|laissez|ajouter|poster|ecrire) un commentaire.{0,40}|leave a (?:comment|reply)"
    r"|commentaires?(?: \(\d+\))?|s'abonner|notification pour"
    r"|articles? (?:similaires?|lies|recents?|associes)|a lire (?:aussi|egalement)"
    r"|(?:cela pourrait|ca pourrait|vous aimerez|vous pourriez).{0,40}|related (?:posts|articles)"
)


@dataclass(frozen=True, slots=True)
class Loose:
    """An article's lines, with what lines around them stated: day, section and counts."""

    blocks: tuple[Block, ...]
    day: str | None = None
    categories: tuple[str, ...] = ()
    counts: Counts = field(default_factory=Counts)


def read_loose(page: Page, title: str) -> Loose:
    """The text of the page's article region, or what trafilatura takes for the main text."""
    body = page.tree.body
    whole_body = body is not None and page.root.mem_id == body.mem_id
    main = _main_lines(page) if whole_body else frozenset[str]()
    blocks = blocks_in(page, page.root, loose=True)
    places = [place for place, block in enumerate(blocks) if fold(block.text) in main]
    first, last = (places[0], places[-1]) if places else (0, len(blocks) - 1)
    while first and day_of(blocks[first - 1].text):
        first -= 1
    found = _cut(blocks[first : last + 1], title)
    return replace(found, categories=_categories(blocks[: 4 * HEAD_LINES], title))


def _main_lines(page: Page) -> frozenset[str]:
    """The lines of the main text, folded for comparison."""
    html = page.tree.html or ""
    if html.count("<") > MOST_TAGS or len(html) > MOST_CHARACTERS:
        return frozenset()
    import trafilatura
    from bs4 import BeautifulSoup

    text = trafilatura.extract(
        html,
        output_format="html",
        include_comments=False,
        include_tables=True,
        include_formatting=True,
        favor_recall=True,
    )
    soup = BeautifulSoup(text or "", "lxml")
    for tag in soup.find_all("br"):
        tag.replace_with("\n")
    texts = (tag.get_text() for tag in soup.find_all(_LINES))
    return frozenset(fold(line) for text in texts for line in text.splitlines() if line.strip())


def _cut(blocks: Sequence[Block], title: str) -> Loose:
    start, day = _start(blocks, skeleton(title))
    body = blocks[start:]
    seen_text = False
    for place, block in enumerate(body):
        line = skeleton(block.text)
        if seen_text and (
            _TAIL.fullmatch(line) or _VOTES.fullmatch(line) or _COMMENTS.fullmatch(line)
        ):
            return Loose(tuple(body[:place]), day, counts=_counts(body[place:]))
        seen_text = seen_text or len(line) >= SHORTEST_TEXT
    return Loose(tuple(body), day)


def _start(blocks: Sequence[Block], title: str) -> tuple[int, str | None]:
    """Where the text begins: after the last line that repeats the title, and after the day if it
    stands among the first lines with nothing but short lines before it."""
    start = 0
    for place, block in enumerate(blocks[: 4 * HEAD_LINES]):
        if block.heading and skeleton(block.text) == title:
            start = place + 1
    for place, block in enumerate(blocks[start : start + HEAD_LINES], start):
        if day := day_of(block.text):
            return place + 1, day
        if len(block.text) > LONGEST_HEAD_LINE:
            break
    return start, None


def _categories(head: Sequence[Block], title: str) -> tuple[str, ...]:
    """The section whose name stands by itself just above title and day (« Actualité / Europe »)."""
    lines = [block for block in head if skeleton(block.text) != skeleton(title)]
    for before, block in pairwise(lines):
        if day_of(block.text):
            alone = not before.continues and _SECTION.fullmatch(skeleton(before.text))
            return tuple(_BETWEEN.split(before.text)) if alone else ()
    return ()


def _counts(tail: Sequence[Block]) -> Counts:
    votes = comments = rating = None
    for block in tail:
        line = skeleton(block.text)
        if votes is None and (found := _VOTES.fullmatch(line)):
            votes, rating = int(found["votes"]), float(found["rating"].replace(",", "."))
        if comments is None and (found := _COMMENTS.fullmatch(line)):
            comments = int(found["comments"])
    return Counts(comments, votes, rating)

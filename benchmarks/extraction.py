"""Extraction of all facts from article pages of about 100 KB, on one core.

The peers do less: BeautifulSoup takes six facts by the sample site's own selectors, trafilatura
takes the main text (and, on a line of its own, title and day), selectolax only parses. The share of
equal facts is printed, so that a ratio between unlike answers shows.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from statistics import median

import trafilatura
from bs4 import BeautifulSoup, Tag
from selectolax.lexbor import LexborHTMLParser

from archiver.demo.routes import answer
from archiver.demo.states import load
from archiver.extract import extract
from archiver.extract.dates import day_of
from archiver.extract.facts import Response
from archiver.profiles import load as profile_of
from archiver.profiles.model import Profile
from benchmarks.measure import Line, best_cpu, show

PAGES = 300
ROUNDS = 3
DAY = date(2024, 6, 1)
BASE = "http://127.0.0.1:8765"
LABEL = re.compile(r"(question|réponse)\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SixFacts:
    """What the BeautifulSoup peer reads from a page."""

    url: str | None
    title: str | None
    day: str | None
    question: str | None
    answer: str | None
    comments: int | None


def sample_pages() -> list[Response]:
    """Article pages of the sample site, rendered in this process."""
    content = load(1, PAGES)
    found = []
    for post in content.listed():
        url = f"{BASE}/{post.slug}/"
        page = answer(content, BASE, f"/{post.slug}/", {})
        found.append(Response(url, page.status, {"content-type": ("text/html",)}, page.body))
    return found[:PAGES]


def six_facts(page: Response) -> SixFacts:
    """The facts as a script of an afternoon takes them: the whole page, html.parser, selectors."""
    soup = BeautifulSoup(page.body, "html.parser")
    canonical = soup.select_one("link[rel=canonical]")
    count = soup.select_one("[data-comments-count]")
    content = soup.select_one(".elementor-widget-theme-post-content")
    parts: dict[str, list[str]] = {"question": [], "réponse": []}
    label = None
    for paragraph in content.find_all("p") if content else ():
        text = paragraph.get_text().strip()
        if named := LABEL.fullmatch(text):
            label = named[1].lower()
        elif label:
            parts[label].append(text)
    return SixFacts(
        str(canonical["href"]) if canonical else None,
        _text(soup.select_one("h1")),
        _text(soup.select_one("time")),
        "\n\n".join(parts["question"]) or None,
        "\n\n".join(parts["réponse"]) or None,
        int(str(count["data-comments-count"])) if count else None,
    )


def _text(node: Tag | None) -> str | None:
    return node.get_text().strip() if node else None


def own_facts(page: Response, profile: Profile) -> SixFacts:
    """The same six of all the facts that this project reads."""
    article = extract(page, profile, DAY).article
    assert article is not None, f"{page.url} was not read as an article"
    first = article.questions[0] if article.questions else None
    return SixFacts(
        article.url,
        article.title,
        article.published_on,
        first.question if first else None,
        first.answer if first else None,
        article.counts.comments,
    )


def agreement(pages: Sequence[Response], profile: Profile) -> str:
    """For each of the six facts, on how many of the pages the peer reads what we read."""
    equal = dict.fromkeys((field.name for field in fields(SixFacts)), 0)
    for page in pages:
        own, other = own_facts(page, profile), six_facts(page)
        other = replace(other, day=day_of(other.day or ""))
        for name in equal:
            equal[name] += getattr(own, name) == getattr(other, name)
    return ", ".join(f"{name} {count}" for name, count in equal.items())


def measure() -> list[Line]:
    """Time every reader on the same pages, in turn; the slow ones on a part of them."""
    profile = profile_of(f"{BASE}/")
    pages = sample_pages()
    some = pages[::5]

    def per_page(reader: Callable[[Response], object], chosen: Sequence[Response]) -> float:
        return best_cpu(lambda: [reader(page) for page in chosen], ROUNDS) / len(chosen)

    own = per_page(lambda page: extract(page, profile, DAY), pages)
    soup = per_page(six_facts, some)
    text = per_page(_trafilatura_text, some)
    described = per_page(_trafilatura_facts, some)
    parsed = per_page(lambda page: LexborHTMLParser(page.body.decode()), pages)
    size = median(len(page.body) for page in pages)
    lines = [
        Line(
            "all facts",
            _ms(own),
            f"BeautifulSoup(html.parser), six facts: {_ms(soup)}",
            soup / own,
            15,
        ),
        Line("all facts", _ms(own), f"trafilatura fast, text: {_ms(text)}", text / own, 5),
        Line(
            "all facts",
            _ms(own),
            f"trafilatura fast, text, title, day: {_ms(described)}",
            described / own,
        ),
        Line("all facts", _ms(own), f"selectolax, parsing alone: {_ms(parsed)}", parsed / own),
    ]
    notes = (
        f"{len(pages)} pages, median {size / 1000:.0f} kB, one core; peers on {len(some)} of them.",
        f"Of {len(some)}, BeautifulSoup reads what we read in: {agreement(some, profile)}.",
        "Its rule knows labels on a line of their own only.",
    )
    show("Extraction", lines, notes)
    return lines


def _trafilatura_text(page: Response) -> object:
    return trafilatura.extract(page.body.decode(), fast=True, include_comments=False)


def _trafilatura_facts(page: Response) -> object:
    return trafilatura.bare_extraction(
        page.body.decode(), fast=True, include_comments=False, with_metadata=True
    )


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.2f} ms"

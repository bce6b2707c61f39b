"""The links of a page's « Exporter »: its list in every format, its feed, its calendar."""

from collections.abc import Sequence
from dataclasses import dataclass

from archiver.publish.site.addresses import with_query
from archiver.publish.site.formats import count, number
from archiver.publish.site.queries.searching import Totals
from archiver.publish.site.search.request import Request
from archiver.publish.site.tabular import KINDS

MOST_ARTICLES = 10_000
MOST_QUESTIONS = 2_000
MOST_CHANGES = 10_000
MOST_COMMENTED = 10_000
MOST_RISES = 10_000
"""The rows of one document of each list; the following ones are at `page=2`."""

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ExportGroup:
    """One list: what it is, its (name, address) links, and what to know when it is cut."""

    title: str
    links: tuple[tuple[str, str], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Exports:
    """All that a page offers; `feed` is the path of its own Atom feed, `feed_title` its name."""

    groups: tuple[ExportGroup, ...]
    feed: str
    feed_title: str


def tables(title: str, path: str, pairs: Pairs, total: int, most: int) -> ExportGroup:
    """A list of `total` rows as tables, of which one document has at most `most`."""
    links = tuple((name, with_query(f"{path}.{kind}", pairs)) for kind, name in KINDS.items())
    note = ""
    if total > most:
        note = (
            f"Par documents de {number(most)} lignes, dont le nom dit lesquelles ; ajoutez "
            "« page=2 » à l’adresse pour les suivantes."
        )
    return ExportGroup(title, links, note)


def of_search(search: Request, totals: Totals) -> Exports:
    """What the search page offers."""
    pairs = search.pairs()
    feed = search.link("/recherche.atom")
    # An article leaves the unanswered when its answer comes: that feed takes every status.
    answers = search.link("/recherche.atom", statut="", changement="reponse")
    groups = [
        tables(
            count(totals.articles, "article"), "/recherche", pairs, totals.articles, MOST_ARTICLES
        ),
        tables(
            f"{count(totals.questions, 'question')}, textes entiers",
            "/questions",
            pairs,
            totals.questions,
            MOST_QUESTIONS,
        ),
        ExportGroup(
            "Suivre cette recherche",
            (
                ("Flux Atom", feed),
                ("Réponses qui arrivent (Atom)", answers),
                ("Changements", search.link("/changements")),
                ("Calendrier des réponses attendues", search.link("/questions.ics")),
            ),
        ),
    ]
    return Exports(tuple(groups), feed, "Changements dans cette recherche")


def of_list(title: str, path: str, pairs: Pairs, total: int, feed_title: str) -> Exports:
    """What a page with one list offers."""
    feed = with_query(f"{path}.atom", pairs)
    groups = (
        tables(title, path, pairs, total, MOST_CHANGES),
        ExportGroup("Suivre", (("Flux Atom", feed),)),
    )
    return Exports(groups, feed, feed_title)


def of_comments(commented: int) -> Exports:
    """What the comments page offers; `commented` is how many articles have a known count."""
    base = of_list("Articles commentés", "/commentaires", (), commented, "Commentaires et votes")
    rises = (
        tables(f"Hausses sur {days} jours", "/hausses", (("jours", str(days)),), 0, MOST_RISES)
        for days in (7, 30)
    )
    return Exports((*base.groups, *rises), base.feed, base.feed_title)

"""An iCalendar (RFC 5545) of the days by which written questions should be answered.

One all-day event a question that waits; it leaves the calendar when the answer comes. Written by
the icalendar library (BSD-2-Clause), which folds and escapes as the RFC says.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from archiver.instants import parse_instant
from archiver.publish.site.deadlines import RULES, rules_of
from archiver.publish.site.formats import addressee, day
from archiver.publish.site.out.requests import Link
from archiver.publish.site.out.tables import due, question_path
from archiver.publish.site.queries.listing import ListedQuestion

MEDIA_TYPE = "text/calendar; charset=utf-8"
_DESCRIPTION_LENGTH = 500
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def write(title: str, description: str, awaited: Iterable[ListedQuestion], link: Link) -> bytes:
    """The calendar of the questions that wait, as a document; `title` is what calendar programs
    call it. A question without a day is left out."""
    from icalendar import Calendar, Event, vText

    calendar = Calendar()
    calendar.add("prodid", "-//Archive des questions//Échéances des réponses//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for name, text in (
        ("name", title),
        ("x-wr-calname", title),
        ("description", description),
        ("x-wr-caldesc", description),
    ):
        calendar.add(name, vText(_plain(text)))
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    for row in awaited:
        last = due(row)
        if last is None:
            continue
        ends = date.fromisoformat(last)
        event = Event()
        event.add("uid", f"{row.article.key}-q{row.position}-echeance@{row.article.site_id}")
        event.add("dtstamp", parse_instant(row.proof.captured_at))
        event.add("dtstart", ends)
        event.add("dtend", ends + timedelta(days=1))
        event.add("summary", _plain(f"Réponse attendue : {row.article.title}"))
        event.add("description", _plain(_description(row)))
        event.add("url", link(question_path(row)))
        event.add("categories", [_plain(addressee(row.addressee))])
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    document: bytes = calendar.to_ical()
    return document


def _plain(text: str) -> str:
    """Text without what RFC 5545 keeps out of it (3.1, CONTROL)."""
    return _CONTROLS.sub(" ", text)


def _description(row: ListedQuestion) -> str:
    asked = (
        f"Question posée le {day(row.asked_on)}"
        if row.asked_on
        else f"Jour de la question inconnu ; article publié le {day(row.article.published_on)}"
    )
    lines = [
        f"{addressee(row.addressee)}. {asked}.",
        f"Deux mois pour répondre ({rules_of(RULES)}).",
        (row.demand or row.question or "")[:_DESCRIPTION_LENGTH],
        f"Page d’origine : {row.article.url}",
    ]
    return "\n".join(line for line in lines if line)

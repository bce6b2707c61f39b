"""The two states in which the sample site is crawled: its posts, and those after `state-2.yaml`."""

from collections.abc import Mapping
from typing import Any

from archiver.demo.content import first_state, local, read
from archiver.demo.editing import answer, comment, delete, edit, publish, rename, vote
from archiver.demo.growth import grow
from archiver.demo.model import Content
from archiver.demo.text import texturise
from archiver.errors import BadInput


def load(state: int, articles: int | None = None) -> Content:
    """A fresh, editable copy of the site in state 1 or 2, grown to so many articles in state 1 when
    a number is given; BadInput for any other state."""
    if state not in {1, 2}:
        raise BadInput(f"The sample site has the states 1 and 2; {state} is not one of them.")
    content = first_state()
    if articles is not None:
        grow(content, articles)
    if state == 2:
        for change in read("state-2.yaml"):
            _apply(content, change)
    return content


def _apply(content: Content, change: Mapping[str, Any]) -> None:
    content.clock = local(change["at"])
    match change:
        case {"publish": entry}:
            publish(content, entry)
        case {"answer": post_id, "reply": texts}:
            answer(content, post_id, texts)
        case {"comment": post_id, "count": count}:
            comment(content, post_id, count)
        case {"vote": post_id, "votes": votes, "rating": rating}:
            vote(content, post_id, votes, rating)
        case {"delete": post_id}:
            delete(content, post_id)
        case {"rename": post_id, "slug": slug}:
            rename(content, post_id, slug)
        case {"retitle": post_id, "title": title}:
            edit(content, post_id, title=texturise(title))
        case _:
            raise BadInput(f"state-2.yaml: {sorted(change)} is no change known here.")

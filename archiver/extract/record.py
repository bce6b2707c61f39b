"""A question as stored, from its text and from what labels and record lines say about it.

The opening formula is the best witness of who asks and who is asked; a label comes next, a line of
the record last. What none of them states stays None.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from archiver.extract.addressee import Opening, author_in, vocative_in
from archiver.extract.blocks import Block, body_text
from archiver.extract.demand import demand_of
from archiver.extract.facts import Question, Status
from archiver.extract.labels import Label
from archiver.extract.notices import Notice
from archiver.extract.numbers import legislature_on

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was found about one question: its text and its answer's, the formula that opens it,
    labels and notices in order of trust."""

    question: Sequence[Block]
    answer: Sequence[Block] = ()
    opening: Opening | None = None
    labels: Sequence[Label] = ()
    notices: Sequence[Notice] = ()


def question_from(evidence: Evidence, position: int) -> Question:
    """The question at `position` (counted from 1) of its article."""
    opening, labels, notices = evidence.opening, evidence.labels, evidence.notices
    text = body_text(evidence.question) or None
    answer = body_text(evidence.answer) or None
    asked_on = _first([*(x.asked_on for x in labels), *(x.asked_on for x in notices)])
    legislature = _first(notice.legislature for notice in notices)
    if legislature is None and asked_on is not None:
        legislature = legislature_on(asked_on)
    author = _first([*(label.author for label in labels), *(x.author for x in notices)])
    addressee = _first([*(label.addressee for label in labels), *(x.addressee for x in notices)])
    if opening is not None:
        author, addressee = opening.author or author, opening.addressee
    elif text is not None:
        author, addressee = author or author_in(text), addressee or vocative_in(text)
    return Question(
        position,
        text,
        answer,
        _status(answer, notices),
        type=_first([*(label.type for label in labels), *(notice.type for notice in notices)]),
        number=_first(label.number for label in labels),
        legislature=legislature,
        author=author,
        addressee=addressee,
        asked_on=asked_on,
        answered_on=_first([*(x.answered_on for x in labels), *(x.answered_on for x in notices)]),
        demand=demand_of(text) if text else None,
    )


def _status(answer: str | None, notices: Sequence[Notice]) -> Status:
    if answer is not None:
        return "answered"
    return _first(notice.status for notice in notices) or "unknown"


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)

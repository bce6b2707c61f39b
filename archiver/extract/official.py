"""Links from a page to the official records of its questions.

A link to a question's record names it exactly: the Assemblée nationale by legislature, number and
type (`q15/15-25201QE.htm`, `/dyn/15/questions/QANR5L15QE25201`), the Sénat by the month of
publication and number (`/questions/base/2019/qSEQ190811849.html`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from archiver.extract.decoding import line_of
from archiver.extract.facts import Question, QuestionType
from archiver.extract.page import Page
from archiver.extract.text import skeleton
from archiver.extract.urls import resolve
from archiver.profiles.model import Chamber

LONGEST_LINE = 160
_HOSTS = ("assemblee-nationale.fr/", "senat.fr/")
_INLINE = frozenset(("b", "em", "font", "i", "mark", "small", "span", "strong", "u"))

_ASSEMBLEE = re.compile(
    r"/q(?P<legislature>\d\d?)/(?P=legislature)-(?P<number>\d{1,6})(?P<type>QE|QG|QOSD)\.html?"
    r"|(?:/dyn)?/(?P<of>\d\d?)/questions/QANR5L(?P=of)(?P<kind>QE|QG|QOSD)(?P<digits>\d{1,6})(?:\.pdf)?"
)
_SENAT = re.compile(r"/questions/base/\d{4}/qSEQ\d{4}(?P<number>\d{4,5})(?P<oral>[A-Z]?)\.html?")
_SENAT_HOSTS = frozenset(("senat.fr", "www.senat.fr", "www2.senat.fr"))
_OF_ANOTHER = re.compile(
    r"(?<!\w)(?:aussi|egalement|autres?|deja|precede\w+|anterieure?\w*|collegues?|similaires?"
    r"|meme (?:sujet|theme)|suite a|avai\w+)(?!\w)"
)
_ORAL: dict[str, QuestionType] = {"": "QE", "G": "QG"}


@dataclass(frozen=True, slots=True)
class Record:
    """What the address of an official record names; `legislature` is the Assemblée's."""

    chamber: Chamber
    number: str
    type: QuestionType | None
    legislature: int | None = None


def record_at(url: str) -> Record | None:
    """The record that an address is of, or None."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host.endswith(".assemblee-nationale.fr") and (found := _ASSEMBLEE.fullmatch(parts.path)):
        legislature = found["legislature"] or found["of"]
        kind: QuestionType = found["type"] or found["kind"]  # type: ignore[assignment]
        return Record("AN", found["number"] or found["digits"], kind, int(legislature))
    if host in _SENAT_HOSTS and (found := _SENAT.fullmatch(parts.path)):
        return Record("Sénat", found["number"], _ORAL.get(found["oral"]))
    return None


def completed(questions: tuple[Question, ...], page: Page) -> tuple[Question, ...]:
    """The questions with what links of their page say: a question's own record is that with its
    number; where a page has one question, without a number, that to which a line of its own leads.
    """
    if not questions or not any(host in link for link in page.links for host in _HOSTS):
        return questions
    found = list(_records_in(page))
    if len(questions) == 1 and questions[0].number is None:
        beside = dict.fromkeys(record for record, alone in found if alone)
        return (_with_record(questions[0], list(beside)),)
    linked = dict.fromkeys(record for record, _ in found)
    return tuple(
        _with_record(question, [one for one in linked if _same_number(one, question)])
        for question in questions
    )


def _records_in(page: Page) -> Iterator[tuple[Record, bool]]:
    """The records that the article links to, and whether the link has a line of its own that does
    not speak of another question: in prose it may lead to any."""
    for node in page.own(*(f'a[href*="{host}"]' for host in _HOSTS)):
        record = record_at(resolve(page.url, node.attributes.get("href") or "") or "")
        if record is not None:
            around = node.parent
            while around is not None and around.tag in _INLINE:
                around = around.parent
            yield record, around is not None and _leads_to_its_own(line_of(around.text()))


def _leads_to_its_own(line: str) -> bool:
    return len(line) <= LONGEST_LINE and not _OF_ANOTHER.search(skeleton(line))


def _with_record(question: Question, records: list[Record]) -> Question:
    """The question with what its one record says; unchanged when there is none, or a doubt."""
    if len(records) != 1 or (question.type and records[0].type not in (None, question.type)):
        return question
    return replace(
        question,
        type=question.type or records[0].type,
        number=question.number or records[0].number,
        legislature=records[0].legislature or question.legislature,
    )


def _same_number(record: Record, question: Question) -> bool:
    return question.number is not None and _digits(record.number) == _digits(question.number)


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number).lstrip("0")

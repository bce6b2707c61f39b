"""An article's lines gathered under their labels: what stands before, each question, each answer.

Labels that follow one another without text between them describe one and the same text (« Question
écrite n° … », its title, « Question de : … »); a label that holds only a day and has no text of
its own is a note about the text above it.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from archiver.extract.addressee import Opening, opening_of
from archiver.extract.blocks import Block
from archiver.extract.clauses import day_alone
from archiver.extract.demand import asks, sentences
from archiver.extract.labels import Label, Words, label_of
from archiver.extract.notices import Notice, notice_of
from archiver.extract.signatures import parted_from_signature
from archiver.extract.text import skeleton

SectionKind = Literal["intro", "question", "answer"]

_ANSWER_WORD = re.compile(r"R(?:[eé]ponse|[EÉ]PONSE)")
_INNER_ANSWER = re.compile(
    r"[.?!\"] +(?=(?:la )?reponse(?: (?:du|de la|de) [^.:;]{2,80})? ?:(?! *$))"
)
_NUMBERED = re.compile(r"(?:\d{1,2}|[IVX]{1,5}) ?[.)/°–-]")
LONGEST_CAPTION = 200
LONGEST_DAY = 120
MOST_LINES_BEFORE_OPENING = 12


@dataclass(slots=True)
class Section:
    """Lines under the same label: `items` in order, each with the notice it is, if it is one;
    `lines` all of its lines as they stand, the labels included; `inherited` the labels that stand
    elsewhere but describe this text."""

    kind: SectionKind
    labels: list[Label] = field(default_factory=list)
    items: list[tuple[Block, Notice | None]] = field(default_factory=list)
    lines: list[Block] = field(default_factory=list)
    inherited: list[Label] = field(default_factory=list)
    has_text: bool = False
    has_status: bool = False

    def copy(self) -> "Section":
        return replace(self, labels=[*self.labels], items=[*self.items], lines=[*self.lines])

    def add_label(self, label: Label) -> None:
        self.labels.append(label)
        self.lines.append(label.whole)

    def add(self, block: Block, notice: Notice | None) -> None:
        self.items.append((block, notice))
        self.has_text |= notice is None
        self.has_status |= notice is not None and notice.use == "status"

    def take_back(self, section: "Section") -> None:
        """Takes in the lines of a section whose label was but a word of this one's text."""
        for line in section.lines:
            self.lines.append(line)
            self.add(line, None)

    def take_titles(self, before: "Section") -> None:
        """Takes the headings that end the section before this one: they are this one's."""
        start = len(before.items)
        while start and _is_title(*before.items[start - 1]):
            start -= 1
        if start and before.items[start - 1][1] is None:
            titles = [block for block, _ in before.items[start:]]
            self.lines = titles
            self.items = [(block, Notice("record")) for block in titles]
            del before.items[start:], before.lines[len(before.lines) - len(titles) :]

    @property
    def strong(self) -> bool:
        return any(label.strong for label in (*self.inherited, *self.labels))


@dataclass(frozen=True, slots=True)
class Body:
    """What a section comes down to: its text, its notices, and the lines that are neither; `at` is
    the place in `text` of the line with the opening formula."""

    text: tuple[Block, ...]
    notices: tuple[Notice, ...]
    aside: tuple[Block, ...]
    opening: Opening | None = None
    at: int = 0


def sections_of(lines: Sequence[Block], words: Words, pending: Sequence[str]) -> list[Section]:
    """The sections of an article; the first is what stands before any label, perhaps nothing."""
    lines = [part for line in lines for part in _apart(line)]
    labels = [label_of(line, words) for line in lines]
    gatherer = _Gatherer(pending)
    followed = _followed_by_text(lines, labels, pending)
    for line, label, own_text in zip(lines, labels, followed, strict=True):
        if label is None:
            gatherer.add(line)
        else:
            gatherer.add_label(label, own_text=own_text)
    gatherer.put_down()
    return gatherer.sections


def _apart(line: Block) -> tuple[Block, ...]:
    """A line in two where a question that has closed goes on to its labelled answer."""
    if not _ANSWER_WORD.search(line.text, 1):
        return (line,)
    spans = list(sentences(line.text))
    asking = [number for number, (start, end) in enumerate(spans) if asks(line.text[start:end])]
    starts = [start for start, _ in spans]
    for found in _INNER_ANSWER.finditer(skeleton(line.text)) if asking else ():
        at = found.end()
        told = bisect_left(starts, at)  # so many sentences stand before the label
        if told - 2 <= asking[-1] < told and line.text[at].isupper():
            before, after = line.text[:at].rstrip(), line.text[at:]
            return replace(line, text=before), Block(after, continues=True, cell=line.cell)
    return (line,)


def body_of(section: Section) -> Body:
    """A section's text without captions before it, chrome in it and pointers after it."""
    text: list[tuple[Block, Notice | None]] = []
    notices: list[Notice] = []
    aside = [label.line for label in section.labels]
    ended = False
    for block, notice in section.items:
        if not ended and (notice is None or (text and notice.use in ("record", "pointer"))):
            text.append((block, notice))
            continue
        aside.append(block)
        if notice is not None:
            notices.append(notice)
            ended |= notice.use == "tail" and bool(text)
            ended |= notice.use == "status" and (bool(text) or section.kind == "answer")
    while text and (notice := text[-1][1]) is not None:
        notices.append(notice)
        aside.append(text.pop()[0])
    lines = [block for block, _ in text]
    if section.kind == "answer":
        lines, signature = parted_from_signature(lines)
        aside += signature
    return _opened(section.kind, lines, notices, aside)


def _opened(
    kind: SectionKind, text: list[Block], notices: list[Notice], aside: list[Block]
) -> Body:
    """Finds the opening formula; in a question, captions before it are set aside."""
    if kind != "answer":
        for place, block in enumerate(text[:MOST_LINES_BEFORE_OPENING]):
            opening = opening_of(block.text)
            if opening is not None:
                captions = place if all(map(is_caption, text[:place])) else 0
                return Body(
                    tuple(text[captions:]),
                    tuple(notices),
                    tuple(aside + text[:captions]),
                    opening,
                    place - captions,
                )
    return Body(tuple(text), tuple(notices), tuple(aside))


def is_caption(block: Block) -> bool:
    """Whether a line reads as a title rather than as prose."""
    return len(block.text) <= LONGEST_CAPTION and not block.text.rstrip("»” ").endswith(
        (".", "!", "?", "…", ";", ",")
    )


def _is_title(block: Block, notice: Notice | None) -> bool:
    """Whether a line stands by itself as a title: a heading, or numbered and bold; not what a text
    says in bold, in a list or a table."""
    alone = block.heading and not block.continues and block.cell is None
    titled = block.bold_lead is None or _NUMBERED.match(block.text) is not None
    return notice is None and alone and titled and is_caption(block)


class _Gatherer:
    """Puts lines and labels into sections, one after the other."""

    def __init__(self, pending: Sequence[str]) -> None:
        self.pending = pending
        self.sections = [Section("intro")]
        self.carried: list[tuple[Label, Section]] = []

    @property
    def last(self) -> Section:
        return self.sections[-1]

    def add(self, block: Block) -> None:
        self.last.lines.append(block)
        self.read(block)

    def read(self, block: Block) -> None:
        last = self.last
        in_answer = last.kind == "answer" and not last.has_text
        last.add(
            block, self.day_of(block) or notice_of(block, in_answer=in_answer, pending=self.pending)
        )
        if self.carried and last.kind == "answer" and (last.has_text or last.has_status):
            last.inherited += [label for label, _ in self.carried]
            self.carried = []

    def day_of(self, block: Block) -> Notice | None:
        """The notice that a line is which says no more than when the text was published."""
        last = self.last
        if last.kind == "intro" or last.has_status or len(block.text) > LONGEST_DAY:
            return None
        day = day_alone(block.text, last.kind, bare=not last.has_text)
        if day is None:
            return None
        if last.kind == "question":
            return Notice("record", asked_on=day)
        return Notice("record", answered_on=day)

    def add_label(self, label: Label, *, own_text: bool) -> None:
        if label.day_only and not own_text and self.last.has_text and self.last.kind != "intro":
            note = Notice("record", asked_on=label.asked_on, answered_on=label.answered_on)
            self.last.lines.append(label.whole)
            self.last.add(label.whole, note)
            return
        self.section_for(label).add_label(label)
        if label.rest is not None:
            self.read(label.rest)

    def section_for(self, label: Label) -> Section:
        """The section that a label describes: the last one, or a new one."""
        if label.kind == "question":
            self.take_back_empty_answer()
            joins = self.last.kind == "question" and (
                not self.last.has_text
                or ((label.strong or label.author) and _is_heading_only(self.last))
            )
        else:
            joins = self.last.kind == "answer" and not (self.last.has_text or self.last.has_status)
        if not joins:
            section = Section(label.kind)
            if label.kind == "question" and self.last.kind == "answer":
                section.take_titles(self.last)
            self.sections.append(section)
        return self.last

    def take_back_empty_answer(self) -> None:
        """Keeps for the answer to come the labels of one that came before any question's text."""
        last = self.last
        if last.kind != "answer" or last.has_text or last.has_status:
            return
        before = self.sections[-2]
        if before.kind == "intro" or (before.kind == "question" and not before.has_text):
            self.sections.pop()
            self.carried += [(label, before) for label in last.labels]
            before.items += [(label.whole, Notice("record")) for label in last.labels]
            before.items += last.items
            before.lines += last.lines

    def put_down(self) -> None:
        """Leaves where they stood the labels that waited for an answer and found none."""
        for label, section in self.carried:
            section.inherited.append(label)


def _is_heading_only(section: Section) -> bool:
    """Whether the text so far is captions without an opening formula: a record's header."""
    if len(section.items) > MOST_LINES_BEFORE_OPENING:
        return False
    text = [block for block, notice in section.items if notice is None]
    return all(is_caption(block) and opening_of(block.text) is None for block in text)


def _followed_by_text(
    lines: Sequence[Block], labels: Sequence[Label | None], pending: Sequence[str]
) -> list[bool]:
    """For each line, whether text or a placeholder stands between it and the next label."""
    followed = []
    found = False
    for line, label in zip(reversed(lines), reversed(labels), strict=True):
        if label is not None:
            followed.append(found or label.rest is not None)
            found = False
        else:
            followed.append(found)
            notice = notice_of(line, in_answer=True, pending=pending)
            found = found or notice is None or notice.use == "status"
    return followed[::-1]

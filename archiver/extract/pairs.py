"""Sections paired: each question with its own answer, doubts told and never guessed away.

A label « Question » counts when something besides the word speaks of a question to the Government:
the opening formula, a closing that asks, an address to a minister, or what else the labels say.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from archiver.extract.addressee import opening_of
from archiver.extract.blocks import Block, body_text
from archiver.extract.demand import asks, demands_of_you, sentences
from archiver.extract.facts import Problem
from archiver.extract.sections import Section, body_of
from archiver.extract.text import skeleton
from archiver.extract.unlabelled import openings, parted


@dataclass(slots=True)
class Pair:
    """A question's section with those of its answer; `confirmed` when it surely is a question."""

    question: Section
    answers: list[Section] = field(default_factory=list)
    confirmed: bool = False


@dataclass(slots=True)
class Paired:
    """The pairs of an article in order, the sections of none, and what was doubtful; `crossed`
    when answers and questions alternate so that none can be told to belong together."""

    pairs: list[Pair] = field(default_factory=list)
    left: list[Section] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    crossed: bool = False


SHORTEST_DECLARED = 80
SHORTEST_ADDRESS = 200
_ADDRESS = re.compile(
    r"(?:^|[.,:!?\"\n] *)(?:monsieur|madame|m\.|mme) (?:le |la )(?:premiere? )?(?:minist|secretair)"
)
_EXCERPT = re.compile(r"(?:lire la suite|continuer la lecture|lire plus|read more)\W*$")
"""What ends the beginning of a text whose rest is on a page of its own."""
_SEVERAL = re.compile(r"(?<!\w)(?:ces|les|vos|aux) (?:(?:deux|trois|quatre|cinq|\d) )?questions")


def paired(sections: Sequence[Section], *, declared: bool) -> Paired:
    """Pairs an article's sections; `declared` when its title says it is a question."""
    intro, *labelled = _without_false_labels(sections, declared=declared)
    result = Paired(left=[intro])
    if labelled and labelled[0].kind == "answer":
        labelled = _cut_at_opening(intro) + labelled
    orphans: list[Section] = []
    for section in _by_number(labelled):
        if section.kind == "question":
            result.pairs.append(Pair(section))
        elif result.pairs:
            _add_answer(result.pairs, section)
        else:
            orphans.append(section)
    if result.pairs and result.pairs[-1].answers:
        unlabelled = _cut_at_opening(result.pairs[-1].answers[-1])
        result.pairs += [Pair(question) for question in unlabelled]
    if orphans:
        _place_orphans(orphans, result)
    for pair in result.pairs:
        pair.confirmed = _is_confirmed(pair, declared=declared)
    _share_joint_answers(result)
    return result


def _by_number(sections: list[Section]) -> list[Section]:
    """The sections with each answer behind its question, where all of them are numbered on the
    page (« Réponse à la question 2 »)."""
    numbers = [_number(section) for section in sections]
    asked = [
        number
        for number, section in zip(numbers, sections, strict=True)
        if section.kind == "question"
    ]
    if None in numbers or len(set(asked)) < len(asked) or not set(numbers) <= set(asked):
        return sections
    order = {number: place for place, number in enumerate(asked)}
    return sorted(sections, key=lambda section: (order[_number(section)], section.kind == "answer"))


def _number(section: Section) -> int | None:
    """The number that the section's labels give it among those of the page."""
    return next((label.ordinal for label in section.labels if label.ordinal is not None), None)


def _is_confirmed(pair: Pair, *, declared: bool) -> bool:
    section = pair.question
    if not pair.answers and _EXCERPT.search(skeleton(body_text(body_of(section).text[-1:]))):
        return False
    if not section.has_text and pair.answers:
        text = body_of(pair.answers[0]).text
        return bool(openings(text[:1])) or section.strong or pair.answers[0].strong
    if _speaks_for_itself(section, declared=declared):
        return True
    answered = bool(pair.answers) or section.has_status
    typed = section.strong or any(label.type for label in section.labels)
    if typed and (answered or _demands_of_you(section)):
        return True
    return any(answer.strong for answer in pair.answers)


def _speaks_for_itself(section: Section, *, declared: bool) -> bool:
    """Whether the text under a label is that of a question to the Government."""
    body = body_of(section)
    if body.opening is not None:
        return True
    text = body_text(body.text)
    if declared and len(text) >= SHORTEST_DECLARED:
        return True
    if len(text) >= SHORTEST_ADDRESS and _ADDRESS.search(skeleton(text)):
        return True
    return _asks(section)


def _demands_of_you(section: Section) -> bool:
    text = body_text(body_of(section).text)
    return any(demands_of_you(text[start:end]) for start, end in sentences(text))


def _without_false_labels(sections: Sequence[Section], *, declared: bool) -> list[Section]:
    """The sections, those whose label was only a word of the text returned to that text."""
    kept = [sections[0].copy()]
    for place, section in enumerate(sections[1:], start=1):
        following = sections[place + 1].kind if place + 1 < len(sections) else None
        doubted = (
            section.kind == "question"
            and following != "answer"
            and not (section.strong or section.has_status)
            and not _speaks_for_itself(section, declared=declared)
        )
        if doubted and (kept[-1].kind == "answer" or (kept[-1].kind == "intro" and following)):
            kept[-1].take_back(section)
        else:
            kept.append(section.copy())
    return kept


def _cut_at_opening(section: Section) -> list[Section]:
    """Cuts a section at the last line that opens a question in due form: the question there. In
    an answer the formula must stand after its beginning, and close as well."""
    text = body_of(section).text
    places = openings(text)
    if not places:
        return []
    opening = text[places[-1]]
    if section.kind == "answer":
        formula = opening_of(opening.text)
        if not (places[-1] and formula and parted(text[places[-1] :], formula).question):
            return []
    question = Section("question")
    cut = next(i for i, (block, _) in enumerate(section.items) if block is opening)
    for block, notice in section.items[cut:]:
        question.lines.append(block)
        question.add(block, notice)
    del section.items[cut:]
    del section.lines[_place_of(opening, section.lines) :]
    section.has_text = any(notice is None for _, notice in section.items)
    section.has_status = any(notice and notice.use == "status" for _, notice in section.items)
    return [question]


def _place_of(wanted: Block, lines: Sequence[Block]) -> int:
    return next((place for place, line in enumerate(lines) if line is wanted), len(lines))


def _add_answer(pairs: list[Pair], answer: Section) -> None:
    """Adds an answer to the last question, or to one that stands unlabelled in the last answer; a
    last answer that still asks was but a word of its question."""
    last = pairs[-1]
    if last.answers and last.answers[-1].has_text:
        unlabelled = _cut_at_opening(last.answers[-1])
        if unlabelled:
            pairs += [Pair(question) for question in unlabelled]
        elif _asks(last.answers[-1]) and not _asks(last.question):
            last.question.take_back(last.answers.pop())
    pairs[-1].answers.append(answer)


def _asks(section: Section) -> bool:
    text = body_text(body_of(section).text)
    return any(asks(text[start:end]) for start, end in list(sentences(text))[-3:])


def _place_orphans(orphans: list[Section], result: Paired) -> None:
    """Answers that come before any question: one may belong to the one question that follows."""
    pairs = result.pairs
    unanswered = bool(pairs) and not pairs[-1].answers and not pairs[-1].question.has_status
    if len(orphans) == 1 and len(pairs) == 1 and unanswered:
        pairs[0].answers = orphans
        result.problems.append(Problem("answer_before_question", first_line(orphans[0])))
        return
    result.left += orphans
    result.problems += [
        Problem("answer_without_question", first_line(orphan)) for orphan in orphans
    ]
    result.crossed = unanswered and len(pairs) > 1


def _share_joint_answers(result: Paired) -> None:
    """Gives an answer that says it serves several questions to those without one before it."""
    waiting: list[Pair] = []
    for pair in result.pairs:
        if not pair.answers:
            if pair.question.has_text and not pair.question.has_status:
                waiting.append(pair)
            continue
        joint = _is_joint(pair.answers[0])
        for earlier in waiting:
            if joint:
                earlier.answers = pair.answers
                earlier.confirmed |= pair.confirmed
            else:
                result.problems.append(Problem("unpaired_question", first_line(earlier.question)))
        waiting = []


def _is_joint(answer: Section) -> bool:
    start = body_text(body_of(answer).text[:1])[:200]
    return any(label.joint for label in answer.labels) or bool(_SEVERAL.search(skeleton(start)))


def first_line(section: Section) -> str:
    """The beginning of a section, to show where a doubt lies."""
    return section.lines[0].text[:120] if section.lines else ""

"""An article's text split into questions and answers, or kept whole with the reason why.

Labels decide where they are; without labels only a text that opens and closes as a question in due
form is split. No split is better than a wrong one: what cannot be decided is a problem for a person
to look at, and a text about a question is news.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archiver.extract.addressee import opening_of
from archiver.extract.blocks import Block
from archiver.extract.demand import asks, sentences
from archiver.extract.facts import Kind, Problem, Question
from archiver.extract.labels import words_of
from archiver.extract.notices import Notice
from archiver.extract.numbers import declares_question, number_in, type_in
from archiver.extract.pairs import Pair, first_line, paired
from archiver.extract.record import Evidence, question_from
from archiver.extract.sections import Section, body_of, sections_of
from archiver.extract.tables import in_reading_order
from archiver.extract.text import skeleton
from archiver.extract.unlabelled import in_own_voice, openings, parted
from archiver.profiles.model import Rules


@dataclass(frozen=True, slots=True)
class Split:
    """An article's kind with its questions in order; `rest` the lines that belong to neither a
    question nor an answer: introduction, labels, placeholders, notes."""

    kind: Kind
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()
    rest: tuple[str, ...] = ()


SHORTEST_DOUBT = 150
SHORTEST_QUOTED = 300
SHORTEST_NUMBER = 3


def split(
    blocks: Sequence[Block], *, title: str, slug: str = "", rules: Rules | None = None
) -> Split:
    """Splits an article's blocks. `title` and `slug` (the last part of its URL) may state a type or
    a number; `rules` may hold label words of the site's own. Any text is accepted."""
    rules = rules or Rules()
    words = words_of(rules.question_labels, rules.answer_labels)
    pending = tuple(skeleton(phrase).strip() for phrase in rules.pending_phrases)
    declared = declares_question(title, slug)
    sections = sections_of(in_reading_order(blocks, words), words, pending)
    result = None
    if len(sections) > 1:
        result = _by_labels(sections, declared=declared)
    if result is None:
        result = _by_formulas(_without_labels(sections), declared=declared)
    return _checked(result, title, slug)


def _by_labels(sections: list[Section], *, declared: bool) -> Split | None:
    """The split that labels make; None when they turn out to be mere words of the text."""
    result = paired(sections, declared=declared)
    everything = tuple(line.text for section in sections for line in section.lines)
    if result.crossed:
        return Split("question", (), tuple(result.problems), everything)
    if any(pair.confirmed for pair in result.pairs):
        made = _from_pairs(result.pairs, result.left)
        if made.questions:
            return replace(made, problems=(*result.problems, *made.problems))
    kinds = {section.kind for section in sections[1:]}
    if not any(section.strong for section in sections) and len(kinds) == 1:
        return None
    kind: Kind = "question" if declared else "news"
    problem = "unconfirmed_labels" if "question" in kinds else "answer_without_question"
    return Split(kind, (), (Problem(problem, first_line(sections[1])),), everything)


def _from_pairs(pairs: list[Pair], left: list[Section]) -> Split:
    kept = [pair for pair in pairs if _is_kept(pair)]
    outside = [*left]
    for pair in pairs:
        if not _is_kept(pair):
            outside += [pair.question, *pair.answers]
    rest = [line.text for section in outside for line in section.lines]
    context = body_of(left[0]).notices if len(kept) == 1 else ()
    questions: list[Question] = []
    problems: list[Problem] = []
    for position, pair in enumerate(kept, start=1):
        evidence, aside, problem = _evidence(pair, context)
        questions.append(question_from(evidence, position))
        rest += [block.text for block in aside]
        if problem is not None:
            problems.append(Problem(problem, first_line(pair.question)))
    return Split("question", tuple(questions), tuple(problems), tuple(rest))


def _is_kept(pair: Pair) -> bool:
    has_text = pair.question.has_text or any(answer.has_text for answer in pair.answers)
    return has_text and (pair.confirmed or bool(pair.answers))


def _evidence(pair: Pair, context: Sequence[Notice]) -> tuple[Evidence, list[Block], str | None]:
    """What a pair says, its lines outside question and answer, and the kind of its problem."""
    question = body_of(pair.question)
    answers = [body_of(answer) for answer in pair.answers]
    text, opening = question.text, question.opening
    answer = tuple(block for body in answers for block in body.text)
    aside = [*question.aside, *(block for body in answers for block in body.aside)]
    problem = "several_answers" if sum(bool(body.text) for body in answers) > 1 else None
    if not text and answer and (found := opening_of(answer[0].text)) and found.formal:
        # Labels apart from their texts, as the titles of tabs: they say that an answer follows.
        parts, opening = parted(answer, found), found
        if parts.question and not _asks_again(parts.doubtful):
            text, answer = parts.question, (*parts.answer, *parts.doubtful)
        else:
            text, answer, problem = answer, (), "unlabelled_answer"
    if not text:
        problem = "empty_question"
    elif opening and not pair.answers and not pair.question.has_status:
        parts = parted(text[question.at :], opening)
        if parts.answer:
            text, answer = (*text[: question.at], *parts.question), parts.answer
        elif _length(parts.doubtful) >= SHORTEST_DOUBT:
            problem = "unlabelled_answer"
        first = parts.doubtful[0] if parts.doubtful else None
        if first and (parts.answer or first.heading or in_own_voice(first.text)):
            text = (*text[: question.at], *parts.question)
            aside += parts.doubtful
    sections = (pair.question, *pair.answers)
    labels = [label for section in sections for label in (*section.inherited, *section.labels)]
    notices = [*question.notices, *(n for body in answers for n in body.notices), *context]
    return Evidence(text, answer, opening, labels, notices), aside, problem


def _without_labels(sections: list[Section]) -> Section:
    """The whole article as one section in which labels are words like others."""
    whole, *labelled = sections
    for section in labelled:
        whole.take_back(section)
    return whole


def _by_formulas(article: Section, *, declared: bool) -> Split:
    """The split that opening and closing formulas make in an article without labels."""
    body = body_of(article)
    places = openings(body.text)
    everything = tuple(line.text for line in article.lines)
    kept_whole = Split("question" if declared else "news", rest=everything)
    if not places:
        oral = any((found := opening_of(block.text)) and found.formal for block in body.text)
        doubt = Problem("unlabelled_question", first_line(article))
        return replace(kept_whole, problems=(doubt,)) if declared or oral else kept_whole
    parts = []
    for place, end in zip(places, [*places[1:], len(body.text)], strict=True):
        opening = opening_of(body.text[place].text)
        assert opening is not None
        parts.append(parted(body.text[place:end], opening))
    doubtful = [_length(part.doubtful) >= SHORTEST_DOUBT for part in parts]
    quoted = any(
        doubt and _length(part.question) < SHORTEST_QUOTED
        for part, doubt in zip(parts, doubtful, strict=True)
    )
    if quoted or not all(part.question for part in parts) or (len(parts) > 1 and any(doubtful)):
        doubt = Problem("unlabelled_question", body.text[places[0]].text[:120])
        return replace(kept_whole, problems=(doubt,))
    context = body.notices if len(parts) == 1 else ()
    aside = [*body.text[: places[0]], *body.aside, *(b for part in parts for b in part.doubtful)]
    return Split(
        "question",
        tuple(
            question_from(Evidence(part.question, part.answer, part.opening, (), context), position)
            for position, part in enumerate(parts, start=1)
        ),
        tuple(Problem("unlabelled_answer", parts[0].doubtful[0].text[:120]) for d in doubtful if d),
        tuple(block.text for block in aside),
    )


def _asks_again(blocks: Sequence[Block]) -> bool:
    texts = [block.text for block in blocks]
    return any(asks(text[start:end]) for text in texts for start, end in sentences(text))


def _length(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _checked(result: Split, title: str, slug: str) -> Split:
    """Adds what the title states about the questions, and doubts about their days."""
    type_ = type_in(title) or type_in(slug.replace("-", " "))
    number = number_in(title) if len(result.questions) == 1 else None
    if number is not None and len(number) < SHORTEST_NUMBER:
        number = None
    questions = result.questions
    if type_ or number:
        questions = tuple(
            replace(question, type=question.type or type_, number=question.number or number)
            for question in questions
        )
    disagreeing = tuple(
        Problem("dates_disagree", f"{question.asked_on} > {question.answered_on}")
        for question in questions
        if question.asked_on and question.answered_on and question.asked_on > question.answered_on
    )
    if questions is result.questions and not disagreeing:
        return result
    return replace(result, questions=questions, problems=(*result.problems, *disagreeing))

"""Label lines: « Question : », « Réponse publiée le … », « Question écrite n° … adressée à … ».

A label stands at the start of a line, and the line either ends with it or goes on after a colon, a
dash or the end of a bold run. Whatever stands between the label word and that end must itself be
of a known form (`clauses`); label words inside running prose therefore never match.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from archiver.extract.addressee import opening_of
from archiver.extract.blocks import Block
from archiver.extract.clauses import Clauses, LabelKind, day_in_brackets, read_clauses
from archiver.extract.facts import QuestionType
from archiver.extract.numbers import type_in
from archiver.extract.text import skeleton


@dataclass(frozen=True, slots=True)
class Label:
    """A label line: `whole` as it stands, `line` its label part, `rest` the text after that part.

    `strong` when its words leave no doubt that a parliamentary question or a minister's answer is
    meant; « Question : » alone is not strong. `joint` when an answer says that it serves several
    questions; `day_only` when the label holds nothing but a day (and a page of the Journal
    officiel), so that it may also be a note about a text given elsewhere. `ordinal` is the number
    of one or two digits that tells the questions of a page apart.
    """

    kind: LabelKind
    whole: Block
    line: Block
    rest: Block | None = None
    strong: bool = False
    joint: bool = False
    day_only: bool = False
    type: QuestionType | None = None
    number: str | None = None
    author: str | None = None
    addressee: str | None = None
    asked_on: str | None = None
    answered_on: str | None = None
    ordinal: int | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A site's own label words, as skeletons."""

    question: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()


def words_of(question: Sequence[str], answer: Sequence[str]) -> Words:
    """A profile's label words, made ready for `label_of`."""
    return Words(
        tuple(skeleton(word).strip(" :") for word in question),
        tuple(skeleton(word).strip(" :") for word in answer),
    )


LONGEST_LABEL = 500

_ORDINAL = (
    r"(?:\d\d?(?:ere?|re|er|eme|e|nde?)|premiere|seconde|deuxieme|troisieme|quatrieme|cinquieme"
    r"|sixieme|septieme|huitieme|neuvieme|dixieme)"
)
_HEAD = re.compile(
    rf"[^\w]{{0,8}}(?P<here>(?:et )?voici )?"
    rf"(?P<open>(?:lire|voir|afficher|consulter|decouvrir) )?(?:{_ORDINAL} )?"
    r"(?:(?P<text>texte(?: integral)?(?: de)?) )?"
    rf"(?:(?:la|ma|sa|notre|votre|cette) )?(?:{_ORDINAL} )?(?:"
    r"(?P<question>question(?: (?:ecrite|orale|sans debat|au gouvernement|parlementaire"
    r"|d'actualite au gouvernement))*|(?:qeg?|qag|qg|qosd)(?= ?n ?[°o]))"
    r"|(?:elements de )?(?:reponse|answer|response)"
    r"(?P<by>(?: (?:ecrite|orale|ministerielle|officielle|complementaire|gouvernementale))*)"
    r"(?P<joint> (?:commune|conjointe))?"
    r"(?: (?:a (?:la|ma|sa|cette) question(?: ecrite| orale| au gouvernement)*(?= ?n ?[°o]| \d)"
    r"|a ma question(?: ecrite| orale| au gouvernement)*"
    rf"|a la {_ORDINAL} question"
    r"|aux? (?P<several>(?:\w+ )?questions(?: \d[\d, et]*)?)))?"
    r")(?!\w)"
)
_END = re.compile(r"[\s.:;)\]|>*_\"-]*$")
_COLON = re.compile(r" *[)\]]? *:+ *|(?: *\.)+ *- *| +- +")
_ABSENT = re.compile(r" +(?=(?:a venir|en attente|attendue|non publiee|en cours)(?!\w))")
_ONLY_LABELS = re.compile(r"[^\w]*(?:et )?(?:la )?(?:reponses?|questions?)[^\w]*$")


def label_of(block: Block, words: Words) -> Label | None:
    """The label that a line is or begins with, or None."""
    plain = skeleton(block.text[:LONGEST_LABEL])
    return _own_label(block, plain, words) or _usual_label(block, plain)


def _own_label(block: Block, plain: str, words: Words) -> Label | None:
    """A label in the words of the site's profile, alone, before a colon, or in bold."""
    kinds: tuple[tuple[LabelKind, tuple[str, ...]], ...] = (
        ("question", words.question),
        ("answer", words.answer),
    )
    for kind, own_words in kinds:
        for word in own_words:
            if not plain.startswith(word):
                continue
            end = _end_of_label(block, plain, len(word))
            if end is not None:
                return Label(kind, block, *_parts(block, end), strong=True)
    return None


def _usual_label(block: Block, plain: str) -> Label | None:
    head = _HEAD.match(plain)
    if not head:
        return None
    kind: LabelKind = "question" if head["question"] else "answer"
    clauses = read_clauses(block.text, plain, head.end(), kind)
    end = _end_of_label(block, plain, clauses.end)
    if end is None and kind == "answer" and (absent := _ABSENT.match(plain, clauses.end)):
        end = absent.end()
    if end is None and _goes_on(block.text, head, clauses, kind):
        end = clauses.end
    if end is None:
        return None
    if head["here"] and end < len(plain):
        return None  # « Voici la réponse : » leads to a text of its own
    if head["open"] and not (block.heading and end == len(plain)):
        return None  # « Lire la réponse » leads elsewhere, but it may title a toggle
    end, bracketed = day_in_brackets(plain, end)
    clauses.day = clauses.day or bracketed
    type_ = type_in(head["question"]) if head["question"] else None
    number = clauses.number if _is_official(clauses, type_) else None
    stated = bool(head["text"] or number or clauses.addressee or clauses.answerer)
    dated = clauses.day is not None or clauses.answered is not None
    if kind == "question" and clauses.passed and not (stated or dated or type_ or clauses.author):
        return None  # « Question signalée le … » is a note
    return Label(
        kind,
        block,
        *_parts(block, end),
        strong=bool(stated or dated or head["by"] or head["joint"]),
        joint=bool(head["joint"] or head["several"]),
        day_only=dated and not (stated or type_ or clauses.author),
        type=type_,
        number=number if kind == "question" else None,
        author=clauses.author if kind == "question" else None,
        addressee=clauses.addressee,
        asked_on=clauses.day if kind == "question" else None,
        answered_on=clauses.answered if kind == "question" else clauses.day or clauses.answered,
        ordinal=int(clauses.number) if clauses.number and len(clauses.number) <= 2 else None,
    )


def _end_of_label(block: Block, plain: str, place: int) -> int | None:
    """Where the text after a label begins, or None when the line does not end or part there."""
    if _END.match(plain, place) and len(block.text) <= LONGEST_LABEL:
        return len(plain)
    if parted := _COLON.match(plain, place):
        return None if _ONLY_LABELS.match(plain, parted.end()) else parted.end()
    lead = block.bold_lead
    if lead and block.text.startswith(lead) and _END.match(skeleton(lead), min(place, len(lead))):
        return max(place, len(lead))
    return None


def _goes_on(text: str, head: re.Match[str], clauses: Clauses, kind: LabelKind) -> bool:
    """Whether the text follows its label with nothing in between (« QUESTION Mme X attire … »)."""
    rest = text[clauses.end :].lstrip()
    if kind == "question":
        return opening_of(rest) is not None
    capitals = text[: head.end()].strip().isupper()
    return capitals and rest[:1].isupper() and not rest[:20].isupper()


def _is_official(clauses: Clauses, type_: QuestionType | None) -> bool:
    """A number of one or two digits that nothing marks as official numbers the pairs of a page."""
    if clauses.number is None:
        return False
    return len(clauses.number) > 2 or type_ is not None or clauses.day is not None


def _parts(block: Block, end: int) -> tuple[Block, Block | None]:
    """A line cut in its label and the text after it."""
    rest = block.text[end:].strip()
    line = replace(block, text=block.text[:end].rstrip())
    return line, Block(rest) if rest else None

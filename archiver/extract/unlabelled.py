"""Questions that no label marks: opening formula, closing formula, then perhaps the answer.

Confident or not at all: the text must open as in the Journal officiel and close by asking, and what
follows is an answer only when it reads as the Government's and not as the deputy's own comment.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archiver.extract.addressee import CIVILITY, MINISTER, Opening, opening_of
from archiver.extract.blocks import Block
from archiver.extract.clauses import PROSE
from archiver.extract.demand import asks, sentences
from archiver.extract.text import skeleton


@dataclass(frozen=True, slots=True)
class Parted:
    """A text that opens as a question. `question` is empty when its end was not found; `doubtful`
    is what follows it and may or may not be its answer, or the line that announces the answer."""

    opening: Opening
    question: tuple[Block, ...] = ()
    answer: tuple[Block, ...] = ()
    doubtful: tuple[Block, ...] = ()


SHORTEST_ANSWER = 150
_ADMINISTRATION = re.compile(
    r"(?<!\w)(?:gouvernement|minist(?:re|ere|eriel)|honorable parlementaire|secretaire d'etat"
    r"|l'etat|la france|lois?|decret|arrete|circulaire|l'article|articles? [lr]\.|code d[eu]"
    r"|dispositi(?:f|on)s?|union europeenne|feuille de route|plan|mesures?|subvention|dotation"
    r"|credits|euros|prefets?|programme|services?|convention|agence|reglementation)(?!\w)"
)
_ANNOUNCES = re.compile(
    r"[^\w]{0,8}(?:et )?(?:voici |voila )?(?:(?:la|sa|cette) )?(?:elements de )?reponse"
    r"(?: (?:integrale|complete|detaillee|recue|obtenue|apportee|ci-dessous))*"
    r"(?P<by>(?: (?:de |du |des |d'|par )[^.,:!?;]{2,80}?)?)(?: est la suivante)?[^\w]{0,8}"
)
_SPEAKER = re.compile(
    rf"[^\w]{{0,8}}(?:{CIVILITY} )?(?:la |le |les |l')?(?:[^,.:;]{{2,50}}, )?"
    rf"{MINISTER}(?P<by>[^.:;!?]{{0,150}}?)"
    r"(?P<says> (?:lui |m')?(?:repond|a repondu)(?: ainsi)?(?= ?:)| - reponse)?[^\w]{0,8}"
)
_OFFICE = re.compile(r"(?:,? (?:(?:de|du|des|delegue|charge|aupres|a|aux?)(?!\w)|d'|l')[^.:;!?]*)?")
_ABOUT_THE_QUESTION = re.compile(
    r"(?<!\w)(?:cette|sa|la presente|notre) question(?!\w)|(?<!\w)l[ae] deputee?(?!\w)"
    r"|question (?:ecrite|posee|deposee)|circonscription|permanence parlementaire"
)
_OWN_VOICE = re.compile(
    r"(?<!\w)(?:je|j'\w+|m'\w+|mon|ma|mes|moi|nous|notre|nos|vous|votre|vos)(?!\w)"
)


def openings(text: Sequence[Block]) -> list[int]:
    """The places of the lines that open a question in due form (with the author's civility)."""
    return [
        place
        for place, block in enumerate(text)
        if (opening := opening_of(block.text)) and opening.formal and opening.author
    ]


def parted(text: Sequence[Block], opening: Opening) -> Parted:
    """Parts a text whose first line opens a question into the question and what follows."""
    asking = [_asks(block.text, first=place == 0) for place, block in enumerate(text)]
    if not any(asking):
        return Parted(opening)
    end = asking.index(True) + 1
    while end < len(text) and (asking[end] or text[end].continues):
        end += 1
    question, after = tuple(text[:end]), tuple(text[end:])
    if not after:
        return Parted(opening, question)
    announced = len(after) > 1 and _announces(after[0].text)
    told = 1 if announced or (len(after) > 1 and _names_speaker(after[0], opening)) else 0
    if any(asking[end:]) or not _reads_as_answer(after[told:], opening, announced=announced):
        return Parted(opening, question, doubtful=after)
    return Parted(opening, question, after[told:], after[:told])


def _asks(text: str, *, first: bool) -> bool:
    """Whether a line asks; the first one opens, and asks by its opening only if it demands."""
    spans = list(sentences(text))
    if first:
        head = skeleton(text[spans[0][0] : spans[0][1]])
        return " demande " in head or any(asks(text[start:end]) for start, end in spans[1:])
    return any(asks(text[start:end]) for start, end in spans)


def _announces(text: str) -> bool:
    """Whether a line is nothing but the announcement of an answer (« Réponse de Bercy », « Mme la
    ministre de la mer répond : »)."""
    plain = skeleton(text).strip()
    found = _ANNOUNCES.fullmatch(plain) or _SPEAKER.fullmatch(plain)
    if found is None or (found.re is _SPEAKER and not found["says"]):
        return False
    return not PROSE.search(found["by"])


def _names_speaker(block: Block, opening: Opening) -> bool:
    """Whether a line is nothing but who speaks (« Mme la ministre de la mer : »): not « Le
    Gouvernement engage trois mesures : », with which an answer may begin."""
    plain = skeleton(block.text).strip()
    found = _SPEAKER.fullmatch(plain)
    if found is None or not plain.endswith(":") or PROSE.search(found["by"]):
        return False
    called = skeleton(opening.addressee).endswith(found["by"])
    return called or (block.heading and _OFFICE.fullmatch(found["by"]) is not None)


def in_own_voice(text: str) -> bool:
    """Whether a text speaks in the first person, as neither a question nor an answer does."""
    return _OWN_VOICE.search(skeleton(text)) is not None


def _reads_as_answer(after: Sequence[Block], opening: Opening, *, announced: bool) -> bool:
    """Whether a text is in the administration's register, unless it was announced as an answer, and
    not about the question itself; what follows an oral question, whose formula names no author, is
    debate and cannot be told."""
    if opening.author is None:
        return False
    plain = skeleton("\n".join(block.text for block in after))
    official = len(plain) >= SHORTEST_ANSWER and _ADMINISTRATION.search(plain[:1000])
    if not (announced or official):
        return False
    surname = skeleton(opening.author).split()[-1]
    foreign = _OWN_VOICE.search(plain) or _ABOUT_THE_QUESTION.search(plain)
    return not (foreign or surname in plain)

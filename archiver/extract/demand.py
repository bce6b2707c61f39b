"""What a question asks in the end: its closing sentence or sentences.

A parliamentary question closes with « Elle lui demande … », « Il souhaite connaître … » and their
kin; an oral one with « Je vous demande … » or a plain interrogative. The demand is the last run of
such sentences, cut out of the question as it stands.
"""

import re
from collections.abc import Iterator

from archiver.extract.text import present

_ASK = (
    r"(?:souhaite(?:rait)?|demande(?:rait)?|interroge|(?:aimer|voudr|desirer|apprecier)ait|desire"
    r"|sollicite|questionne|prie|remercie|(?:saur|ser)ait (?:gre|reconnaissante?|heureu(?:x|se)))"
)
_BETWEEN = r"(?: (?:lui|leur|le|la|les|en|y|donc|ainsi|aussi|vous|se)| (?:l|s)'|,[^,.]{1,60},)*"
_THIRD_PERSON = re.compile(
    rf"(?<![\w'-])(?:elle|il){_BETWEEN} ?{_ASK}(?!\w)"
    rf"|(?<!\w)l[ae] (?:depute|senat)\w+{_BETWEEN} ?{_ASK}(?!\w)"
    rf"|(?<!\w)(?:m\.|mme|monsieur|madame) (?!l[ea] (?:premiere? )?minist)[^.,;:]{{2,50}}?"
    rf"{_BETWEEN} ?{_ASK}(?!\w)"
    r"|(?<!\w)(?:souhaite|demande|interroge|aimerait|voudrait)(?:-t)?-(?:elle|il)"
)
_FIRST_PERSON = re.compile(
    rf"(?<!\w)(?:je|nous){_BETWEEN} ?(?:souhait(?:e|ons|erais)|demand(?:e|ons|erais)"
    r"|(?:aimer|voudr|desirer)(?:ais|ions)|interroge|sollicite|prie)(?!\w)"
    r"|(?<!\w)(?:pouvez|pourriez|comptez|entendez|envisagez|allez)-vous"
)
_END = re.compile(
    r"(?<![.!?…])[.!?…]++(?:[\u00a0\u202f ]?[\"»”])?[ \u00a0\u202f\n]++"
    r"(?=[\"«“(]?[\u00a0\u202f ]?[A-ZÀ-Þ])|\n\n++"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(’'])(?:MM?|Mmes?|Mlles?|Mr|Dr|Me|[Aa]rt|al|cf|[Cc]h|vol|[nN]|[nN]os?|p|pp|St|Ste|[A-Z])\.$"
)
LONGEST_BREAK = 40
"""Characters in which a full stop, its abbreviation and the blanks after it are looked for."""
OPENING_WITHIN = 220


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The places of a text's sentences: start and end, in order; a blank line ends one too."""
    start = 0
    for found in _END.finditer(text):
        # Its last characters alone: a line of abbreviations is read once, not once for each.
        last = text[max(start, found.end() - LONGEST_BREAK) : found.end()].rstrip()
        if last and "\n\n" not in found[0] and _ABBREVIATION.search(last[-8:]):
            continue
        sentence = text[start : found.end()].rstrip()
        if sentence:
            yield start, start + len(sentence)
        start = found.end()
    rest = text[start:].rstrip()
    if rest:
        yield start, start + len(rest)


def asks(sentence: str) -> bool:
    """Whether a sentence says, in the third person, that its author asks (« Il lui demande »)."""
    return _THIRD_PERSON.search(present(sentence[:OPENING_WITHIN])) is not None


def demands_of_you(sentence: str) -> bool:
    """Whether a sentence asks in the first person (« Je vous demande », « Pouvez-vous »)."""
    return _FIRST_PERSON.search(present(sentence[:OPENING_WITHIN])) is not None


def demand_of(question: str) -> str | None:
    """The last run of sentences of a question that ask something, as written, or None. The first
    sentence opens, and is the demand only where no other asks."""
    spans = list(sentences(question))
    texts = [question[start:end] for start, end in spans]
    places = range(len(texts) - 1, -1, -1)
    last = next((place for place in places if _asks_anyhow(texts[place])), None)
    if last is None:
        return next((text for text in texts[:-3:-1] if text.endswith("?")), None)
    first = last
    while first > 1 and _asks_anyhow(texts[first - 1]):
        first -= 1
    return question[spans[first][0] : spans[last][1]]


def _asks_anyhow(sentence: str) -> bool:
    return asks(sentence) or demands_of_you(sentence)

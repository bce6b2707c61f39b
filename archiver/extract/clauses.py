"""What may stand between a label's word and its end: number, day, page, author, title.

« Question écrite n° 04951 de M. X (groupe) adressée à M. le ministre …, publiée le 28/02/2013 » is
a label because each of its clauses is of a known form; the first words of no known form end it.
"""

import re
from dataclasses import dataclass
from typing import Literal

from archiver.extract.addressee import CIVILITY, MINISTER, title_in
from archiver.extract.dates import DAY, day_in
from archiver.extract.numbers import NUMBER
from archiver.extract.text import skeleton

LabelKind = Literal["question", "answer"]

LONGEST_TITLE = 300

_JOURNAL = (
    r"(?: +(?:au|dans le) +(?:jo|j\.o\.|journal officiel)(?: +(?:(?:de l'|du )?(?:an|senat)"
    r"|(?:de l')?assemblee nationale|questions))?)?"
)
_PUBLISHED = (
    r"(?:publie|paru|emis|soumis|pose|depose|remis|recu|obtenu|apporte|donne|fourni|formule"
    r"|communique|date)e?" + _JOURNAL
)
_DAYED = (
    rf"(?:(?:{_PUBLISHED}|(?:jo|j\.o\.|journal officiel)(?: (?:an|senat))?)"
    rf"(?: +(?:du|le|en date du|au))? *:? *|(?:du|le|en date du) +)?(?P<day>{DAY})"
)
_PAGE = r"(?:[ ,;-]*\(?(?:page|p\.) *:? *\d+\)?)?"
_DAY_ALONE = re.compile(rf"[ (\[-]*{_DAYED}{_PAGE}[ )\].:]*")
_SAYS_OF_WHAT = re.compile(
    r"[ (\[-]*(?:(?P<question>(?:pose|depose|soumis)e?)"
    r"|(?P<answer>(?:recu|obtenu|apporte|donne|fourni|communique)e?)"
    rf"|{_PUBLISHED}|jo|j\.o\.|journal officiel)(?!\w)"
)
_DAY_IN_BRACKETS = re.compile(rf" *[(\[] *{_DAYED}{_PAGE} *[)\]][ .:-]*")
_ANSWERED = re.compile(rf"(?:et )?reponse +(?:en seance,? +et +)?{_DAYED}")
_DAY = re.compile(rf"(?:en seance,? +et +)?{_DAYED}")
_PASSED = re.compile(
    rf"(?:signalee|renouvelee|transmise)(?: +le)? +{DAY}|\(?(?:page|p\.) *:? *\d+\)?|{_PUBLISHED}"
    r"|\(?(?:\d\d?|[xvi]+)(?:e|eme) legislature\)?"
    r"|\(?(?:lien|voir|lire|consulter|source|pdf|site)(?!\w)[^()]{0,100}\)"
)
_NUMBER = re.compile(rf"(?:: *)?{NUMBER}|(?P<bare>\d{{1,6}})(?![\d/.])")
_SEPARATOR = re.compile(r"[ ,;()|]*(?:- *)?")
_CIVIL_NAME = re.compile(
    r"(?:M\.|MM\.|M(?= )|Mme|MME|Mlle|Monsieur|MONSIEUR|Madame|MADAME)[ \u00a0\u202f]+"
    r"(?P<name>(?:(?:d['’])?[A-ZÀ-Þ][\w'’.‑-]*[ \u00a0\u202f]?|(?:de|du|des|la|le|von|van) ){1,7})"
)
_BARE_NAME = re.compile(
    r"(?P<name>[A-ZÀ-Þ][\w'’.‑-]+(?: (?:de |du |d['’])?[A-ZÀ-Þ][\w'’.‑-]+){1,4})"
)
_BY = re.compile(r"(?:(?:posee|presentee|redigee|ecrite) +)?(?:par|de|d')(?: *:)? *")
_STATUS = re.compile(r" *\([^()]{0,160}\)| *,? +(?:deputee?|senat(?:eur|rice))(?!\w)[^:,;()]{0,80}")
_TO = re.compile(
    r"(?:(?:adressee|posee|transmise|destinee) +)?"
    rf"(?:(?:a l'attention d[eu]|au?x?|pour) +|a l')(?=(?:{CIVILITY} )?(?:la |le |les |l')?"
    rf"(?:[^,.:;]{{2,50}}, )?{MINISTER})"
)
_FROM = re.compile(
    r"du minist(?:er|r)e *: *(?=[^:]{2,100} (?:publie|paru|emis)e)"
    rf"|(?:de |du |des |d'|par )(?=(?:la |le |l')?(?:{CIVILITY} )?(?:la |le |les |l')?"
    rf"(?:[^,.:;]{{2,50}}, )?{MINISTER})"
)
_TITLE_END = re.compile(rf" *[,(-]* *(?:{_PUBLISHED}|en date|(?:du|le) \d|du jo|:|\(|- |{DAY})|$")
PROSE = re.compile(
    r"(?<!\w)(?:est|sont|ont|sera|seront|etait|fut|repose|souligne|indique|precise|rappelle|permet"
    r"|montre|confirme|reste|vise|doit|peut|fait|va|tient|porte|n'\w+|qui|que|sur|dans|avec|par|je"
    r"|nous|vous|ils?|elles?|on|se|s'\w+|pas|tarde|arrive|laisse|consiste|appelle|attendue?|m'a|lui"
    r"|c'est)(?!\w)|[.!?\"]"
)
_HAS = re.compile(r"(?<!\w)a(?!\w)")
_CIVIL = re.compile(rf"(?<!\w){CIVILITY}")


@dataclass(slots=True)
class Clauses:
    """What the clauses of one label say; `end` is where the known forms end in the line."""

    end: int
    number: str | None = None
    marked: bool = False
    author: str | None = None
    addressee: str | None = None
    answerer: bool = False
    passed: bool = False
    day: str | None = None
    answered: str | None = None


def read_clauses(text: str, plain: str, start: int, kind: LabelKind) -> Clauses:
    """The clauses that follow a label's word at `start`; `plain` is the skeleton of `text`."""
    clauses = Clauses(end=start)
    while _read_one(clauses, text, plain, kind):
        pass
    return clauses


def day_alone(text: str, kind: LabelKind, *, bare: bool) -> str | None:
    """The day of which a line consists under a label of that kind (« Publiée au JO le 3 mars 2020,
    page 12 »), unless it is that of the other text; `bare` admits a day without any word, which the
    end of a text may be (« la loi du / 3 mars 2020 »)."""
    plain = skeleton(text)
    found = _DAY_ALONE.fullmatch(plain)
    said = _SAYS_OF_WHAT.match(plain)
    of_other = said and said["answer" if kind == "question" else "question"]
    alone = bare and re.match(r"\W*\d", plain)  # « Le 3 mars 2020 » may begin a sentence
    if not found or of_other or not (alone or said):
        return None
    return day_in(found["day"])


def day_in_brackets(plain: str, start: int) -> tuple[int, str | None]:
    """Where a day in brackets at `start` ends, and the day; `start` and None where none stands."""
    found = _DAY_IN_BRACKETS.match(plain, start)
    return (found.end(), day_in(found["day"])) if found else (start, None)


def _read_one(clauses: Clauses, text: str, plain: str, kind: LabelKind) -> bool:
    """Moves `end` over one more clause; False when none of a known form follows."""
    separated = _SEPARATOR.match(plain, clauses.end)
    place = separated.end() if separated else clauses.end
    if found := _ANSWERED.match(plain, place):
        clauses.answered = clauses.answered or day_in(found["day"])
    elif found := _DAY.match(plain, place):
        clauses.day = clauses.day or day_in(found["day"])
    elif found := _PASSED.match(plain, place):
        clauses.passed = True
    elif clauses.number is None and (found := _NUMBER.match(plain, place)):
        clauses.number = (found["number"] or found["bare"]).replace(" ", "")
        clauses.marked = found["number"] is not None
    else:
        return _read_person(clauses, text, plain, place, kind)
    clauses.end = found.end()
    return True


def _read_person(clauses: Clauses, text: str, plain: str, place: int, kind: LabelKind) -> bool:
    if kind == "question" and clauses.addressee is None and (to := _TO.match(plain, place)):
        end = _title_end(text, plain, to.end())
        if end is not None:
            clauses.addressee = title_in(text[place:end])
            clauses.end = end
            return True
    if kind == "answer" and not clauses.answerer and (by := _FROM.match(plain, place)):
        end = _title_end(text, plain, by.end())
        if end is not None:
            clauses.answerer = True
            clauses.end = end
            return True
    by = _BY.match(plain, place)
    if by and clauses.author is None:
        found = _CIVIL_NAME.match(text, by.end()) or _BARE_NAME.match(text, by.end())
        if found and found["name"].split()[-1][0].isupper():
            clauses.author = found[0].strip()
            clauses.end = place + len(text[place : found.end()].rstrip())
            if status := _STATUS.match(plain, clauses.end):
                clauses.end = status.end()
            return True
    return False


def _title_end(text: str, plain: str, start: int) -> int | None:
    """Where a minister's title that begins at `start` ends, or None when it is not one."""
    found = _TITLE_END.search(plain, start)
    if not found or found.start() - start > LONGEST_TITLE:
        return None
    end = found.start()
    words = _CIVIL.sub(" ", plain[start:end])
    if PROSE.search(words) or _HAS.search(text[start:end]):
        return None
    return end

"""Who asks and who is asked: the opening formula of a parliamentary question.

« CIVILITY NAME verb … CIVILITY TITLE sur … ». The title is one noun phrase: it may hold commas,
« chargé de … et de … » and a second minister (« auprès du Premier ministre »), so it is cut at the
word that opens the subject (« sur », « concernant », « si » …), never at a comma.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from archiver.extract.text import present, skeleton

CIVILITY = r"(?:m\.|mm\.|mme\.?|mmes|mlle|mr\.?|monsieur|messieurs|madame|mesdames|m(?= ))"
MINISTER = (
    r"(?:(?:vice-)?premiere? ministre|ministres?|ministere|(?:sous-)?secretaires? d'etat"
    r"|secretariat d'etat|gardes? des sceaux|haute?[ -]commissaire|haut[ -]commissariat"
    r"|gouvernement)(?!\w)"
)
TITLE = (
    rf"(?:(?P<civil>{CIVILITY} +(?:(?:le|la|les) +|l')?)"
    r"|(?:aupres )?(?:(?:du|de la|des|au|a la|aux|le|la|les) +|(?:de l|a l|l)'))"
    rf"(?P<office>{MINISTER}"
    rf"|(?(civil)[^\s,.;:!?][^,.;:!?\n]{{2,50}}, (?:le |la )?{MINISTER}|(?!)))"
)
"""The pattern of a minister's title in a skeleton, up to its first word: with `civil` the title as
written begins there, else at `office`."""

_VERB = (
    r"(?:attire(?:nt)?|appelle(?:nt)?|interroge(?:nt)?|demande(?:nt)?|rappelle(?:nt)?"
    r"|expose(?:nt)?|souhaite(?:nt)?|souhaiterait|voudrait|desire|alerte(?:nt)?|questionne(?:nt)?"
    r"|interpelle(?:nt)?|signale(?:nt)?|sollicite(?:nt)?|prie|s'etonne|s'inquiete|s'interroge"
    r"|fait (?:part|remarquer|observer|etat)|tient a|saisit|insiste)"
)
_FOREWORD = r"[\"' ]*(?:\d+\. ?- ?[^-]{3,40}\. ?- )?"
_OPENING = re.compile(
    rf"{_FOREWORD}(?P<author>(?:{CIVILITY} )?[^.:;!?\n]{{2,200}}?)\*? +{_VERB}(?!\w)"
    r"(?P<between>[^.;:!?\n]{0,160}?) "
    rf"{TITLE}"
)
_ORAL = re.compile(
    r"(?<!\w)(?:ma|notre|cette) question,? (?:s'adress\w+|est adressee|etait adressee)"
    rf"(?P<between>[^.;:!?\n]{{0,60}}?) {TITLE}"
)
_AUTHOR = re.compile(rf"(?:{CIVILITY} +)(?:(?:le |la )?(?:depute|senat)|[^\W\d_])")
_BARE_AUTHOR = re.compile(
    r"(?!L[ea]s? |L['’])(?:[A-ZÀ-Þ][\w'’.-]+ ?){2,5}|[Ll][ea] (?:député|sénat)\w+"
)
_AUXILIARY = re.compile(r" (?:a|avait|aura|ayant|ont|est)$")
_SUBJECT = re.compile(r"(?<!\w)(?:sur|concernant|quant a)(?!\w)")
_CUT = re.compile(
    r" *,? (?:sur|concernant|quant|si|s'ils?|s'elles?|que|qu'\w+|afin|dont|lors|par|comment"
    r"|pourquoi|(?:de|a) nouveau|une nouvelle fois|(?:tout )?particulierement"
    r"|(?:au|a) (?:sujet|propos)"
    r"|en ce qui|s'agissant|relative?s?(?:ment)?|face a|suite a|a la suite|compte tenu|en raison"
    r"|de (?:bien|lui|leur|nous|son|sa|ses|leurs)|de (?:preciser|l'informer|faire)|ce qu\w*"
    r"|(?:dans |a |de |pour )?quel(?:le)?s?|sa|ses|leurs?"
    r"|les (?:termes|difficultes|consequences|inquietudes|preoccupations|faits|problemes|vives)"
    r"|la (?:situation|necessite|problematique|question)|l'(?:urgence|importance)"
    r"|le (?:cas|fait|probleme)|a la demande)(?!\w)"
    rf"|, (?:l'|(?:le|la|les) )(?!{MINISTER})"
)
_HIS_ATTENTION = re.compile(
    rf"{_FOREWORD}(?P<author>{CIVILITY} [^.:;!?\n]{{2,120}}?)\*? +(?:(?:attire|appelle)"
    r"(?: (?:de|a) nouveau| une nouvelle fois| (?:tout )?particulierement)? (?:son|leur) attention"
    r"|(?:lui|leur) (?:demande|expose|rappelle|signale)|l'(?:interroge|alerte|interpelle))(?!\w)"
)
_VOCATIVE = re.compile(
    rf"[\"' -]*(?P<title>{CIVILITY} (?:le |la )?{MINISTER}"
    r" (?:de |du |des |d'|delegue|aupres)[^.;:!?\n]*?)"
    r"(?:, (?:[lj]'|(?:je|ils?|elles?|nous|vous|les?|la|en|ma|depuis|dans|ce|alors|a|face)(?!\w))"
    r"|,? *$)"
)
_STOP = re.compile(r"(?<!\bm)(?<!\bmm)(?<!\bmme)\.|[;:!?\n]|$")
LONGEST_TITLE = 400
LONGEST_OPENING = 1000
LONGEST_VOCATIVE = 300


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening formula: both names as written (the civility is part of them). `formal` when the
    author bears a civility, as in the Journal officiel; a press release does without."""

    author: str | None
    addressee: str
    formal: bool


@lru_cache(maxsize=256)
def opening_of(text: str) -> Opening | None:
    """The opening formula that a text begins with, or the « Ma question s'adresse à … » of its
    first lines; None when it has neither."""
    text = text[:LONGEST_OPENING]
    plain = skeleton(text)
    found = _OPENING.match(present(text))
    if found and not (_SUBJECT.search(found["between"]) or _AUXILIARY.search(found["author"])):
        author = text[found.start("author") : found.end("author")].strip(" *\u00a0")
        formal = _AUTHOR.match(skeleton(author)) is not None
        if formal or _BARE_AUTHOR.match(author):
            return Opening(_name(author), _title(text, plain, found), formal)
    oral = _ORAL.search(plain) if " question" in plain else None
    return Opening(None, _title(text, plain, oral), formal=True) if oral else None


def author_in(text: str) -> str | None:
    """Who asks, where a label has named the minister already (« Mme X appelle son attention »)."""
    text = text[:LONGEST_OPENING]
    found = _HIS_ATTENTION.match(present(text))
    if not found or _AUXILIARY.search(found["author"]):
        return None
    return _name(text[found.start("author") : found.end("author")])


def _name(author: str) -> str:
    """An author without the constituency or group that may follow."""
    return re.split(r"[,(]", author)[0].strip(" *\u00a0")


def vocative_in(text: str) -> str | None:
    """The minister whom a text's first words address with the full title (« Monsieur le ministre
    de la mer, … »); None for a bare « Madame la ministre »."""
    plain = skeleton(text[:LONGEST_VOCATIVE])
    found = _VOCATIVE.match(plain)
    return text[found.start("title") : found.end("title")] if found else None


def title_in(text: str) -> str | None:
    """The first minister's title that stands in a label (« adressée à M. le ministre … »)."""
    plain = skeleton(text)
    found = re.search(rf"(?<!\w){TITLE}", plain)
    return _title(text, plain, found) if found else None


def _title(text: str, plain: str, found: re.Match[str]) -> str:
    """The whole title, from its civility or else its first noun to the word that ends it."""
    start = found.start("civil") if found["civil"] else found.start("office")
    limit = start + LONGEST_TITLE
    stop = _STOP.search(plain, found.end("office"))
    end = min(limit, stop.start() if stop else len(plain))
    cut = _CUT.search(plain, found.end("office"), end)
    return text[start : cut.start() if cut else end].rstrip(" ,(\u00a0")

"""Lines around a question that are not its text: placeholders, record data, share and vote chrome.

« En attente de réponse » says that a question is pending and is never an answer; « La question est
caduque » and « Retirée le … » end it; « Ministère interrogé > » and its kin describe it. A line
counts only when the whole of it has such a form.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from archiver.extract.addressee import CIVILITY
from archiver.extract.blocks import Block
from archiver.extract.dates import DAY, day_in
from archiver.extract.facts import QuestionType, Status
from archiver.extract.numbers import legislature_in, type_in
from archiver.extract.text import skeleton

LONGEST_NOTICE = 240

Use = Literal["status", "record", "pointer", "chrome", "tail"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One such line and its use: `status` ends or suspends the question, `record` describes it,
    `chrome` is never text, `tail` says that nothing after it is (ratings, « Données clés »),
    `pointer` leads elsewhere, which matters only where no text follows."""

    use: Use
    status: Status | None = None
    type: QuestionType | None = None
    legislature: int | None = None
    author: str | None = None
    addressee: str | None = None
    asked_on: str | None = None
    answered_on: str | None = None


_NOT_YET = r"(?:pas(?: encore)?|jamais|toujours pas|a ce jour pas)"
_STILL = r"(?:toujours |encore |actuellement |a ce jour )*"
_COME = r"(?:publie|recu|parvenu|obtenu|communique|rendu|connu|donne|apporte|transmis|arrive)e?"
_PENDING = re.compile(
    rf"(?:statut|etat)? ?:? ?(?:question )?{_STILL}(?:en|dans l') ?attente"
    r"(?: d'une| de la| de sa| de| d'etre)? ?(?:reponse|publiee?|publication)[^.,;!?]*"
    rf"|(?:a ce jour,? )?(?:cette|la|ma|sa) question"
    rf" (?:n'a {_NOT_YET}(?: a ce jour)? (?:de |d'|recu|obtenu|fait)"
    rf"|(?:est|reste|demeure|est restee) {_STILL}(?:en attente|sans reponse))[^.;!?]*"
    r"|(?:j'attends|nous attendons)(?: toujours| encore)? (?:la|sa|une|votre) reponse[^.;!?]*"
    r"|(?:il n'y a )?(?:pas(?: encore)?|aucune|toujours pas)(?: de| encore de)? reponse"
    r"(?: (?:a ce jour|pour (?:le moment|l'instant)|du (?:gouvernement|minist\w+)|publiee?|recue"
    r"|encore))*"
    r"|(?:question )?(?:restee )?sans reponse(?: a ce jour)?"
    r"|(?:la )?reponse (?:du gouvernement |du minist\w+ |de la ministre )?"
    rf"(?:a venir|en attente|attendue|en cours|non publiee|pas encore publiee"
    rf"|n'(?:a|est) {_NOT_YET} (?:ete )?(?:{_COME}|disponible))[^.;!?]*"
    r"|le (?:gouvernement|ministere|ministre) n'a (?:pas encore|toujours pas) repondu[^.;!?]*"
)
_PENDING_ANSWER = re.compile(
    rf"{_STILL}(?:en attente|a venir|attendue|en cours|non {_COME}|(?:pas encore|toujours pas)"
    rf"(?: {_COME})?|aucune|neant|prochainement|a suivre)(?: a ce jour|[^\w]*\d[^.;!?]*)?"
    r"|(?:des (?:sa )?(?:reception|publication),? )?(?:la |sa )?reponse"
    r"(?: du (?:gouvernement|minist\w+)| de la ministre| ministerielle)?"
    r" (?:(?:vous )?sera|devrait etre) (?:publiee|mise en ligne|communiquee|ajoutee|disponible)"
    r"[^.;!?]*"
    rf"|(?:(?:cette |la |ma )?question (?:est )?)?{_STILL}en cours (?:de traitement|d'examen"
    r"|d'instruction)[^.;!?]*"
    rf"|(?:a ce jour,? )?aucune reponse n'a (?:encore )?(?:ete )?{_COME}[^.;!?]*"
    rf"|(?:je n'ai|nous n'avons) {_NOT_YET} (?:recu|obtenu|eu) (?:de|la|sa|votre) reponse[^.;!?]*"
    rf"|(?:le|la) (?:gouvernement|minist\w+)(?: [^.,;!?]{{1,80}})? n'a {_NOT_YET}"
    rf" (?:repondu|{_COME} (?:de |la |sa )?reponse)[^.;!?]*"
)
_LAPSED = re.compile(
    r"(?:cette |la |ma )?(?:question )?(?:est |devenue |est devenue )?caduque(?:,? (?:du fait|en"
    r"|a la|depuis|le)[^.;!?]*)?(?: \([^)]*\))?"
)
_WITHDRAWN = re.compile(
    r"(?:cette |la |ma )?(?:question )?(?:a ete )?retiree"
    r"(?: (?:le|pour|par|en raison|a la)[^.;!?]*)?(?: ?\([^)]*\))?"
)
_PASSED_ON = re.compile(
    rf"(?:question )?(?:re)?transmise (?:au|a la|a|aux) (?:minist|secretariat|{CIVILITY} )[^.;!?]*"
    rf"|(?:question )?(?:signalee|renouvelee)[^.;!?]* {DAY}"
)
_LEGISLATURE = re.compile(r"(?:\d\d?|[xvi]+)(?:e|eme) legislature(?:[ ,(|-].{0,60})?")
_KEY = (
    r"(?P<key>minist(?:er|r)e (?:interroge|attributaire|repondant|concerne)|rubriques?"
    r"|tetes? d'analyse|analyses?|titre|auteur|groupe(?: politique)?|circonscription|legislature"
    r"|type de question|date\(?s?\)?(?: d[eu] [\w ']+)?|date de (?:signalement|renouvellement)"
    r"|question publiee(?: (?:au|le)[\w ]*)?|reponse publiee(?: (?:au|le)[\w ]*)?)"
)
_KEYED = re.compile(rf"{_KEY} *[:>]+ *(?P<value>.*)")
_BARE_KEY = re.compile(rf"{_KEY} *[:>]*")
_AUTHOR = re.compile(
    rf"(?:posee |presentee )?(?:de|par) *:? *(?P<name>{CIVILITY} [^.;:!?(]{{3,60}})(?:\(.*\)?)?"
)
_TAIL = re.compile(
    r"\d+(?:[.,]\d+)?(?: \d+)? votes?|(?:evaluation de|notez|evaluez) (?:l'|cet )article"
    r"|donnees cles|sur le meme (?:sujet|theme)|(?:articles?|contenus?) (?:similaires?|lies)"
    r"|(?:laisser|ajouter) un commentaire|\d+ commentaires?|related posts"
    r"|mon (?:commentaire|avis|analyse|point de vue)|ma (?:reaction|position)"
    r"|(?:commentaire|reaction|analyse|avis|position) (?:de (?:la |votre )|du )deputee?"
    r"|ce que j'en (?:pense|retiens)"
)
_CHROME = re.compile(
    r"(?:partager|partagez|share)(?: (?:cette|cet|la|l'|sur|ceci|mon|this|on)[^.;!?]*)?"
    r"|inscri\w+(?:[ -]\w+)? a (?:ma|la|notre|sa) newsletter|s'abonner|tweeter|imprimer"
    r"|facebook|twitter|linkedin|whatsapp|telegram|pinterest|copier le lien|e-?mail"
)
_POINTER = re.compile(
    r"(?:#\w+[ ,]*)+|(?:retrouve[rz]|consulte[rz]|telecharge[rz]|voir|lire|lien|pour en savoir"
    r"|en savoir|source|cliquez|plus d'informations?|suivez|credits? photo|photo|image|tags?"
    r"|mots[- ]cles|categories?|article (?:precedent|suivant)|precedent|suivant|https?:)(?!\w).*"
)
_WHOLE_LINES: tuple[tuple[re.Pattern[str], Notice], ...] = (
    (_PENDING, Notice("status", "pending")),
    (_LAPSED, Notice("status", "lapsed")),
    (_WITHDRAWN, Notice("status", "withdrawn")),
    (_PASSED_ON, Notice("chrome")),
    (_TAIL, Notice("tail")),
    (_CHROME, Notice("chrome")),
)


def notice_of(block: Block, *, in_answer: bool, pending: Sequence[str]) -> Notice | None:
    """What a line says besides text, or None when it is text. `pending` are the profile's own
    phrases, as skeletons; `in_answer` admits what means « pending » only under « Réponse »."""
    if len(block.text) > LONGEST_NOTICE:
        return None
    plain = skeleton(block.text).strip(' .:;!?()[]*_"-…|>')
    if not re.search(r"\w", plain):
        return Notice("chrome")
    if any(plain.startswith(phrase) for phrase in pending) or (
        in_answer and _PENDING_ANSWER.fullmatch(plain)
    ):
        return Notice("status", "pending")
    for pattern, notice in _WHOLE_LINES:
        if pattern.fullmatch(plain):
            return notice
    return _record_line(block.text) or (Notice("pointer") if _POINTER.fullmatch(plain) else None)


def is_bare_key(text: str) -> bool:
    """Whether a table cell names a fact of the record whose value stands in the next cell."""
    return len(text) <= 60 and _BARE_KEY.fullmatch(skeleton(text)) is not None


def _record_line(text: str) -> Notice | None:
    """The facts of a question's record, as the official pages print them around its text."""
    plain = skeleton(text)
    if _LEGISLATURE.fullmatch(plain):
        return Notice("record", legislature=legislature_in(text))
    if keyed := _KEYED.fullmatch(plain):
        return _fact(keyed["key"], text[keyed.start("value") :].strip())
    if author := _AUTHOR.fullmatch(plain):
        return Notice("record", author=text[author.start("name") : author.end("name")].strip())
    return None


def _fact(key: str, value: str) -> Notice:
    return Notice(
        "record",
        type=type_in(value) if key == "type de question" else None,
        legislature=legislature_in(f"{value} législature") if key == "legislature" else None,
        author=value or None if key == "auteur" else None,
        addressee=value or None if key.endswith(" interroge") else None,
        asked_on=day_in(value) if key.startswith("question publiee") else None,
        answered_on=day_in(value) if key.startswith("reponse publiee") else None,
    )

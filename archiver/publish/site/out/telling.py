"""A change of an article told in French: a title for lists and feeds, a sentence, a beginning.

What an event says before and after is text or JSON (`archiver.store.events`); what is not
understood is left out of the sentence.
"""

import json
from collections.abc import Callable, Mapping

from archiver.publish.site.formats import EVENT_NAMES, NO_BREAK, addressee, count, number, wait
from archiver.publish.site.queries.changes import Change, Opening

_PARTS = {"question": "question", "answer": "réponse", "text": "texte", "questions": "questions"}
_PROTECTION = {
    "protected": "le texte est désormais protégé par un mot de passe",
    "unprotected": "le texte n’est plus protégé par un mot de passe",
}


def headline(change: Change) -> str:
    """The change and its article: « Réponse arrivée : Les déserts médicaux »."""
    return f"{_name(change)} : {change.article.title}"


def sentence(change: Change) -> str:
    """The change in one sentence, without the article's name."""
    teller = _TELLERS.get(change.kind)
    return f"{teller(change) if teller else _name(change)}."


def beginning(change: Change) -> str | None:
    """The beginning of the answer that arrived, or of the question first seen; None of others."""
    opening = _opening(change)
    if change.kind == "answered":
        return opening.answered if opening else None
    return opening.asked if opening and change.kind == "new" else None


def _name(change: Change) -> str:
    if change.kind == "new":
        return "Nouvelle question" if change.article.kind == "question" else "Nouvel article"
    return EVENT_NAMES.get(change.kind, change.kind)


def _new(change: Change) -> str:
    asked = [o for o in change.openings if o.addressee]
    if not asked:
        agreed = "vue" if change.article.kind == "question" else "vu"
        return f"{_name(change)}, {agreed} ici pour la première fois"
    names = dict.fromkeys(addressee(o.addressee) for o in asked)
    return f"Question à : {', '.join(names)}"


def _answered(change: Change) -> str:
    opening, after = _opening(change), _object(change.after)
    told = "Une réponse est arrivée"
    if opening and opening.addressee:
        told = f"Réponse de : {addressee(opening.addressee)}"
    days = after.get("days")
    if not isinstance(days, int) or days < 0:
        return told
    begun = "la question" if after.get("from") == "asked_on" else "la publication de la question"
    seen = " (jour où elle a été vue : le sien n’est pas écrit)"
    return f"{told}, {wait(days)} après {begun}{seen if after.get('to') == 'seen' else ''}"


def _edited(change: Change) -> str:
    before, after = _object(change.before), _object(change.after)
    parts = after.get("parts")
    named = [_part(str(part)) for part in parts] if isinstance(parts, list) else []
    told = f"Texte modifié ({', '.join(named)})" if named else "Texte modifié"
    old, new = before.get("characters"), after.get("characters")
    if isinstance(old, int) and isinstance(new, int):
        told += f", de {number(old)} à {count(new, 'caractère')}"
    return told


def _part(word: str) -> str:
    if word in _PROTECTION:
        return _PROTECTION[word]
    name, _, position = word.partition(" ")
    return f"{_PARTS.get(name, name)} {position}".strip()


def _replaced(change: Change) -> str:
    old, new = (f"«{NO_BREAK}{text}{NO_BREAK}»" for text in (change.before, change.after))
    return f"{_name(change)} : {old} devient {new}"


def _comments(change: Change) -> str:
    old, new = change.before, change.after
    if old and new and old.isdecimal() and new.isdecimal():
        return f"De {number(int(old))} à {count(int(new), 'commentaire')}"
    return "Le nombre de commentaires a changé"


def _votes(change: Change) -> str:
    old, new = (_object(value).get("votes") for value in (change.before, change.after))
    if isinstance(old, int) and isinstance(new, int):
        return f"De {number(old)} à {count(new, 'vote')}"
    return "Les votes ont changé"


_TELLERS: Mapping[str, Callable[[Change], str]] = {
    "new": _new,
    "answered": _answered,
    "edited": _edited,
    "retitled": _replaced,
    "renamed": _replaced,
    "comments": _comments,
    "votes": _votes,
    "gone": lambda _: (
        f"La page d’origine répond «{NO_BREAK}introuvable{NO_BREAK}» ; l’archive garde le texte"
    ),
    "back": lambda _: "La page d’origine est revenue",
}


def _opening(change: Change) -> Opening | None:
    """The question that the change is about: the one it names, else the only one."""
    position = _object(change.after).get("position")
    named = [o for o in change.openings if o.position == position]
    if named:
        return named[0]
    return change.openings[0] if len(change.openings) == 1 else None


def _object(text: str | None) -> Mapping[str, object]:
    try:
        value = json.loads(text or "")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}

"""The comments of fictional readers: as many as a post's data asks for, the same on every load.

The texts are made by rotation over a few sentences, so that a post with 1,234 comments costs a
number in its content file and nothing else. Some of them hold label words on purpose.
"""

from datetime import datetime, timedelta

from archiver.demo.model import Comment
from archiver.demo.text import texturise

_NAMES = (
    "Jean-Marc",
    "Odile F.",
    "Un expatrié de longue date",
    "Nadia",
    "Paul-Henri",
    "Sylvie et Bruno",
    "M. Lenoir",
    "Aïcha",
    "Thomas (Lisbonne)",
)
_OPENINGS = (
    "Merci pour ce travail de suivi.",
    "Je me permets de réagir à cette publication.",
    "Question : quand le décret sera-t-il publié ?",
    "Bonjour Madame la députée,",
    "Sujet important et trop peu traité.",
    "Voilà des mois que nous attendions cela...",
    "Réponse : toujours rien dans notre commune !",
)
_ENDINGS = (
    "Nous suivrons la suite avec attention.",
    "Pourriez-vous nous tenir informés ?",
    "Dans notre village, rien n'a changé depuis deux ans.",
    "Bon courage à toute votre équipe.",
    "Il faudrait aussi entendre les associations.",
)


def write_comments(
    first_id: int, *, since: datetime, seed: int, count: int, pingbacks: int = 0, replies: int = 0
) -> tuple[Comment, ...]:
    """`count` comments in all, of which the last `pingbacks` are pingbacks and the `replies` before
    those answer earlier comments; `since` is when the first could be written."""
    roots = count - replies - pingbacks
    made = []
    for place in range(count):
        turn = seed + place
        reply = roots <= place < roots + replies
        pingback = place >= roots + replies
        made.append(
            Comment(
                id=first_id + place,
                parent=first_id + (place * 7) % roots if reply else 0,
                author=f"Carnet du canton n° {turn % 40}" if pingback else _NAMES[turn % 9],
                written_at=since + timedelta(hours=5 + 7 * place, minutes=turn % 60),
                text=texturise(
                    f"{_OPENINGS[turn % 7]} {_ENDINGS[turn % 5]} (message {place + 1})"
                    if not pingback
                    else f"[...] à lire sur le site de la députée, billet {seed} [...]"
                ),
                pingback=pingback,
            )
        )
    return tuple(made)

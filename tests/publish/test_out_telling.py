"""Changes as sentences: what an event says is told, what it does not say is not made up."""

import pytest

from archiver.publish.site.out.feeds import identity
from archiver.publish.site.out.telling import beginning, headline, sentence
from archiver.publish.site.queries.changes import Change, Opening
from archiver.publish.site.queries.rows import ArticleLine

LINE = ArticleLine(
    1, "a.example", "https://a.example/x/", "12", "fr", "Les soins", "question", None, None, None
)
OPENINGS = (
    Opening(1, "M. le ministre de l’intérieur", "answered", "Demande une.", "Réponse une."),
    Opening(2, None, "pending", "Demande deux.", None),
)
SEEN = (
    "Réponse de : Ministre de l’intérieur, 1 jour après la publication de la question (jour où "
    "elle a été vue : le sien n’est pas écrit)."
)


def change(kind: str, before: str | None = None, after: str | None = None) -> Change:
    return Change(LINE, "2024-01-02T03:04:05.000000Z", kind, before, after, 0, "urn:x", OPENINGS)


@pytest.mark.parametrize(
    ("kind", "before", "after", "told"),
    [
        (
            "answered",
            '{"status": "pending", "position": 1}',
            '{"position": 1, "days": 61, "from": "asked_on", "to": "answered_on"}',
            "Réponse de : Ministre de l’intérieur, 61 jours après la question.",
        ),
        (
            "answered",
            None,
            '{"position": 1, "days": 1, "from": "published_on", "to": "seen"}',
            SEEN,
        ),
        ("answered", None, '{"position": 2, "days": -3}', "Une réponse est arrivée."),
        ("answered", "pending", "answered", "Une réponse est arrivée."),
        (
            "edited",
            '{"characters": 1200}',
            '{"characters": 900, "parts": ["question 1", "answer 2"]}',
            "Texte modifié (question 1, réponse 2), de 1 200 à 900 caractères.",
        ),
        (
            "edited",
            '{"characters": 5}',
            '{"characters": null, "parts": ["protected"]}',
            "Texte modifié (le texte est désormais protégé par un mot de passe).",
        ),
        ("edited", None, "[1]", "Texte modifié."),
        ("edited", None, '{"parts": 3}', "Texte modifié."),
        ("retitled", "Avant", "Après", "Titre modifié : « Avant » devient « Après »."),
        ("comments", "3", "8", "De 3 à 8 commentaires."),
        ("comments", "²", "8", "Le nombre de commentaires a changé."),
        ("votes", '{"votes": 3}', '{"votes": 1}', "De 3 à 1 vote."),
        ("votes", "[" * 100_000, "{", "Les votes ont changé."),
        ("back", None, None, "La page d’origine est revenue."),
        ("new", None, "Les soins", "Question à : Ministre de l’intérieur."),
        ("nimporte", None, None, "nimporte."),
    ],
)
def test_a_change_in_one_sentence(
    kind: str, before: str | None, after: str | None, told: str
) -> None:
    plain = sentence(change(kind, before, after))
    assert plain.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\xa0", " ") == told


def test_the_beginning_is_of_the_question_that_changed() -> None:
    assert beginning(change("answered", None, '{"position": 1}')) == "Réponse une."
    assert beginning(change("answered", None, '{"position": 2}')) is None
    assert beginning(change("answered", "pending", "answered")) is None
    assert beginning(change("gone")) is None
    assert headline(change("answered")) == "Réponse arrivée : Les soins"


def test_an_identity_has_no_row_in_it() -> None:
    assert identity(change("new")) == "tag:a.example,2017:12/nouveau"
    at = "2024-01-02T03:04:05.000000Z"
    assert identity(change("gone")) == f"tag:a.example,2017:12/disparu/{at}"

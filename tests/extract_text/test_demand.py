"""The demand: the last run of sentences that ask."""

import pytest

from archiver.extract.demand import demand_of, sentences


@pytest.mark.parametrize(
    ("question", "demand"),
    [
        (
            "Mme X attire l’attention du ministre sur la pêche. Elle souhaite connaître le plan.",
            "Elle souhaite connaître le plan.",
        ),
        (
            (
                "Constat. Aussi, elle lui demande de préciser ce que M. Exemple compte faire. Elle "
                "souhaiterait également savoir si l’art. 3 s’applique."
            ),
            (
                "Aussi, elle lui demande de préciser ce que M. Exemple compte faire. Elle "
                "souhaiterait également savoir si l’art. 3 s’applique."
            ),
        ),
        ("Constat.\n\nIl l’interroge sur le calendrier.", "Il l’interroge sur le calendrier."),
        (
            "Constat. C’est pourquoi il s’interroge sur la suite.",
            "C’est pourquoi il s’interroge sur la suite.",
        ),
        (
            "Constat. Mme la députée souhaiterait savoir la date. Il y a urgence.",
            "Mme la députée souhaiterait savoir la date.",
        ),
        ("Constat. Aussi souhaite-t-elle une date.", "Aussi souhaite-t-elle une date."),
        (
            "Mme X demande à M. le ministre s’il agira.",
            "Mme X demande à M. le ministre s’il agira.",
        ),
        ("Constat. Que comptez-vous faire ?", "Que comptez-vous faire ?"),
        ("Constat. Quelles mesures seront prises ?", "Quelles mesures seront prises ?"),
        ("Constat. Je vous demande une date. Merci.", "Je vous demande une date."),
        ("Constat. Les gens qu’elle souhaite aider attendent.", None),
        ("Constat. Rien de plus.", None),
        ("", None),
    ],
)
def test_the_demand(question: str, demand: str | None) -> None:
    assert demand_of(question) == demand


def test_abbreviations_do_not_end_sentences() -> None:
    text = "M. A. Exemple cite l’art. 3 du code. Mme Fictive aussi. « Oui. » Elle part…\n\nFin"
    assert [text[start:end] for start, end in sentences(text)] == [
        "M. A. Exemple cite l’art. 3 du code.",
        "Mme Fictive aussi.",
        "« Oui. »",
        "Elle part…",
        "Fin",
    ]

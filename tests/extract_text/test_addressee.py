"""The opening formula: who asks, who is asked, as written."""

import pytest

from archiver.extract.addressee import author_in, opening_of, title_in, vocative_in

OPENINGS = [
    (
        (
            "Mme Claire Vasseur appelle l’attention de Mme la secrétaire d’État auprès du Premier "
            "ministre, chargée de la mer et des littoraux et de la prévention des risques, sur la"
        ),
        "Mme Claire Vasseur",
        (
            "Mme la secrétaire d’État auprès du Premier ministre, chargée de la mer et des "
            "littoraux et de la prévention des risques"
        ),
    ),
    (
        (
            "M. Jean Exemple (Groupe – Circonscription) attire l'attention de M. le garde des "
            "sceaux, ministre de la justice sur les délais"
        ),
        "M. Jean Exemple",
        "M. le garde des sceaux, ministre de la justice",
    ),
    (
        "Mme Claire Vasseur interroge M. le Premier ministre sur la pêche",
        "Mme Claire Vasseur",
        "M. le Premier ministre",
    ),
    (
        "Mme Claire Vasseur * attire l'attention du ministre de la mer concernant",
        "Mme Claire Vasseur",
        "ministre de la mer",
    ),
    (
        "Mme Claire Vasseur demande à M. le ministre de la santé et des solidarités s'il compte",
        "Mme Claire Vasseur",
        "M. le ministre de la santé et des solidarités",
    ),
    (
        "Mme Claire Vasseur demande à Mme la Première ministre quelles mesures elle prendra",
        "Mme Claire Vasseur",
        "Mme la Première ministre",
    ),
    (
        (
            "Mme la députée souhaite attirer une nouvelle fois l'attention de M. le ministre "
            "délégué auprès du ministre de l'économie, chargé des comptes publics, sur"
        ),
        "Mme la députée",
        "M. le ministre délégué auprès du ministre de l'économie, chargé des comptes publics",
    ),
    (
        "M. Jean Exemple alerte Mme Paule Fictive, ministre de la mer, sur le sujet",
        "M. Jean Exemple",
        "Mme Paule Fictive, ministre de la mer",
    ),
    (
        "Mme Claire Vasseur rappelle à M. le ministre d’État, ministre de la mer les termes de",
        "Mme Claire Vasseur",
        "M. le ministre d’État, ministre de la mer",
    ),
    (
        (
            "13382. — 10 mars 2026. — Mme Claire Vasseur expose à M. le ministre de la mer les "
            "difficultés de"
        ),
        "Mme Claire Vasseur",
        "M. le ministre de la mer",
    ),
    (
        "MME CLAIRE VASSEUR ATTIRE L'ATTENTION DE M. LE MINISTRE DE L'INTERIEUR SUR LA",
        "MME CLAIRE VASSEUR",
        "M. LE MINISTRE DE L'INTERIEUR",
    ),
    (
        (
            "Mme Claire Vasseur, députée de la 12e circonscription fictive, interroge Mme la "
            "ministre déléguée à la mer quant à la pêche."
        ),
        "Mme Claire Vasseur",
        "Mme la ministre déléguée à la mer",
    ),
    (
        "Mme Claire Vasseur sollicite de M. le ministre de la mer de bien vouloir",
        "Mme Claire Vasseur",
        "M. le ministre de la mer",
    ),
    (
        "Mme Claire Vasseur fait part à M. le ministre de la mer de son inquiétude",
        "Mme Claire Vasseur",
        "M. le ministre de la mer",
    ),
    (
        "Mme Claire Vasseur s’étonne auprès de M. le ministre de la mer que rien ne",
        "Mme Claire Vasseur",
        "M. le ministre de la mer",
    ),
]


@pytest.mark.parametrize(("text", "author", "addressee"), OPENINGS)
def test_an_opening(text: str, author: str, addressee: str) -> None:
    opening = opening_of(text)
    assert opening is not None
    assert (opening.author, opening.addressee, opening.formal) == (author, addressee, True)


def test_an_oral_question_names_its_minister_only() -> None:
    opening = opening_of("Monsieur le président, ma question s'adresse à M. le ministre de la mer.")
    assert opening is not None
    assert (opening.author, opening.addressee) == (None, "M. le ministre de la mer")


def test_a_press_release_opens_without_civility() -> None:
    opening = opening_of("Claire Vasseur interroge le ministre de la mer sur la pêche.")
    assert opening is not None
    assert not opening.formal


@pytest.mark.parametrize(
    "text",
    [
        "Le Gouvernement attire l'attention de la ministre sur",
        "Madame la ministre attire l'attention",
        "Mme Claire Vasseur attire l'attention sur la situation du ministre de la mer.",
        "Mme Claire Vasseur a interrogé M. le ministre de la mer sur la pêche.",
        "Mme Claire Vasseur a inauguré le port. Elle interroge M. le ministre.",
        "",
    ],
)
def test_no_opening(text: str) -> None:
    assert opening_of(text) is None


def test_titles_in_labels_and_vocatives() -> None:
    assert title_in("adressée à M. le ministre de la mer") == "M. le ministre de la mer"
    assert title_in("adressée à la commune") is None
    assert vocative_in("Monsieur le ministre de la mer, je") == "Monsieur le ministre de la mer"
    assert vocative_in("Madame la ministre, je") is None


def test_the_author_is_read_where_a_label_has_named_the_minister() -> None:
    text = "Mme Claire Vasseur appelle son attention sur les aidants. Elle demande un répit."
    assert author_in(text) == "Mme Claire Vasseur"
    assert author_in("Cette lettre appelle son attention sur les aidants.") is None


@pytest.mark.parametrize(
    "rest",
    [
        ", à la demande d’une classe du lycée, sur le ramassage.",
        ", l’engagement pris devant les étudiants.",
    ],
)
def test_a_title_ends_where_an_object_begins(rest: str) -> None:
    office = "M. le ministre délégué auprès du ministre de la santé, chargé des transports"
    opening = opening_of(f"Mme Claire Vasseur rappelle à {office}{rest}")
    assert opening is not None
    assert opening.addressee == office

"""Which lines are labels and what they state; label words inside prose are none."""

import pytest

from archiver.extract.blocks import Block
from archiver.extract.labels import Words, label_of, words_of

NO_WORDS = Words()

QUESTIONS = """\
Question:
Question
QUESTION
Question\u00a0:
Question\u202f:
Texte de la question : Mme Claire Vasseur attire
Texte de la QUESTION :
Question écrite n° 39490
Question n°9781 publiée le 11/07/2023
Question 14788 publiée le 04/12/2018
Question écrite n° 04951 adressée à M. le ministre de la mer :
Question n° 05068 adressée à Mme la ministre de la mer, publiée le 28/02/2013 :
Question écrite posée par Mme Claire Vasseur
Question de : Mme Claire Vasseur
Question de M. Jean Exemple (Fiction - La Fiction) publiée le 01/08/2019
Question de Mme VASSEUR Claire (Français établis hors de France - GRP) publiée le 01/08/2019
Question soumise le 12 mars 2019
Question 1
Question n° 2 :
1ère question
2nde question :
Deuxième question :
Question écrite
Ma question écrite :
La question :
Question publiée au JO le : 15/02/2017
Question N° : 4673
QE n° 1234
Question écrite de Mme Claire Vasseur à M. le ministre de la mer
Question Mme Claire Vasseur attire l'attention de M. le ministre de la mer sur la pêche
Question au Gouvernement
Question orale sans débat n° 312
➡ Question :
**Question :**
Question écrite n° 1234 du 12 mars 2019 de Mme Claire Vasseur, députée de la 12e circonscription
Question posée le 12 mars 2019 – réponse publiée le 14 mai 2019"""

ANSWERS = """\
Réponse:
Réponse
REPONSE
RÉPONSE :
Texte de la REPONSE :
Réponse publiée le 26 octobre 2021
Réponse en séance, et publiée le 24 juin 2019
Réponse émise le 1er mars 2021
Réponse de M. le ministre des affaires étrangères
Réponse du Ministère de la mer publiée dans le JO Sénat du 22/06/2017 – page 2000
Réponse du Ministère de la mer publiée le 22/06/2017
Réponse du ministère : Économie publiée le 12/03/1998
Réponse. - Le Gouvernement
Réponse – Le Gouvernement
Réponse 1 :
Réponse à la 1ère question
La réponse du ministre :
Réponse de Mme la ministre de la mer : le Gouvernement
Réponse publiée au JO le : 15/02/2017 page : 992
Réponse commune aux deux questions :
Réponse aux questions 1 et 2 :
Réponse à la question écrite n° 1234
REPONSE Le Gouvernement partage
Réponse du Gouvernement :
Réponse à venir
Réponse du ministre délégué à la mer :
Réponse de M. Exemple, ministre de la mer
Réponse ministérielle (JO du 12 mars 2019)
Answer:"""

PROSE = """\
la réponse que nous attendons
Question de confiance
Réponse à la question de Mme Martin
Réponse à la question
La réponse du Gouvernement repose sur trois axes : le premier
La réponse de la ministre a été claire.
Question préjudicielle
Questions - Réponses
Question / Réponse
Question - Réponse
Question et réponse
Questions :
Réponses
Réponse du ministre attendue avant l'été
Question de principe
Question d'actualité
La question est caduque
La question a été retirée pour cause de fin de mandat.
Question prioritaire de constitutionnalité
Question écrite sur la pêche
Question signalée le 24 juin 2019
En réponse à la question
Réponse du ministre sur la pêche
Retrouvez ci-dessous la réponse :"""


@pytest.mark.parametrize("line", QUESTIONS.splitlines())
def test_a_question_label(line: str) -> None:
    label = label_of(Block(line), NO_WORDS)
    assert label is not None
    assert label.kind == "question"


@pytest.mark.parametrize("line", ANSWERS.splitlines())
def test_an_answer_label(line: str) -> None:
    label = label_of(Block(line), NO_WORDS)
    assert label is not None
    assert label.kind == "answer"


@pytest.mark.parametrize("line", PROSE.splitlines())
def test_prose_is_no_label(line: str) -> None:
    assert label_of(Block(line), NO_WORDS) is None


def test_a_label_states_what_its_clauses_say() -> None:
    line = (
        "Question écrite n° 04951 de Mme Claire Vasseur (Groupe fictif) adressée à M. le ministre "
        "de la mer, publiée le 28/02/2013 – réponse publiée le 1er mars 2013 :"
    )
    label = label_of(Block(line), NO_WORDS)
    assert label is not None
    assert label.rest is None
    assert label.strong
    assert (label.type, label.number) == ("QE", "04951")
    assert (label.author, label.addressee) == ("Mme Claire Vasseur", "M. le ministre de la mer")
    assert (label.asked_on, label.answered_on) == ("2013-02-28", "2013-03-01")


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("Question : texte", "texte"),
        ("Réponse. – Texte", "Texte"),
        ("Réponse de Mme la ministre de la mer : texte", "texte"),
        ("Réponse à venir", "à venir"),
    ],
)
def test_the_text_after_a_label_is_kept_apart(line: str, rest: str) -> None:
    label = label_of(Block(line), NO_WORDS)
    assert label is not None
    assert label.rest is not None
    assert label.rest.text == rest


def test_a_bold_run_parts_label_and_text_without_a_colon() -> None:
    text = "Réponse Le Gouvernement"
    assert label_of(Block(text), NO_WORDS) is None
    label = label_of(Block(text, bold_lead="Réponse"), NO_WORDS)
    assert label is not None
    assert label.rest is not None
    assert label.rest.text == "Le Gouvernement"


def test_small_unmarked_numbers_count_pairs_and_are_not_official() -> None:
    numbers = {}
    for line in ("Question n° 2", "Question écrite n° 2", "Question n° 2 publiée le 11/07/2023"):
        label = label_of(Block(line), NO_WORDS)
        assert label is not None
        numbers[line] = label.number
    assert list(numbers.values()) == [None, "2", "2"]


def test_words_of_the_profile_match_whatever_their_accents() -> None:
    words = words_of(["Ma demande"], ["Ce que dit l’État"])
    question = label_of(Block("MA DEMANDE : texte"), words)
    answer = label_of(Block("Ce que dit l'etat"), words)
    assert question is not None
    assert answer is not None
    assert (question.kind, answer.kind) == ("question", "answer")
    assert label_of(Block("Ma demande reste sans effet"), words) is None

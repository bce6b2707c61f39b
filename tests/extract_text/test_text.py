"""Comparable text, numbers, types and legislatures."""

import sys

import pytest

from archiver.extract.numbers import (
    declares_question,
    legislature_in,
    legislature_on,
    number_in,
    type_in,
)
from archiver.extract.text import fold, skeleton


def test_a_skeleton_keeps_every_character_in_its_place() -> None:
    for code in range(sys.maxunicode + 1):
        if not 0xD800 <= code < 0xE000:
            assert len(skeleton(chr(code))) == 1


def test_a_skeleton_has_one_form_for_what_looks_alike() -> None:
    assert skeleton("L’ÉTÉ\u00a0–\u202f« Noël »") == 'l\'ete - " noel "'


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("l’été", "L'ETE"),
        ("« Œuvre » : fin", '"oeuvre": fin'),
        ("bar\u00adre\u200b", "barre"),
        ("fin…", "fin..."),
        ("e\u0301tat", "état"),
        ("un  –  deux\u202f!", "un - deux!"),
        ("N\u00ba 3", "n° 3"),
    ],
)
def test_a_fold_makes_variants_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_a_fold_is_stable_and_keeps_words_apart() -> None:
    folded = fold("Il dit « bonjour » puis part.")
    assert folded == 'il dit "bonjour" puis part.'
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Question n° 14788", "14788"),
        ("n°9781", "9781"),
        ("nº 04951", "04951"),
        ("N° 39\u202f490 publiée", "39490"),
        ("no 25201", "25201"),
        ("en 2019", None),
        ("canon 12", None),
    ],
)
def test_numbers(text: str, number: str | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Herbiers – QEG", "QE"),
        ("Question écrite n° 3", "QE"),
        ("Questions au Gouvernement", "QG"),
        ("QOSD", "QOSD"),
        ("Question orale sans débat", "QOSD"),
        ("Une question écrite et une question au Gouvernement", None),
        ("Quelle question !", None),
    ],
)
def test_types(text: str, kind: str | None) -> None:
    assert type_in(text) == kind


def test_a_title_declares_a_question_or_is_about_one() -> None:
    assert declares_question("Herbiers – QEG", "")
    assert declares_question("Herbiers", "herbiers-qeg")
    assert declares_question("Question écrite n° 1234 : herbiers", "")
    assert not declares_question("Ma question écrite sur les herbiers", "ma-question-ecrite")
    assert not declares_question("Question de confiance", "question-de-confiance")


def test_legislatures() -> None:
    assert legislature_in("15e Législature") == 15
    assert legislature_in("XIVème législature") == 14
    assert legislature_in("la législature") is None
    assert legislature_on("2017-06-20") == 14
    assert legislature_on("2017-06-21") == 15
    assert legislature_on("2024-06-30") is None
    assert legislature_on("2025-01-01") == 17
    assert legislature_on("1999-01-01") is None

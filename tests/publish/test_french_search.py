"""What is typed in French becomes FTS5 that finds the right forms, and never an error."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.publish.site.search.forms import forms, roots
from archiver.publish.site.search.match import (
    any_term,
    everything,
    on_questions,
    table_search,
)
from archiver.publish.site.search.typed import Term, read_typed
from archiver.publish.site.search.words import fold, words


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("réfugiée", "réfugiés"),
        ("réfugiés", "réfugiée"),
        ("impôts", "impôt"),
        ("loi", "lois"),
        ("lois", "loi"),
        ("travaux", "travail"),
        ("travail", "travaux"),
        ("hôpital", "hôpitaux"),
        ("hôpitaux", "hôpital"),
        ("nationale", "nationaux"),
        ("petites", "petit"),
        ("étudiante", "étudiants"),
        ("européenne", "européens"),
        ("bénéficiaires", "bénéficiaire"),
        ("directrice", "directeurs"),
        ("heureuse", "heureux"),
        ("votent", "voté"),
        ("répondre", "répondu"),
        ("répondra", "répondent"),
        ("prend", "prises"),
        ("réduire", "réduit"),
        ("reçu", "recevoir"),
        ("finissent", "finir"),
        ("accueillir", "accueillis"),
        ("œuvre", "oeuvres"),
        ("oeuvre", "œuvre"),
        ("yeux", "œil"),
        ("employer", "emploient"),
        ("changeait", "changer"),
        ("détruire", "détruit"),
        ("convaincre", "convaincus"),
        ("acquis", "acquérir"),
        ("extraire", "extraits"),
        ("interrompre", "interrompu"),
        ("veuve", "veufs"),
        ("nulle", "nul"),
        ("bon", "bonnes"),
        ("vœux", "voeu"),
    ],
)
def test_a_word_finds_its_other_forms(typed: str, found: str) -> None:
    assert fold(found) in forms(fold(typed))


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("porte", "port"),
        ("cours", "course"),
        ("agent", "age"),
        ("base", "bas"),
        ("fine", "fin"),
        ("traite", "traire"),
        ("nuit", "nuire"),
        ("bois", "boire"),
    ],
)
def test_a_word_does_not_find_another(typed: str, other: str) -> None:
    assert other not in forms(typed)


def test_only_a_widened_search_joins_the_family() -> None:
    assert not any(form.startswith("impos") for form in forms("impot"))
    assert "impos" in roots("impot")
    assert "renov" in roots("renovation")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l’impôt", ("impot",)),
        ("L'État", ("etat",)),
        ("l‘État", ("etat",)),
        ("l´État", ("etat",)),
        ("(jusqu’à", ("a",)),
        ("main-d’œuvre", ("main", "d", "œuvre")),
        ("ministre de l’économie", ("ministre", "de", "l", "economie")),
        ("aujourd'hui", ("aujourd", "hui")),
        ("œuvre", ("œuvre",)),
    ],
)
def test_words_are_folded_without_their_first_elision(text: str, expected: tuple[str, ...]) -> None:
    assert words(text) == expected


def test_the_grammar() -> None:
    typed = read_typed('"petites retraites" ministre:santé soins OU médecins -hôpital SAUF visa')
    assert typed.clauses == (
        (Term(("petites", "retraites"), exact=True),),
        (Term(("sante",), column="addressee"),),
        (Term(("soins",)), Term(("medecins",))),
    )
    assert typed.without == (Term(("hopital",)), Term(("visa",)))
    assert read_typed("statut:pending année:2019").fields == (
        ("statut", "pending"),
        ("annee", "2019"),
    )
    for spaced in ("statut : pending année : 2019", "Statut: pending Année\xa0: 2019"):
        assert read_typed(spaced).fields == (("statut", "pending"), ("annee", "2019"))
    assert read_typed("ministre : santé").clauses == ((Term(("sante",), column="addressee"),),)
    assert [len(c) for c in read_typed("Question : la santé, le ministre :").clauses] == [1, 1, 1]
    assert all(t.column is None for t in read_typed("Question : la santé, le ministre :").terms)
    assert read_typed("« aide à domicile »").clauses[0][0].exact
    assert read_typed("réno*").clauses[0][0].prefix
    assert read_typed("la fiscalité de").clauses == ((Term(("fiscalite",)),),)
    assert read_typed("porte-parole").clauses == ((Term(("porte", "parole")),),)


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "create virtual table articles_fts using fts5(title, body_text,"
            " tokenize='unicode61 remove_diacritics 2')"
        )
        connection.execute(
            "create virtual table questions_fts using fts5(question, answer, addressee,"
            " tokenize='unicode61 remove_diacritics 2')"
        )
        connection.execute(
            "insert into articles_fts values ('Réfugiées',"
            " 'L’impôt des Œuvres, aujourd’hui. La mise en œuvre, main-d’œuvre et cœurs de ville,"
            " dans le Val-d’Oise. Une sage-femme, un sapeur-pompier')"
        )
        yield connection


_SPICE = st.text(
    st.sampled_from(list("ab é’'\"«»-*:()^+{}[]\\~|&;,.œ\x00%?_ANDORNT\n")), max_size=60
)


@settings(derandomize=True, max_examples=400, deadline=None)
@given(st.one_of(_SPICE, st.text(max_size=200)))
def test_nothing_typed_is_an_error(index: sqlite3.Connection, text: str) -> None:
    typed = read_typed(text)
    for wide in (False, True):
        for table, expression in (
            ("articles_fts", everything(typed, wide=wide)),
            ("questions_fts", on_questions(typed, wide=wide)),
            ("articles_fts", any_term(typed.without)),
            ("articles_fts", table_search(text)),
        ):
            if expression is not None:
                index.execute(
                    f"select count(*) from {table} where {table} match ?", (expression,)
                ).fetchone()


@pytest.mark.parametrize(
    "text",
    [
        "réfugié",
        "l'impot",
        "oeuvre",
        "aujourd'hui",
        "refugi*",
        '"mise en oeuvre"',
        "main-d'oeuvre",
        "coeur-de-ville",
        "main-d'oeu*",
        "val-d'oise",
        "le Val-d’Oise",
        "sages-femmes",
        "sapeurs-pompiers",
        """titre:"l'réfugiée" """,
    ],
)
def test_the_index_answers(index: sqlite3.Connection, text: str) -> None:
    expression = everything(read_typed(text))
    found = index.execute(
        "select count(*) from articles_fts where articles_fts match ?", (expression,)
    ).fetchone()
    assert found == (1,)

"""The word diff: both texts can be read from it, only what changed is marked, long texts end."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.publish.site.diff import Piece, word_diff


def text_of(pieces: tuple[Piece, ...], left_out: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind != left_out)


_TEXT = st.lists(
    st.sampled_from(["mot", "loi", "de ", " ", "\n", ".", "l’impôt", "a", "b"]), max_size=30
).map("".join)


@settings(derandomize=True, deadline=None)
@given(_TEXT, _TEXT)
def test_both_texts_can_be_read_from_the_pieces(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert text_of(pieces, "added") == old
    assert text_of(pieces, "removed") == new
    for one, other in pairwise(pieces):
        assert one.kind != other.kind


def test_only_what_changed_is_marked() -> None:
    assert word_diff("Le délai est de six mois.", "Le délai est de quatre mois.") == (
        Piece("same", "Le délai est de "),
        Piece("removed", "six"),
        Piece("added", "quatre"),
        Piece("same", " mois."),
    )


def test_a_changed_phrase_reads_as_one() -> None:
    kinds = [piece.kind for piece in word_diff("un deux trois quatre", "un zwei drei quatre")]
    assert kinds == ["same", "removed", "added", "same"]


def test_a_notice_before_a_text_leaves_it_alone() -> None:
    assert word_diff("Le délai court.", "Erratum. Le délai court.") == (
        Piece("added", "Erratum. "),
        Piece("same", "Le délai court."),
    )


def test_a_sentence_written_anew_is_shown_whole_between_those_that_stay() -> None:
    old = "Le délai court. Il dépend de la commune, hélas. Elle demande une date."
    new = "Le délai court. Une enquête de terrain, achevée, le dira. Elle demande une date."
    assert word_diff(old, new) == (
        Piece("same", "Le délai court. "),
        Piece("removed", "Il dépend de la commune, hélas"),
        Piece("added", "Une enquête de terrain, achevée, le dira"),
        Piece("same", ". Elle demande une date."),
    )


def words(number: int, *, seed: int = 0) -> list[str]:
    """A text of a few thousand different words, the common ones often, as in a language."""
    vocabulary = [f"mot{place}" for place in range(5_000)]
    weights = [1 / (place + 1) for place in range(5_000)]
    return random.Random(seed).choices(vocabulary, weights, k=number)


def test_a_few_edits_of_a_long_text_are_found_alone() -> None:
    old = words(50_000)
    new = [*old[:100], "ajout", *old[100:30_000], "remplacement", *old[30_001:-1]]
    changes = [piece for piece in word_diff(" ".join(old), " ".join(new)) if piece.kind != "same"]
    assert changes == [
        Piece("added", "ajout "),
        Piece("removed", old[30_000]),
        Piece("added", "remplacement"),
        Piece("removed", f" {old[-1]}"),
    ]


@pytest.mark.parametrize(
    "new",
    [[f"x{word}" for word in words(50_000)], words(50_000, seed=1)],
    ids=["no word in common", "words in common by chance"],
)
def test_a_long_text_written_anew_is_shown_as_replaced(new: list[str]) -> None:
    old = words(50_000)
    assert word_diff(" ".join(old), " ".join(new)) == (
        Piece("removed", " ".join(old)),
        Piece("added", " ".join(new)),
    )

"""The word diff: both texts can be read from it, it is as short as can be, and long texts end."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from archiver.publish.site import diff
from archiver.publish.site.diff import MOST_EDITS, Piece, word_diff


def text_of(pieces: tuple[Piece, ...], left_out: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind != left_out)


_TEXT = st.lists(
    st.sampled_from(["mot", "loi", "de ", " ", "\n", ".", "l’impôt", "a", "b"]), max_size=30
).map("".join)


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


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_the_script_is_as_short_as_can_be(old: list[str], new: list[str]) -> None:
    script = diff._edits(old, new)
    common = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, a in enumerate(old):
        for j, b in enumerate(new):
            common[i + 1][j + 1] = (
                common[i][j] + 1 if a == b else max(common[i][j + 1], common[i + 1][j])
            )
    longest = common[len(old)][len(new)]
    assert sum(kind == "same" for kind, _ in script) == longest


def test_texts_with_nothing_in_common_are_shown_as_replaced() -> None:
    old = " ".join(f"a{n}" for n in range(MOST_EDITS * 4))
    new = " ".join(f"b{n}" for n in range(MOST_EDITS * 4))
    pieces = word_diff(old, new)
    assert text_of(pieces, "added") == old
    assert text_of(pieces, "removed") == new
    assert len(pieces) == 2

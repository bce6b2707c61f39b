"""The word-by-word difference of two texts, as pieces from which both can be put together.

RapidFuzz aligns the words by Levenshtein’s distance, in time and memory that stay small however
much two texts differ: 0.4 s for 50,000 words written anew. Such texts are shown as replaced whole,
since words that they share by chance tell a reader nothing.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rapidfuzz.distance import Levenshtein

KEPT_AT_LEAST = 1 / 3
"""The part of the shorter text's words that the other must keep to be shown word by word."""

Kind = Literal["same", "removed", "added"]
Pair = tuple[str | None, str | None]
_TOKEN = re.compile(r"[^\S\n]?(?:\w+(?:[’']\w+)*|[^\w\s])|\s")
"""A word or a sign with the blank before it, or a blank alone."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is in both, in the old only or in the new only."""

    kind: Kind
    text: str


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces from `old` to `new`, in order, no two neighbours of one kind; what was removed
    comes before what was added in its place."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pairs = _aligned(before, after)
    kept = sum(one is not None and other is not None for one, other in pairs)
    if kept < KEPT_AT_LEAST * min(len(before), len(after)):
        pairs = [(old, None), (None, new)]
    return tuple(_pieces(_readable(pairs)))


def _aligned(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    """The tokens of both texts side by side, None where one has no like; the blank before a word
    does not tell it from another."""
    numbers: dict[str, int] = {}
    old, new = (
        [numbers.setdefault(token.strip() or token, len(numbers)) for token in text]
        for text in (before, after)
    )
    pairs: list[Pair] = []
    for code in Levenshtein.opcodes(old, new):
        here, there = before[code.src_start : code.src_end], after[code.dest_start : code.dest_end]
        if code.tag == "equal":
            pairs += zip(here, there, strict=True)
        else:
            pairs += [(token, None) for token in here] + [(None, token) for token in there]
    return pairs


def _readable(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """The pairs, but what is the same for a few letters only, between changes that are both longer,
    goes with them: a sentence written anew is not told from its old form by its articles and
    commas."""
    runs = [list(run) for _, run in groupby(pairs, key=lambda pair: None in pair)]
    changed = 0
    for number, run in enumerate(runs):
        if None in run[0]:
            changed += _size(run)
            yield from run
            continue
        further = _size(runs[number + 1]) if number + 1 < len(runs) else 0
        if _size(run) <= min(changed, further):
            yield from (half for one, other in run for half in ((one, None), (None, other)))
        else:
            changed = 0
            yield from run


def _size(run: Sequence[Pair]) -> int:
    """The letters of a stretch on its longer side."""
    removed = sum(len(one) for one, _ in run if one is not None)
    return max(removed, sum(len(other) for _, other in run if other is not None))


def _pieces(pairs: Iterable[Pair]) -> Iterator[Piece]:
    same = removed = added = ""
    for one, other in pairs:
        if one is None or other is None:
            removed, added = removed + (one or ""), added + (other or "")
        elif one == other and not removed and not added:
            same += other
        else:
            word = other.lstrip() or other
            removed, added = removed + one.removesuffix(word), added + other.removesuffix(word)
            *pieces, last = _change(same, removed, added)
            yield from (piece for piece in pieces if piece.text)
            same, removed, added = last.text + word, "", ""
    yield from (piece for piece in _change(same, removed, added) if piece.text)


def _change(same: str, removed: str, added: str) -> tuple[Piece, Piece, Piece, Piece]:
    """A change between what is the same; to that go the blanks with which both of its sides begin
    or end."""
    start = end = 0
    shorter = min(len(removed), len(added))
    while start < shorter and removed[start] == added[start] and added[start].isspace():
        start += 1
    while (
        end < shorter - start and removed[-1 - end] == added[-1 - end] and added[-1 - end].isspace()
    ):
        end += 1
    return (
        Piece("same", same + added[:start]),
        Piece("removed", removed[start : len(removed) - end]),
        Piece("added", added[start : len(added) - end]),
        Piece("same", added[len(added) - end :]),
    )

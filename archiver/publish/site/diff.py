"""The word-by-word difference of two texts, quick on long texts that differ little.

Eugene W. Myers, "An O(ND) Difference Algorithm and Its Variations" (Algorithmica 1, 1986), first on
lines, then on the words of the lines that differ. Python's difflib is quadratic where words repeat.
Beyond MOST_EDITS the stretch is shown as replaced whole.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

MOST_EDITS = 500
Kind = Literal["same", "removed", "added"]
_TOKEN = re.compile(r"\w+(?:[’']\w+)*|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is in both, in the old only or in the new only."""

    kind: Kind
    text: str


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces from `old` to `new`, in order; the texts can be put together from them."""
    pieces: list[Piece] = []
    removed: list[str] = []
    added: list[str] = []
    for kind, line in _edits(old.splitlines(keepends=True), new.splitlines(keepends=True)):
        if kind == "removed":
            removed.append(line)
        elif kind == "added":
            added.append(line)
        else:
            pieces += _between("".join(removed), "".join(added))
            removed, added = [], []
            pieces.append(Piece("same", line))
    pieces += _between("".join(removed), "".join(added))
    return _tidied(pieces)


def _between(old: str, new: str) -> Iterator[Piece]:
    for kind, token in _edits(_TOKEN.findall(old), _TOKEN.findall(new)):
        yield Piece(kind, token)


def _edits(old: Sequence[str], new: Sequence[str]) -> list[tuple[Kind, str]]:
    """The shortest script from old to new, token by token; all removed and added when too long."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    a, b = old[start : len(old) - end], new[start : len(new) - end]
    middle = _shortest(a, b) or (_all("removed", a) + _all("added", b))
    return _all("same", old[:start]) + middle + _all("same", old[len(old) - end :])


def _all(kind: Kind, tokens: Sequence[str]) -> list[tuple[Kind, str]]:
    return [(kind, token) for token in tokens]


def _shortest(a: Sequence[str], b: Sequence[str]) -> list[tuple[Kind, str]] | None:
    """Myers's greedy algorithm; None when more than MOST_EDITS edits are needed."""
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(min(len(a) + len(b), MOST_EDITS) + 1):
        trace.append(dict(furthest))
        for k in range(-edits, edits + 1, 2):
            down = k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])
            x = furthest[k + 1] if down else furthest[k - 1] + 1
            y = x - k
            while x < len(a) and y < len(b) and a[x] == b[y]:
                x, y = x + 1, y + 1
            furthest[k] = x
            if x >= len(a) and y >= len(b):
                return _walk_back(a, b, trace)
    return None


def _walk_back(
    a: Sequence[str], b: Sequence[str], trace: list[dict[int, int]]
) -> list[tuple[Kind, str]]:
    """The path that the trace holds, from the end of both texts to their start."""
    x, y = len(a), len(b)
    script: list[tuple[Kind, str]] = []
    for edits in range(len(trace) - 1, -1, -1):
        before, k = trace[edits], x - y
        down = k == -edits or (k != edits and before[k - 1] < before[k + 1])
        came_from = k + 1 if down else k - 1
        from_x = before[came_from] if edits else 0
        from_y = from_x - came_from if edits else 0
        while x > from_x and y > from_y and (edits == 0 or (x, y) != _after(from_x, from_y, down)):
            x, y = x - 1, y - 1
            script.append(("same", a[x]))
        if edits:
            script.append(("added", b[from_y]) if down else ("removed", a[from_x]))
            x, y = from_x, from_y
    script.reverse()
    return script


def _after(x: int, y: int, down: bool) -> tuple[int, int]:
    return (x, y + 1) if down else (x + 1, y)


def _tidied(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Neighbours of one kind joined; blanks between two changes belong to both, so that a changed
    phrase reads as one; what was removed comes before what was added."""
    tidy: list[Piece] = []
    removed, added, blank = "", "", ""

    def flush() -> None:
        nonlocal removed, added, blank
        changes = (Piece("removed", removed), Piece("added", added), Piece("same", blank))
        tidy.extend(piece for piece in changes if piece.text)
        removed = added = blank = ""

    for piece in pieces:
        changing = bool(removed or added)
        if piece.kind == "same" and changing and piece.text.isspace() and "\n" not in piece.text:
            blank += piece.text
        elif piece.kind == "same":
            flush()
            tidy.append(piece)
        else:
            removed += blank + (piece.text if piece.kind == "removed" else "")
            added += blank + (piece.text if piece.kind == "added" else "")
            blank = ""
    flush()
    return tuple(_joined(tidy))


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    held: Piece | None = None
    for piece in pieces:
        if held is not None and held.kind == piece.kind:
            held = Piece(held.kind, held.text + piece.text)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held

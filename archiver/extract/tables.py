"""The reading order of tables that hold a question: cells become lines that rules can follow.

A table may name its columns « Question » and « Réponse », so that each column is one text, or pair
the name of a fact with its value in the next cell. Other tables stay as they are, row by row.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from archiver.extract.blocks import Block
from archiver.extract.labels import Words, label_of
from archiver.extract.notices import is_bare_key

MOST_COLUMNS = 8


def in_reading_order(blocks: Sequence[Block], words: Words) -> list[Block]:
    """The blocks, with the columns of a question-and-answer table read one after the other."""
    lines: list[Block] = []
    for _, group in groupby(blocks, key=lambda block: block.cell and block.cell[0]):
        together = list(group)
        lines += together if together[0].cell is None else _table(together, words)
    return lines


def _table(blocks: list[Block], words: Words) -> list[Block]:
    rows = [list(row) for _, row in groupby(blocks, key=lambda block: block.cell and block.cell[1])]
    lines: list[Block] = []
    for number, row in enumerate(rows):
        if _names_columns(row, words):
            return lines + _by_column(row, rows[number + 1 :])
        lines.extend(_with_values(row))
    return lines


def _names_columns(row: list[Block], words: Words) -> bool:
    """Whether a row consists of labels alone, of a question and of an answer."""
    if len(row) > MOST_COLUMNS:
        return False
    labels = [label_of(block, words) for block in row]
    kinds = {label.kind for label in labels if label is not None and label.rest is None}
    return kinds == {"question", "answer"} and all(labels)


def _by_column(heads: list[Block], rows: list[list[Block]]) -> list[Block]:
    """Each row's cells, every one after the name of its column; names without cells come first,
    cells beyond the names last in their row."""
    filled = {_column(block) for row in rows for block in row}
    lines = [head for head in heads if _column(head) not in filled]
    for row in rows:
        left = row
        for column in dict.fromkeys(map(_column, heads)):
            own = [block for block in left if _column(block) == column]
            if own:
                lines += [head for head in heads if _column(head) == column]
                lines += [replace(own[0], continues=False), *own[1:]]
            left = [block for block in left if _column(block) != column]
        lines += left
    return lines


def _column(block: Block) -> int | None:
    return block.cell[2] if block.cell else None


def _with_values(row: list[Block]) -> list[Block]:
    """A row with each bare name of a fact joined to the value in the next cell."""
    lines: list[Block] = []
    for block in row:
        if (
            lines
            and is_bare_key(lines[-1].text)
            and _column(lines[-1]) != _column(block)
            and not is_bare_key(block.text)
        ):
            key = lines[-1].text.rstrip(" :>\u00a0")
            lines[-1] = replace(lines[-1], text=f"{key} : {block.text}")
        else:
            lines.append(block)
    return lines

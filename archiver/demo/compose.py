"""A post's body as a sequence of pieces, from which both its HTML and its expected text are made.

A label stands in its own piece, or with the text it introduces; tabs, accordions, toggles and
columns are one piece that holds panels. The template gives each piece the markup of the editor.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archiver.demo.model import Block, Form, Post, Translation
from archiver.demo.text import plain

PANELLED: tuple[Form, ...] = ("tabs", "accordion", "toggle", "columns")
LABELS_EN = (("Question", "Question"), ("Réponse", "Answer"), ("REPONSE", "ANSWER"))


@dataclass(frozen=True, slots=True)
class Panel:
    """One tab, accordion item or column: a label and what it opens."""

    label: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A label, a block, a block with its label before it, or a group of panels."""

    label: str = ""
    block: Block | None = None
    panels: tuple[Panel, ...] = ()


def leaves(post: Post) -> tuple[tuple[Piece, ...], ...]:
    """The body of a post, in document order, page by page; nearly all posts have one."""
    pages = [[Piece(block=block) for block in post.before]]
    for pair in post.pairs:
        halves = [Panel(pair.question_label, pair.question)]
        if pair.answer or pair.answer_label:
            halves.append(Panel(pair.answer_label, pair.answer))
        if pair.answer_on_next_page:
            pages[-1] += _of_halves(halves[:1], post.form)
            pages.append([])
            halves = halves[1:]
        pages[-1] += _of_halves(halves, post.form)
    pages[-1] += [Piece(block=block) for block in post.after]
    return tuple(map(tuple, pages))


def pieces(post: Post) -> tuple[Piece, ...]:
    """The whole body of a post, in document order."""
    return tuple(piece for leaf in leaves(post) for piece in leaf)


def _of_halves(halves: Sequence[Panel], form: Form) -> Iterator[Piece]:
    if form in PANELLED:
        yield Piece(panels=tuple(halves))
        return
    for half in halves:
        first, *rest = half.blocks
        if not half.label:
            yield Piece(block=first)
        elif form in {"inline", "bold-inline", "bold-break"}:
            yield Piece(label=half.label, block=first)
        else:
            yield Piece(label=half.label)
            yield Piece(block=first)
        for block in rest:
            yield Piece(block=block)


def body_text(post: Post) -> str:
    """The text a reader of the page gets: blocks parted by an empty line, the lines of a list or
    table by a line end. A tab's title counts once, though Elementor prints it twice."""
    parts: list[str] = []
    for piece in pieces(post):
        if piece.panels:
            for panel in piece.panels:
                parts += [panel.label, *(block_text(block) for block in panel.blocks)]
        elif piece.label and piece.block:
            mark = "\n" if post.form == "bold-break" else " "
            parts.append(f"{piece.label}{mark}{block_text(piece.block)}")
        else:
            parts.append(piece.label if piece.block is None else block_text(piece.block))
    return "\n\n".join(parts)


def blocks_text(blocks: tuple[Block, ...]) -> str:
    """The text of one question or answer, in the same form as `body_text`."""
    return "\n\n".join(block_text(block) for block in blocks)


def block_text(block: Block) -> str:
    """The lines of one block without inline markup."""
    return "\n".join(plain(line) for line in block.lines)


def translated(post: Post) -> Post:
    """The post as its English twin prints it: what is not translated stays French."""
    translation = post.translation
    if translation is None:
        return post
    texts = iter(translation.texts)

    def english(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(
            replace(block, lines=(next(texts, block.lines[0]),)) if block.kind == "text" else block
            for block in blocks
        )

    return replace(
        post,
        title=translation.title,
        before=english(post.before),
        pairs=tuple(
            replace(
                pair,
                question=english(pair.question),
                answer=english(pair.answer),
                question_label=_english_label(pair.question_label, translation),
                answer_label=_english_label(pair.answer_label, translation),
            )
            for pair in post.pairs
        ),
        after=english(post.after),
    )


def _english_label(label: str, translation: Translation) -> str:
    if translation.texts:
        for french, english in LABELS_EN:
            label = label.replace(french, english)
    return label

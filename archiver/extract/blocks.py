"""The text of an article as blocks: one line of text each, in document order, nothing lost.

Every container a WordPress editor or page builder uses (paragraphs, bare text between `<br>`,
lists, tables, columns, tabs, toggles, accordions, widgets) comes down to the same flat sequence, so
that the rules for questions and answers see text and never markup. A tab's title is read once, just
before its panel, wherever and however often the page builder writes it.
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode

from archiver.extract.chrome import Names, words
from archiver.extract.text import INVISIBLE


@dataclass(frozen=True, slots=True)
class Block:
    """One line of text: NFC, outer and repeated blanks and invisible characters (soft hyphen,
    zero-width space, byte-order mark) removed, typography kept, never empty.

    `heading`: the line is a heading, the title of a tab, toggle or accordion, a header cell, or
    bold from end to end. `bold_lead`: the bold text the line begins with, if it begins so.
    `continues`: the line belongs to the same paragraph as the one before (after a `<br>`), or is
    the next item of the same list or the next cell of the same table. `cell`: table, row and
    column, counted from 0 within the article, of a line that stands in a table.
    """

    text: str
    heading: bool = False
    bold_lead: str | None = None
    continues: bool = False
    cell: tuple[int, int, int] | None = None


def body_text(blocks: Iterable[Block]) -> str:
    """The blocks as plain text: a blank line between paragraphs, a line break between the lines of
    one paragraph, the items of one list and the cells of one table."""
    parts: list[str] = []
    for block in blocks:
        if parts:
            parts.append("\n" if block.continues else "\n\n")
        parts.append(block.text)
    return "".join(parts)


NOTHING = Names()


def blocks_of(
    element: LexborNode, chrome: Names = NOTHING, left_out: Container[int] = ()
) -> tuple[Block, ...]:
    """The blocks of an article's element, closed panels included; scripts, styles, forms, embedded
    players, what is `chrome` and the nodes to be `left_out` (by `mem_id`) are passed over. Linear
    in the size of the element, whatever its depth."""
    return _Reader(chrome, left_out).read(element)


HEADINGS = words("h1 h2 h3 h4 h5 h6 summary dt th legend caption")
LISTS = words("ul ol dl menu table")
ITEMS = words("li dt dd td th")
PARTED = words(
    """address article aside blockquote body button center details dialog dir div fieldset
    figcaption figure footer form header hgroup hr html main nav optgroup p pre section tbody tfoot
    thead tr"""
).union(HEADINGS, LISTS, ITEMS)
SKIPPED = words(
    """audio canvas embed form head iframe input noscript object script select style svg template
    textarea title video"""
)
BOLD = words("b strong")
TITLES = words(
    """elementor-tab-title elementor-toggle-title elementor-accordion-title elementor-heading-title
    e-n-tab-title e-n-accordion-item-title"""
)
DESKTOP_TITLE, MOBILE_TITLE = "elementor-tab-desktop-title", "elementor-tab-mobile-title"

_ODD_BLANK = r"\t\n\r\f\v\x1c-\x1f\x85\u2028\u2029"
UNTIDY_BLANKS = re.compile(rf"[{_ODD_BLANK}][ {_ODD_BLANK}]*| [ {_ODD_BLANK}]+")
"""What is not one space already."""
OUTER_BLANKS = " \u00a0\u202f\u2009\u200a\u2002\u2003\u3000"

_INVISIBLE = re.compile(f"[{INVISIBLE}]")
BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")


@dataclass(slots=True)
class _Open:
    """An element being read, with what its end must undo."""

    node: LexborNode
    name: str
    parted: bool
    heading: bool
    bold: bool
    outer_item: int | None
    first_block: int = 0
    title_of: str | None = None
    desktop_title: bool = False


class _Reader:
    """Walks an element without recursion and gathers its lines."""

    def __init__(self, chrome: Names, left_out: Container[int]) -> None:
        self.chrome = chrome
        self.left_out = left_out
        self.blocks: list[Block | None] = []
        self.runs: list[tuple[str, bool]] = []
        self.headings = self.bolds = self.preformatted = 0
        self.broken = False
        self.lists = self.list_number = self.item_number = 0
        self.item: int | None = None
        self.place: tuple[int, int | None] = (0, None)
        self.tables = 0
        self.grids: list[list[int]] = []
        self.titles: dict[str, list[range]] = {}
        self.desktop_titles: list[int] = []
        self.mobile_titles = False

    def read(self, element: LexborNode) -> tuple[Block, ...]:
        stack = [self.enter(element, element.tag or "", element.attributes)]
        node = element.first_child
        while stack:
            if node is None:
                left = stack.pop()
                self.leave(left)
                node = left.node.next if stack else None
                continue
            opened = self.take(node)
            if opened is None:
                node = node.next
            else:
                stack.append(opened)
                node = node.first_child
        self.end_line()
        if self.mobile_titles:
            for index in self.desktop_titles:
                self.blocks[index] = None
        return tuple(block for block in self.blocks if block is not None)

    def take(self, node: LexborNode) -> _Open | None:
        """Reads a node; what it opens if it is an element to be read."""
        name = node.tag or ""
        if name == "-text":
            self.runs.append((node.text_content or "", self.bolds > 0))
        elif name == "br":
            self.end_line(broken=True)
        elif node.is_element_node:
            if name not in SKIPPED and node.mem_id not in self.left_out:
                attributes = node.attributes
                if not self.chrome.name(name, attributes):
                    return self.enter(node, name, attributes)
            if name in PARTED:
                self.end_line()
        return None

    def enter(self, node: LexborNode, name: str, attributes: Mapping[str, str | None]) -> _Open:
        opened = _Open(node, name, name in PARTED, name in HEADINGS, name in BOLD, self.item)
        panel = self.read_attributes(opened, attributes) if attributes else None
        self.headings += opened.heading
        self.bolds += opened.bold
        if opened.parted:
            self.end_line()
            self.enter_list(name)
        if panel is not None and panel in self.titles:
            self.end_line()
            self.bring_title(panel)
        opened.first_block = len(self.blocks)
        return opened

    def read_attributes(self, opened: _Open, attributes: Mapping[str, str | None]) -> str | None:
        """Marks bold styles and titles; returns the element's id, which may be a panel's."""
        named = (attributes.get("class") or "").split()
        if attributes.get("role") in ("tab", "heading") or not TITLES.isdisjoint(named):
            opened.heading = opened.parted = True
            opened.title_of = attributes.get("aria-controls")
            opened.desktop_title = DESKTOP_TITLE in named
            self.mobile_titles |= MOBILE_TITLE in named
        style = attributes.get("style")
        if style and BOLD_STYLE.search(style):
            opened.bold = True
        return attributes.get("id")

    def enter_list(self, name: str) -> None:
        if name in LISTS:
            if not self.lists:
                self.list_number += 1
            self.lists += 1
            if name == "table":
                self.grids.append([self.tables, -1, -1])
                self.tables += 1
        elif name in ITEMS:
            self.item_number += 1
            self.item = self.item_number
            if name in ("td", "th") and self.grids:
                self.grids[-1][2] += 1
        elif name == "tr" and self.grids:
            self.grids[-1][1] += 1
            self.grids[-1][2] = -1
        elif name == "pre":
            self.preformatted += 1

    def leave(self, opened: _Open) -> None:
        if opened.parted:
            self.end_line()
        self.headings -= opened.heading
        self.bolds -= opened.bold
        self.item = opened.outer_item
        if opened.name in LISTS:
            self.lists -= 1
            if opened.name == "table":
                self.grids.pop()
        elif opened.name == "pre":
            self.preformatted -= 1
        own = range(opened.first_block, len(self.blocks))
        if opened.desktop_title:
            self.desktop_titles.extend(own)
        if opened.title_of is not None and own:
            self.titles.setdefault(opened.title_of, []).append(own)

    def bring_title(self, panel: str) -> None:
        """Leaves one copy of a panel's title, as the last block before the panel."""
        *earlier, latest = self.titles.pop(panel)
        title = [block for block in self.blocks[latest.start : latest.stop] if block is not None]
        if latest.stop < len(self.blocks):
            before = self.blocks[-1]
            earlier.append(latest)
            if not (before and title and before.text == title[-1].text):
                self.blocks.extend(replace(block, continues=False) for block in title)
        for place in earlier:
            for index in place:
                self.blocks[index] = None

    def end_line(self, *, broken: bool = False) -> None:
        """Turns the text gathered since the last boundary into a block, if there is any."""
        runs, self.runs = self.runs, []
        if self.preformatted:
            *lines, runs = _lines(runs)
            for line in lines:
                self.broken = self.emit(line)
        emitted = self.emit(runs)
        self.broken = emitted and broken

    def emit(self, runs: list[tuple[str, bool]]) -> bool:
        text = _squeezed("".join([run for run, _ in runs]))
        if not text:
            return False
        lead = _bold_lead(runs)
        place = (self.list_number, self.item) if self.lists else (0, None)
        self.blocks.append(
            Block(
                text,
                heading=self.headings > 0 or lead == text,
                bold_lead=lead,
                continues=self.broken
                or bool(place[0] and place[0] == self.place[0] and place[1] != self.place[1]),
                cell=self.cell(),
            )
        )
        self.place = place
        return True

    def cell(self) -> tuple[int, int, int] | None:
        if not self.grids:
            return None
        table, row, column = self.grids[-1]
        return (table, row, column) if row >= 0 and column >= 0 else None


def _squeezed(text: str) -> str:
    """Text as kept: NFC, one space for a run of blanks, "" when nothing of it can be seen."""
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    text = UNTIDY_BLANKS.sub(" ", text).strip(OUTER_BLANKS)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _bold_lead(runs: list[tuple[str, bool]]) -> str | None:
    lead = []
    for run, bold in runs:
        if not bold and run.strip(OUTER_BLANKS + INVISIBLE + "\n\t\r\f"):
            break
        lead.append(run)
    return _squeezed("".join(lead)) or None


def _lines(runs: list[tuple[str, bool]]) -> list[list[tuple[str, bool]]]:
    """The runs of preformatted text, line by line."""
    lines: list[list[tuple[str, bool]]] = [[]]
    for run, bold in runs:
        first, *others = run.split("\n")
        lines[-1].append((first, bold))
        lines.extend([(other, bold)] for other in others)
    return lines

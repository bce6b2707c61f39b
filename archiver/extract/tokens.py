"""A linear look at HTML's tags, for what would make a parser slow before it has parsed anything.

Tags are read as the HTML standard's tokenizer does (section 13.2.5). Formatting elements left open
are made anew in every paragraph that follows (section 13.2.4.3), so a few kilobytes can become
millions of elements; an end tag that the parser might not heed is taken not to be heeded.
"""

import re
from dataclasses import dataclass

MOST_ATTRIBUTES = 250
FORMATTING = frozenset(b"a b big code em font i nobr s small strike strong tt u".split())
LONE = frozenset((b"a", b"nobr"))
"""A second one of these closes the first."""
MARKERS = frozenset(b"applet caption marquee object td template th".split())
"""End tags inside these do not reach formatting elements outside."""

FORMATTING_TAG = re.compile(
    rb"<(?=[abcefinstu])(%b)[\s/>]" % b"|".join(sorted(FORMATTING)), re.IGNORECASE
)
WHOLE_FORMATTING_TAG = re.compile(
    rb"<(?=[abcefinstu])(?:%b)[\s/][^>]*" % b"|".join(sorted(FORMATTING)), re.IGNORECASE
)
"""With its attributes, as far as the first `>`."""
_PART = (
    rb"(?:[\s/]++|=?[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)"
    rb"|[^\s>\"'][^\s>]*+)?+)?+|=)"
)
_TOKEN = re.compile(
    rb"(?P<skipped><!--(?:-?>|.*?(?:--!?>|\Z))"
    rb"|<!\[CDATA\[.*?(?:\]\]>|\Z)"
    rb"|<(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)(?=[\s/>])%(part)b*+"
    rb".*?(?:</(?P=raw)(?=[\s/>])|\Z))"
    rb"|<(?P<end>/?)(?P<name>[a-z][^\s/>]*+)(?:(?P<crowd>%(part)b{%(most)d}+)|%(part)b*+)"
    % {b"part": _PART, b"most": 2 * MOST_ATTRIBUTES},
    re.IGNORECASE | re.DOTALL,
)


UNNESTED = frozenset(
    b"area base br col embed hr img input link meta param source track wbr"
    b" p li dt dd option optgroup tr td th thead tbody tfoot colgroup rp rt body html head".split()
)
"""Elements that have no content, or that end by themselves where another one begins."""


class Formatting:
    """The formatting elements that may be open at a place, each with the weight of its copy."""

    def __init__(self) -> None:
        self.frames: list[tuple[bytes, dict[bytes, list[int]]]] = [(b"", {})]
        self.weight = self.heaviest = 0

    def start(self, name: bytes, size: int) -> None:
        """A start tag of `size` bytes."""
        if name in MARKERS:
            self.frames.append((name, {}))
        elif name in FORMATTING:
            open_ = self.frames[-1][1].setdefault(name, [])
            if name in LONE and open_:
                self.weight -= open_.pop()
            open_.append(1 + size // 64)
            self.weight += open_[-1]
            self.heaviest = max(self.heaviest, self.weight)

    def end(self, name: bytes) -> None:
        """An end tag; that of a marker leaves what it held open, for it may be none."""
        marker, held = self.frames[-1]
        if name == marker:
            self.frames.pop()
            for inner, weights in held.items():
                self.frames[-1][1].setdefault(inner, []).extend(weights)
        elif held.get(name):
            self.weight -= held[name].pop()


class Depth:
    """How many elements may be open at a place."""

    def __init__(self) -> None:
        self.names: dict[bytes, int] = {}
        self.depth = self.deepest = 0

    def start(self, name: bytes) -> None:
        """A start tag."""
        if name not in UNNESTED and not (name in LONE and self.names.get(name)):
            self.names[name] = self.names.get(name, 0) + 1
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)

    def end(self, name: bytes) -> None:
        """An end tag; one without its start tag closes nothing."""
        if self.names.get(name):
            self.names[name] -= 1
            self.depth -= 1


@dataclass(frozen=True, slots=True)
class Weight:
    """`formatting`: how many formatting elements may be open at once, long ones counted more.
    `depth`: how many elements of any kind may be."""

    formatting: int
    depth: int


def weigh(body: bytes) -> Weight:
    """How heavy a page may become for a parser."""
    formatting, depth = Formatting(), Depth()
    for token in _TOKEN.finditer(body):
        if token["skipped"] is not None:
            for hidden in FORMATTING_TAG.finditer(token[0]):
                formatting.start(hidden[1].lower(), 0)
        elif token["end"]:
            name = token["name"].lower()
            formatting.end(name)
            depth.end(name)
        else:
            name = token["name"].lower()
            formatting.start(name, token.end() - token.start())
            depth.start(name)
    return Weight(formatting.heaviest, depth.deepest)


def has_crowded_tag(body: bytes) -> bool:
    """Whether a tag has more than `MOST_ATTRIBUTES` attributes (give or take a blank)."""
    return any(token["crowd"] is not None for token in _TOKEN.finditer(body))

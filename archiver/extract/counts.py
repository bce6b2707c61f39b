"""Comment counts, votes and mean rating as an article page states them.

Sources for comments, the first that states a number wins: wpDiscuz's attribute, its exact title,
its text unless abbreviated ("1.2K"); its bubble; the heading of the theme's own comment list;
JSON-LD. Votes and rating: wpDiscuz's box, else JSON-LD. What none states is None: wpDiscuz prints
nothing when comments are closed and there are none.
"""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.extract.decoding import line_of
from archiver.extract.facts import Counts
from archiver.extract.headers import whole_number
from archiver.extract.text import skeleton

LONGEST_PHRASE = 400
COMMENT_HEADINGS = (
    ".comments-title",
    ".title-comments",
    ".wp-block-comments-title",
    ".comments-heading",
    "#comments-title",
    "h1#comments",
    "h2#comments",
    "h3#comments",
)
_RATING, _BUBBLE = "wpd-post-rating", "wpd-bubble-all-comments-count"
_WPDISCUZ = f".wpd-thread-info,#{_RATING},#{_BUBBLE}"
_QUOTED = re.compile(r"\"[^\"]*\"?|«[^»]*»?|“[^”]*”?|‘[^’]*’")
_NUMBER = re.compile(
    r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+(?![\d.,])|(?<![\d.,])\d{1,9}(?![\d.,]*[\dkm])"
)
_ONE = re.compile(r"(?:une?|one)(?!\w)")
_NONE = re.compile(
    r"(?<!\w)(?:aucune?|pas de|no|0|zero|sans) (?:commentaires?|comments?|reponses?)(?!\w)"
)
_COUNTED = re.compile(
    r"comment|repons|respon|repl|reflexion|reaction|thought|avis|pensee|discussion"
)
_DECIMAL = re.compile(r"\d{1,3}(?:\.\d{1,3})?", re.ASCII)


def counts_of(tree: LexborHTMLParser, stated: Counts) -> Counts:
    """The counts of a page; `stated` are those of its JSON-LD."""
    comments, votes, rating = _wpdiscuz_counts(tree)
    if comments is None:
        comments = _heading_comments(tree)
    return Counts(
        stated.comments if comments is None else comments,
        stated.votes if votes is None else votes,
        stated.rating if votes is None and rating is None else rating,
    )


def count_in_words(phrase: str) -> int | None:
    """The number of comments in « 3 commentaires », « Une réponse à « … » », « Pas de
    commentaire »; None when the phrase does not state one."""
    text = _QUOTED.sub(" ", line_of(phrase[:LONGEST_PHRASE]))
    plain = skeleton(text).strip()
    if _NONE.search(plain):
        return 0
    if not _COUNTED.search(plain):
        return None
    numbers = _NUMBER.findall(plain)
    if len(numbers) == 1:
        return int(re.sub(r"\D", "", numbers[0]))
    return 1 if not numbers and _ONE.match(plain) else None


def _wpdiscuz_counts(tree: LexborHTMLParser) -> tuple[int | None, int | None, float | None]:
    """wpDiscuz's comments, votes and rating, from the first of each of its boxes."""
    info = bubble = box = None
    for node in tree.css(_WPDISCUZ):
        if node.id == _RATING:
            box = box or node
        elif node.id == _BUBBLE:
            bubble = bubble or node
        else:
            info = info or node
    comments = _thread_comments(info) if info is not None else None
    if comments is None and bubble is not None:
        comments = _titled_number(bubble)
    return comments, *_rating(box)


def _thread_comments(info: LexborNode) -> int | None:
    exact = whole_number(info.attributes.get("data-comments-count"))
    shown = info.css_first(".wpdtc") if exact is None else None
    return _titled_number(shown) if shown is not None else exact


def _titled_number(node: LexborNode) -> int | None:
    exact = whole_number(node.attributes.get("title"))
    return whole_number(node.text()) if exact is None else exact


def _heading_comments(tree: LexborHTMLParser) -> int | None:
    if tree.css_first("#comments,.comments-area,.wp-block-comments") is None:
        return None
    for selector in COMMENT_HEADINGS:
        node = tree.css_first(selector)
        if node is not None:
            return count_in_words(node.text())
    return None


def _rating(box: LexborNode | None) -> tuple[int | None, float | None]:
    if box is None:
        return None, None
    value, votes = box.css_first(".wpdrv"), box.css_first(".wpdrc")
    shown = line_of(value.text()) if value is not None else ""
    return (
        whole_number(votes.text()) if votes is not None else None,
        float(shown) if _DECIMAL.fullmatch(shown) else None,
    )

"""What a reader types in the search box, read into clauses; never an error.

Grammar: words (all must be there), "exact phrases" or « phrases », `-word` or `SAUF word`,
`word OU word`, `wor*`, and `field:value` for the fields below, with the spaces that French puts
around a colon where the field is no word of titles. What is not understood is words.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from archiver.publish.site.search.lexicon import EMPTY_WORDS
from archiver.publish.site.search.words import fold, last_spelt, words

Column = Literal["title", "question", "answer", "addressee"]

_COLUMNS: dict[str, Column] = {
    "titre": "title",
    "question": "question",
    "reponse": "answer",
    "ministre": "addressee",
    "destinataire": "addressee",
}
_FIELDS = {
    "statut": "statut",
    "annee": "annee",
    "mois": "mois",
    "depuis": "du",
    "jusque": "au",
    "type": "type",
    "legislature": "legislature",
    "genre": "genre",
    "langue": "langue",
    "categorie": "categorie",
    "site": "site",
}
_PIECE = re.compile(
    r"""(?P<sign>[-−](?=[^\s-]))?
        (?:(?P<field>[^\W\d_]+):(?=\S)
          | (?P<spaced>statut|ann[eé]e|depuis|jusque|ministre|destinataire|genre|langue)
            \s?:\s+(?=\S))?
        (?: "(?P<quoted>[^"]*)(?:"|$)
          | [“„«]\s*(?P<curly>[^”“»]*)(?:[”“»]|$)
          | (?P<bare>[^\s"“”«»]+) )""",
    re.VERBOSE | re.IGNORECASE,
)
LONGEST = 500
MOST_CLAUSES = 24


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to find: folded words in a row. `exact` takes them as they are, `prefix` takes the
    last one as a beginning, `column` looks only there; `spelt` is the last one with its accents."""

    words: tuple[str, ...]
    exact: bool = False
    prefix: bool = False
    column: Column | None = None
    spelt: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Typed:
    """A read query: every clause must hold, one of its terms is enough; no term of `without` may
    hold. `fields` are the (name, value) filters typed in it."""

    clauses: tuple[tuple[Term, ...], ...] = ()
    without: tuple[Term, ...] = ()
    fields: tuple[tuple[str, str], ...] = field(default=())

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms that should be found, for highlighting."""
        return tuple(term for clause in self.clauses for term in clause)


def read_typed(text: str) -> Typed:
    """Read a query; text beyond 500 characters or 24 clauses is left out."""
    clauses: list[tuple[Term, ...]] = []
    without: list[Term] = []
    fields: list[tuple[str, str]] = []
    exclude = alternative = False
    for piece in _PIECE.finditer(text[:LONGEST]):
        bare = piece["bare"]
        if bare in {"OU", "OR"} and not piece["sign"]:
            alternative = bool(clauses)
            continue
        if bare in {"SAUF", "NOT"} and not piece["sign"]:
            exclude = True
            continue
        if bare in {"ET", "AND"} and not piece["sign"]:
            continue
        name = fold(piece["field"] or piece["spaced"] or "")
        value = next(v for v in (piece["quoted"], piece["curly"], bare) if v is not None)
        if name in _FIELDS:
            fields.append((_FIELDS[name], value))
            continue
        term = _term(value, name, quoted=bare is None, spelt=piece["field"])
        if term is None:
            continue
        if exclude or piece["sign"]:
            without.append(term)
        elif alternative:
            clauses[-1] = (*clauses[-1], term)
        else:
            clauses.append((term,))
        exclude = alternative = False
    return Typed(
        _without_empty_words(clauses)[:MOST_CLAUSES], tuple(without[:MOST_CLAUSES]), tuple(fields)
    )


def _term(value: str, name: str, *, quoted: bool, spelt: str | None) -> Term | None:
    """A term of folded words, or None when nothing in it can be searched."""
    column = _COLUMNS.get(name)
    if spelt and column is None:
        value = f"{spelt} {value}"
    exact = quoted and column is None
    found = words(value, elided=exact)
    if not found:
        return None
    prefix = value.rstrip().endswith("*")
    return Term(found, exact, prefix, column, spelt=last_spelt(value))


def _without_empty_words(clauses: list[tuple[Term, ...]]) -> tuple[tuple[Term, ...], ...]:
    """Drop clauses of one empty word, unless nothing else is asked."""
    telling = tuple(
        clause
        for clause in clauses
        if len(clause) > 1
        or clause[0].exact
        or clause[0].prefix
        or not set(clause[0].words) <= EMPTY_WORDS
    )
    return telling or tuple(clauses)

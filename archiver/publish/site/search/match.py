"""FTS5 expressions for what was typed (https://sqlite.org/fts5.html#full_text_query_syntax).

Every word is quoted, so that nothing typed can be FTS5 syntax; an expression is bound as a
parameter, so that nothing can be SQL.
"""

from itertools import product

from archiver.publish.site.search.forms import forms, numbers, roots, wide_forms
from archiver.publish.site.search.typed import Term, Typed, read_typed
from archiver.publish.site.search.words import spellings

# A word no text holds: the expression that finds nothing and is no error.
NOTHING = '"zzzzrienzzzz"'


def expression(term: Term, *, wide: bool = False) -> str:
    """One term as an FTS5 expression, without its column."""
    written = " ".join(term.words)
    if term.exact:
        return _any_of([_phrase(spelling) for spelling in sorted(spellings(written))])
    if term.prefix:
        return _any_of([f"{_phrase(spelling)} *" for spelling in sorted(spellings(written))])
    *before, last = term.words
    found = (wide_forms if wide else forms)(last, term.spelt)
    variants = [
        _phrase(f"{row} {form}".strip()) for row, form in product(_rows(before), sorted(found))
    ]
    if wide and not before:
        variants += [f"{_phrase(root)} *" for root in sorted(roots(last))]
    return _any_of(variants)


def _rows(before: list[str]) -> list[str]:
    """The first words of a compound as they may stand before its last one: as they are, or all in
    the singular or all in the plural (« sages-femmes » finds « sage-femme »)."""
    pairs = [sorted(numbers(word), key=len) for word in before]
    rows = (before, [pair[0] for pair in pairs], [pair[-1] for pair in pairs])
    return sorted({spelling for row in rows for spelling in spellings(" ".join(row))})


def everything(typed: Typed, *, wide: bool = False) -> str | None:
    """The expression on `articles_fts` that all clauses about an article must meet; None when none
    is about it."""
    clauses = [
        _any(clause, wide=wide)
        for clause in typed.clauses
        if not any(term.column not in {None, "title"} for term in clause)
    ]
    return " AND ".join(clauses) if clauses else None


def on_questions(typed: Typed, *, wide: bool = False) -> str | None:
    """The expression on `questions_fts` of the clauses that name one of its columns."""
    clauses = [
        _any(tuple(t for t in clause if t.column not in {None, "title"}), wide=wide)
        for clause in typed.clauses
        if any(term.column not in {None, "title"} for term in clause)
    ]
    return " AND ".join(clauses) if clauses else None


def any_term(terms: tuple[Term, ...], *, wide: bool = False) -> str | None:
    """The expression that holds where any of the terms does, whatever its column; for extracts."""
    parts = [expression(term, wide=wide) for term in terms]
    return " OR ".join(parts) if parts else None


def table_search(text: str) -> str:
    """What Datasette's own table search asks FTS5 for `text`: the same words and forms, in any
    column of that table."""
    typed = read_typed(text)
    clauses = [f"({' OR '.join(expression(term) for term in clause)})" for clause in typed.clauses]
    if not clauses:
        return NOTHING
    asked = " AND ".join(clauses)
    if typed.without:
        asked = f"({asked}) NOT ({' OR '.join(expression(term) for term in typed.without)})"
    return asked


def _any(clause: tuple[Term, ...], *, wide: bool) -> str:
    parts = [
        f"{term.column} : {expression(term, wide=wide)}"
        if term.column
        else expression(term, wide=wide)
        for term in clause
    ]
    return f"({' OR '.join(parts)})"


def _any_of(variants: list[str]) -> str:
    return f"({' OR '.join(variants)})" if len(variants) > 1 else variants[0]


def _phrase(found: str) -> str:
    return f'"{found}"'

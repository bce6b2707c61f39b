"""Texts to search, searches on them, and which texts are right for each.

The rule is written in queries.toml and knows nothing of the search's own code: it compares written
words with written words.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Text:
    """One text of the corpus; an empty answer has not come, an empty addressee is news."""

    title: str
    addressee: str
    day: str
    question: str
    answer: str

    def part(self, name: str) -> str:
        """The part of that name; without a name all that a search without fields reads."""
        return str(getattr(self, name)) if name else f"{self.title}\n{self.question}\n{self.answer}"


@dataclass(frozen=True, slots=True)
class Query:
    """What is typed, its class, and what makes a text right; see queries.toml."""

    text: str
    kind: str
    all: tuple[frozenset[str], ...]
    phrases: tuple[str, ...]
    none: frozenset[str]
    part: str
    where: Mapping[str, Any]

    def is_right(self, text: Text) -> bool:
        """Whether a text should be found."""
        part = text.part(self.part)
        words = set(_WORD.findall(part.lower()))
        return (
            all(words & forms for forms in self.all)
            and all(phrase in part for phrase in self.phrases)
            and not words & self.none
            and self._holds(text)
        )

    def _holds(self, text: Text) -> bool:
        answered = self.where.get("answered", bool(text.answer))
        return (
            self.where.get("addressee", "") in text.addressee
            and text.day.startswith(self.where.get("year", ""))
            and answered == bool(text.answer)
            and (bool(text.addressee) or "answered" not in self.where)
        )


def corpus() -> tuple[Text, ...]:
    """The texts, in their order."""
    return tuple(Text(*fields) for fields in _read("corpus.toml")["documents"])


def queries() -> tuple[Query, ...]:
    """The searches, class by class."""
    return tuple(
        Query(
            text=text,
            kind=kind,
            all=tuple(frozenset(line.split()) for line in said.get("all", ())),
            phrases=tuple(said.get("phrases", ())),
            none=frozenset(said.get("none", "").split()),
            part=said.get("in", ""),
            where=said.get("where", {}),
        )
        for kind, searches in _read("queries.toml").items()
        for text, said in searches.items()
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))

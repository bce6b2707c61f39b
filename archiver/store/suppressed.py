"""The suppression list: `suppressed.toml` beside the database, what is not to be given out.

The archive itself keeps everything; publications and exports leave out what an entry names. Each
entry says who asked for it to be made, when and why.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from archiver.errors import BadInput

FILE = "suppressed.toml"

Kind = Literal["article", "capture", "person"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SHORTEST_NAME = 4
"""Letters and digits of a person's name; shorter ones are in every page."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """One entry. `target` is the URL of an article, the record ID or the URL of a capture, or the
    name of a person under whose name comments stand."""

    kind: Kind
    target: str
    by: str
    why: str
    on: str


def read_suppressions(path: Path) -> tuple[Suppression, ...]:
    """The entries of a file, in order; none when there is no file.

    Raises BadInput with one sentence that names the entry and what is wrong with it.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path} cannot be read ({error}): correct it before giving out.") from error
    entries = content.get("suppress", [])
    if set(content) - {"suppress"} or not (
        isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)
    ):
        raise BadInput(f"{path} holds more than [[suppress]] entries: remove what is not one.")
    found = []
    for number, entry in enumerate(entries, 1):
        try:
            found.append(_suppression(entry))
        except ValueError as error:
            raise BadInput(f"{path}, entry {number}: {error}.") from error
    return tuple(found)


def _suppression(entry: dict[str, Any]) -> Suppression:
    named = [kind for kind in KINDS if kind in entry]
    unknown = entry.keys() - {*KINDS, "by", "why", "on"}
    if unknown:
        raise ValueError(f"unknown key {min(unknown)!r}")
    if len(named) != 1:
        raise ValueError(f"it must name one of {', '.join(map(repr, KINDS))}")
    (kind,) = named
    for name in (kind, "by", "why"):
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            raise ValueError(f"{name!r} must be a text")
    target = entry[kind].strip()
    if kind == "article" and not target.startswith(("http://", "https://")):
        raise ValueError("'article' must be the address of an article")
    if kind == "person" and sum(map(str.isalnum, target)) < SHORTEST_NAME:
        raise ValueError("'person' is too short to tell one person's comments from other words")
    on = entry.get("on")
    if type(on) is not date:
        raise ValueError("'on' must be a day such as 2024-01-31")
    return Suppression(kind, target, entry["by"].strip(), entry["why"].strip(), on.isoformat())

"""What the suppression list takes out of publications and exports, and the log of each time it did.

Two measures. *Removed*: the captures of a named article, or those named, with the same content, are
as if they had never been made, and the tables follow from the others. *Withheld*: another page that
repeats the article's words, lists its address for programs, or shows a named person's comment,
keeps its rows, and its bytes stay with the archive.
"""

import json
import os
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from archiver import instants
from archiver.errors import ArchiverError, BadInput
from archiver.folder import DataFolder
from archiver.store import withdrawal
from archiver.store.suppressed import FILE, Suppression, read_suppressions
from archiver.warc.files import resolve, storage_errors
from archiver.warc.wording import letters, saying

LOG = "suppressed.log"
SHORTEST, OPENING, LONGEST, STEP = 30, 80, 320, 20
"""Letters and digits of the beginning of a text by which a copy of it is known: 80, or more where
other articles begin alike (« Mme X interroge M. le ministre de… »), up to what extracts have. Texts
with fewer than 30, and those that other articles have too, are not looked for."""
_IN_LISTS = (
    " AND (content_type IS NULL OR content_type LIKE '%json%' OR content_type LIKE 'text/plain%'"
    " OR content_type LIKE '%xml%' AND content_type NOT LIKE '%html%')"
)
"""Where an article's address is looked for: feeds, sitemaps and REST, which list it and comments on
it; a page that links to it shows its title at most."""


@dataclass(frozen=True, slots=True)
class Measures:
    """The record IDs that are not given out, and what each entry of the list came to."""

    removed: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    entries: tuple[tuple[Suppression, int], ...] = ()

    @property
    def kept_back(self) -> frozenset[str]:
        """The records whose bytes stay with the archive."""
        return self.removed | self.withheld


def measures_of(folder: DataFolder, connection: sqlite3.Connection) -> Measures:
    """What the list in `folder` takes out of the archive that `connection` reads.

    Raises BadInput when the list cannot be read, and for an entry that takes nothing out: a slip in
    an address must not let out what someone asked to keep back.
    """
    entries = read_suppressions(folder.root / FILE)
    if not entries:
        return Measures()
    removed, words, addresses = _removed(connection, entries)
    said = _said(folder.warcs, connection, words)
    listed = _said(folder.warcs, connection, addresses, _IN_LISTS)
    counted = []
    withheld: set[str] = set()
    for number, entry in enumerate(entries):
        found = said[str(number)] | listed[str(number)]
        found |= withdrawal.with_same_content(connection, found)
        withheld |= found
        taken = removed[number] | found
        if not taken:
            raise BadInput(
                f"{folder.root / FILE}: {entry.kind} {entry.target!r} takes nothing out: correct "
                "it, or remove the entry."
            )
        counted.append((entry, len(taken)))
    gone = frozenset().union(*removed)
    return Measures(gone, frozenset(withheld) - gone, tuple(counted))


def _removed(
    connection: sqlite3.Connection, entries: Sequence[Suppression]
) -> tuple[list[frozenset[str]], dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """(by entry, the records it removes; by the entry's number, the words that copies have; by the
    entry's number, the addresses that lists have)"""
    removed: list[frozenset[str]] = []
    words: dict[str, tuple[str, ...]] = {}
    addresses: dict[str, tuple[str, ...]] = {}
    for number, entry in enumerate(entries):
        words[str(number)] = addresses[str(number)] = ()
        if entry.kind == "person":
            words[str(number)] = (letters(entry.target),)
            removed.append(frozenset())
        elif entry.kind == "capture":
            removed.append(withdrawal.captures_named(connection, entry.target))
        else:
            found = withdrawal.captures_of_article(connection, entry.target)
            removed.append(found.records | _below(connection, found.urls))
            others = withdrawal.texts_but(connection, removed[-1])
            words[str(number)] = _openings(found.texts, others)
            addresses[str(number)] = _addresses(found.urls)
    return removed, words, addresses


def _openings(texts: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """The beginnings of texts by which they are told from the texts of all other articles."""
    wanted = {said for said in map(letters, texts) if len(said) >= SHORTEST}
    lengths = dict.fromkeys(wanted, OPENING)
    for other in map(letters, others):
        for said in wanted:
            while lengths[said] <= LONGEST and other.startswith(said[: lengths[said]]):
                lengths[said] += STEP
    return tuple({said[:length] for said, length in lengths.items() if length <= LONGEST})


def _addresses(urls: Iterable[str]) -> tuple[str, ...]:
    """The letters of an article's addresses, as they are written and as they are read; those by a
    number (`?p=21`) only where it has no other, since `?p=217` begins alike."""
    parts = {urlsplit(url) for url in urls}
    named = {part for part in parts if part.path.strip("/")}
    named = named or {part for part in parts if part.query}
    addresses = {f"{part.netloc.removeprefix('www.')}{part.path}?{part.query}" for part in named}
    return tuple({letters(text) for address in addresses for text in (address, unquote(address))})


def _below(connection: sqlite3.Connection, urls: Iterable[str]) -> frozenset[str]:
    """Captures that are no article's and whose address has one of these in it: an article's own
    feed, its pages of comments, what embeds it."""
    named = [re.compile(f"{re.escape(path)}(?:[/?#&]|$)") for path in set(map(_path, urls)) if path]
    rows = connection.execute(
        "SELECT record_id, url FROM captures LEFT JOIN observations ON capture_id = id"
        " WHERE article_id IS NULL"
    ).fetchall()
    return frozenset(
        record_id
        for record_id, url in rows
        if any(path.search(unquote(url).lower()) for path in named)
    )


def _path(url: str) -> str:
    """The host and the path of an address; empty for a home page, which other pages have in
    theirs."""
    parts = urlsplit(url)
    path = unquote(parts.path).strip("/").lower()
    return f"{parts.netloc.lower().removeprefix('www.')}/{path}" if path else ""


def _said(
    warcs: Path,
    connection: sqlite3.Connection,
    words: Mapping[str, Sequence[str]],
    among: str = "",
) -> dict[str, set[str]]:
    """By the entry's number, the records whose content has one of its words; `among` narrows the
    captures that are read."""
    found: dict[str, set[str]] = {number: set() for number in words}
    wanted = {f"{number} {w}": w for number, several in words.items() for w in several}
    if not wanted:
        return found
    places: dict[str, list[tuple[str, int, int]]] = {}
    for name, record_id, offset, length in connection.execute(
        "SELECT warc_file, record_id, warc_offset, warc_length FROM captures"
        f" WHERE revisit_of IS NULL{among} ORDER BY warc_file, warc_offset"
    ).fetchall():
        places.setdefault(name, []).append((record_id, offset, length))
    for name, where in places.items():
        try:
            path = resolve(warcs, name)
        except ArchiverError:
            continue  # a missing file gives nothing out
        for key, records in saying(path, where, wanted).items():
            found[key.partition(" ")[0]] |= records
    return found


def log(folder: DataFolder, measures: Measures, given_out: str) -> None:
    """Note that `given_out` (a command and its target) left out what the list names; without a list
    nothing is noted, nor where nothing can be written."""
    if not measures.entries or folder.is_read_only:
        return
    line = {
        "at": instants.now(),
        "given_out": given_out,
        "removed": len(measures.removed),
        "withheld": len(measures.withheld),
        "entries": [{**asdict(entry), "captures": n} for entry, n in measures.entries],
    }
    path = folder.root / LOG
    with storage_errors(path), path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())

"""How the tests read what the site gives away: every format of a list, as one shape."""

import csv
import io
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from datasette.app import Datasette

ATOM = "{http://www.w3.org/2005/Atom}"
Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """An Atom entry: its ID, the path it leads to, and the word of its category."""

    id: str
    path: str
    category: str


async def got(site: Datasette, path: str, **headers: str) -> Any:
    """The answer at a path or an absolute address, which must be good."""
    answer = await site.client.get(path.removeprefix("http://localhost"), headers=headers)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return answer


async def as_json(site: Datasette, path: str) -> dict[str, Any]:
    """The JSON of a list."""
    document: dict[str, Any] = (await got(site, path)).json()
    return document


async def as_rows(site: Datasette, list_path: str, query: str) -> dict[str, Rows]:
    """The rows of a list in each kind of table, every value as CSV writes it."""
    texts = {
        kind: (await got(site, f"{list_path}.{kind}?{query}")).text
        for kind in ("csv", "excel.csv", "json", "ndjson")
    }
    assert texts["excel.csv"].startswith("\ufeff")
    objects = {
        "json": json.loads(texts["json"])["lignes"],
        "ndjson": [json.loads(line) for line in texts["ndjson"].splitlines()],
    }
    tables = {
        "csv": csv.DictReader(io.StringIO(texts["csv"], newline="")),
        "excel.csv": csv.DictReader(io.StringIO(texts["excel.csv"][1:], newline=""), delimiter=";"),
    }
    return {
        **{kind: list(table) for kind, table in tables.items()},
        **{
            kind: [{k: "" if v is None else str(v) for k, v in row.items()} for row in rows]
            for kind, rows in objects.items()
        },
    }


def feed_of(text: str) -> ET.Element:
    """The root of a feed."""
    root = ET.fromstring(text)
    assert root.tag == f"{ATOM}feed"
    return root


def link_of(element: ET.Element, relation: str) -> str | None:
    """The address of an Atom link."""
    found = [link for link in element.findall(f"{ATOM}link") if link.get("rel") == relation]
    assert len(found) < 2
    return found[0].get("href") if found else None


async def entries(site: Datasette, path: str) -> list[Entry]:
    """The entries of a feed, all its pages followed."""
    found: list[Entry] = []
    following: str | None = path
    while following:
        root = feed_of((await got(site, following)).text)
        for item in root.findall(f"{ATOM}entry"):
            category = item.find(f"{ATOM}category")
            assert category is not None
            found.append(
                Entry(
                    item.findtext(f"{ATOM}id") or "",
                    urlsplit(link_of(item, "alternate") or "").path,
                    category.get("term") or "",
                )
            )
        following = link_of(root, "next")
    return found

"""The guide for journalists names every page of the site, and each of its searches finds."""

import re
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from datasette.app import Datasette

from archiver.publish.site.environment import SECTIONS
from tests.publish.browsing import look, numbers

GUIDE = (Path(__file__).parents[2] / "docs" / "journalistes.md").read_text(encoding="utf-8")


def table_below(heading: str) -> list[str]:
    """The rows of the first table below a heading."""
    part = GUIDE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [line for line in part.splitlines() if line.startswith("|")][2:]


def test_every_section_is_named_with_its_address() -> None:
    rows = [row.strip("| ").split(" | ") for row in table_below("Le site, page par page")]
    assert [(address.strip("`"), name) for name, address, _ in rows] == list(SECTIONS)


@pytest.mark.asyncio
@pytest.mark.parametrize("path", [address for address, _ in SECTIONS])
async def test_every_section_is_a_page(site: Datasette, path: str) -> None:
    await look(site, path)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "text", re.findall("`([^`]+)`", " ".join(table_below("Écrire une recherche")))
)
async def test_every_search_is_understood(site: Datasette, text: str) -> None:
    soup = await look(site, f"/recherche?q={quote_plus(text)}")
    everything = await look(site, "/recherche")
    shown, whole = (page.select_one(".total strong") for page in (soup, everything))
    assert shown is not None
    assert whole is not None
    assert numbers(shown.get_text()) < numbers(whole.get_text())

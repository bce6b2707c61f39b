"""What the journalists' document says can be taken away can be: every address in it answers."""

import re
from pathlib import Path

import pytest
from datasette.app import Datasette

from archiver.publish.site.out import feeds, links, views
from archiver.publish.site.tabular import KINDS, LONGEST_CELL
from tests.publish import sample
from tests.publish.taken import got

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "journalistes.md"
SECTION = DOCUMENT.read_text(encoding="utf-8").partition("## Emporter les données")[2]
SECTION = SECTION.partition("\n## ")[0]
ADDRESSES = sorted(set(re.findall(r"`(/[^`\s]+)`", SECTION)))


@pytest.mark.asyncio
@pytest.mark.parametrize("written", ADDRESSES)
async def test_an_address_of_the_document_answers(site: Datasette, written: str) -> None:
    path = written.replace("<site>", sample.SITE).replace("<article>", "1242")
    answer = await site.client.get(path, follow_redirects=True)
    assert answer.status_code == 200
    if path.endswith(".csv"):
        for kind in KINDS:
            await got(site, f"{path.removesuffix('.csv')}.{kind}")


def test_the_document_tells_formats_and_bounds() -> None:
    assert len(ADDRESSES) > 12
    for kind in KINDS:
        assert f"`.{kind}`" in SECTION
    told = {int(number.replace(" ", "")) for number in re.findall(r"\d[\d ]*\d", SECTION)}
    bounds = {links.MOST_ARTICLES, links.MOST_CHANGES, links.MOST_COMMENTED, links.MOST_QUESTIONS}
    assert bounds | {feeds.ENTRIES, views.MOST_DUE, LONGEST_CELL} <= told


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path", ["/recherche", "/questions", "/changements", "/ministres", "/commentaires"]
)
async def test_every_feed_of_the_document_answers(site: Datasette, path: str) -> None:
    assert f"`{path}" in SECTION
    await got(site, f"{path}.atom")

"""The site map and robots.txt: every article once, in files that are not too long."""

import re
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from datasette.app import Datasette

from archiver.publish.site.out import sitemap
from tests.publish import sample
from tests.publish.taken import as_json, got

SPACE = f"{{{sitemap.NAMESPACE}}}"


async def addresses(site: Datasette, path: str) -> list[str]:
    """The addresses of a map, those of the files that it leads to included."""
    answer = await got(site, path)
    root = ET.fromstring(answer.text)
    found = [item.text or "" for item in root.iter(f"{SPACE}loc")]
    assert len(found) <= sitemap.MOST
    for item in root.iter(f"{SPACE}lastmod"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", item.text or "")
    if root.tag == f"{SPACE}urlset":
        return found
    assert root.tag == f"{SPACE}sitemapindex"
    return [address for part in found for address in await addresses(site, part)]


def test_a_file_holds_what_the_protocol_allows() -> None:
    assert sitemap.MOST == 50_000


@pytest.mark.asyncio
@pytest.mark.parametrize("most", [sitemap.MOST, 167, 166, 83, 50])
async def test_every_article_is_in_the_map_once(
    site: Datasette, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(sitemap, "MOST", most)
    found = await addresses(site, "/sitemap.xml")
    rows = (await as_json(site, "/recherche.json"))["lignes"]
    own = [f"http://localhost{path}" for path in sitemap.OWN_PAGES]
    assert sorted(found) == sorted([*own, *(row["page"] for row in rows)])
    for address in own:
        await got(site, address)


@pytest.mark.asyncio
async def test_a_part_that_is_not_there_is_absent(site: Datasette) -> None:
    for path in ("/sitemap-2.xml", "/sitemap-0.xml", "/sitemap-9999.xml", "/sitemap-x.xml"):
        assert (await site.client.get(path)).status_code == 404


@pytest.mark.asyncio
async def test_robots_are_told_what_to_leave_and_where_the_map_is(site: Datasette) -> None:
    lines = (await got(site, "/robots.txt")).text.splitlines()
    assert lines[0] == "User-agent: *"
    left = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")]
    (address,) = [line.removeprefix("Sitemap: ") for line in lines if line.startswith("Sitemap: ")]
    for mapped in await addresses(site, address):
        path = urlsplit(mapped).path
        assert not [prefix for prefix in left if path.startswith(prefix)], path
    for path in ("/recherche?q=x", "/archive/articles?_facet=lang", "/questions.csv"):
        assert [prefix for prefix in left if path.startswith(prefix)], path


@pytest.mark.asyncio
async def test_the_map_says_when_an_article_last_changed(site: Datasette) -> None:
    root = ET.fromstring((await got(site, "/sitemap.xml")).text)
    told = {
        item.findtext(f"{SPACE}loc"): item.findtext(f"{SPACE}lastmod")
        for item in root.iter(f"{SPACE}url")
    }
    path = f"/article/{sample.SITE}/1242"
    changes = (await as_json(site, f"{path}.json"))["changements"]
    assert len(changes) > 1
    assert told[f"http://localhost{path}"] == max(change["vu_le"] for change in changes)

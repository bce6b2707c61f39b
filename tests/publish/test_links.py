"""Every link that starts from the home page leads to a page, and every page is harmless."""

from collections import deque
from urllib.parse import urldefrag

import pytest
from bs4 import BeautifulSoup
from datasette.app import Datasette

from tests.publish.browsing import assert_harmless, look

MOST_PAGES = 250
_STARTS = ("/", "/recherche?q=hostilit%C3%A9", "/article/claire-vasseur.example/666")


@pytest.mark.asyncio
async def test_no_link_is_dead(site: Datasette) -> None:
    waiting, seen = deque(_STARTS), set(_STARTS)
    kinds: dict[str, int] = {}
    visited = 0
    while waiting and visited < MOST_PAGES:
        path = waiting.popleft()
        kind = path.split("?")[0].split("/")[1].partition(".")[0]
        if kinds.setdefault(kind, 0) >= 30:
            continue
        kinds[kind] += 1
        visited += 1
        response = await site.client.get(path)
        assert response.status_code == 200, path
        if not response.headers["content-type"].startswith("text/html") or kind == "archive":
            continue
        soup = BeautifulSoup(response.text, "lxml")
        assert_harmless(soup)
        for element in soup.select("a[href], link[href], script[src]"):
            address = urldefrag(str(element.get("href") or element.get("src"))).url
            address = address.removeprefix("http://localhost")
            if address.startswith("/") and address not in seen:
                seen.add(address)
                waiting.append(address)
        fragments = {str(a["href"])[1:] for a in soup.select("a[href^='#']")}
        assert fragments <= {str(element["id"]) for element in soup.select("[id]")}
    assert {"", "recherche", "article", "revisions", "ministres", "commentaires", "citer"} <= set(
        kinds
    )


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["/nulle-part", "/a/b/c/d", "/recherche/x", "/favicon.png"])
async def test_an_address_without_a_page_says_so(site: Datasette, path: str) -> None:
    soup = await look(site, path, status=404)
    assert "Introuvable" in soup.get_text()


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["/archive/nulle", "/archive/nulle.json", "/-/nulle", "/a/b.json"])
async def test_a_missing_table_is_a_plain_404(site: Datasette, path: str) -> None:
    assert (await site.client.get(path)).status_code == 404

"""How the tests look at a page: its soup, its numbers, and that nothing hostile is alive in it."""

import re

from bs4 import BeautifulSoup
from datasette.app import Datasette


async def look(site: Datasette, path: str, status: int = 200) -> BeautifulSoup:
    """The page at a path, which must be one of ours and harmless."""
    response = await site.client.get(path)
    assert response.status_code == status, f"{path}: {response.status_code}"
    policy = response.headers["content-security-policy"]
    assert "unsafe" not in policy
    soup = BeautifulSoup(response.text, "lxml")
    assert_harmless(soup)
    return soup


def assert_harmless(soup: BeautifulSoup) -> None:
    """No event attribute, no script of a page's own, no address that is one, no inline style."""
    for element in soup.find_all(True):
        assert not [name for name in element.attrs if name.startswith("on")], element
        assert "style" not in element.attrs, element
        for name in ("href", "src", "action"):
            assert not str(element.get(name, "")).lower().startswith(("javascript:", "data:"))
    for script in soup.find_all("script"):
        assert script.get("src") or script.get("type") == "application/ld+json"
    assert not soup.find_all("style")


def numbers(text: str) -> list[int]:
    """The whole numbers in a text, thin spaces within them removed."""
    return [int(n) for n in re.findall(r"\d+", re.sub(r"(?<=\d)[\u202f\u00a0](?=\d{3})", "", text))]

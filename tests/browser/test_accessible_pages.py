"""What axe-core finds on every page of the reading site, the tables included, in both colour
schemes and at both widths: nothing. Every chart has its table.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Served

pytestmark = pytest.mark.browser
EVERY_PAGE = (
    "/",
    "/recherche",
    "/recherche?q=soins&elargir=1",
    "/recherche?q=introuvable",
    "/recherche?q=%22)+OR&annee=x&page=-1",
    "/recherche?statut=en-retard&tri=ancien",
    "/article/{site}/{edited}",
    "/article/{site}/{several}?q=train",
    "/article/{site}/{gone}",
    "/revisions/{site}/{edited}",
    "/revisions/{site}/{several}",
    "/preuve/{record}",
    "/preuve/{record}/verifier",
    "/changements",
    "/ministres?annee=2020&tri=attente",
    "/ministres?du=2019-03&au=2022",
    "/commentaires",
    "/lot",
    "/lot?termes=soins%0Atrain%0A!!!",
    "/etat",
    "/aucune-page",
    "/archive",
    "/archive?_show_hidden=1",
    "/archive/articles",
    "/archive/questions?_search=soins&status=pending&_facet=number",
    "/archive/captures",
    "/archive/comment_counts",
    "/archive/corrections",
    "/archive/articles/1",
    "/archive/captures/1",
    "/archive/questions_sans_reponse",
    "/archive?sql=select+:x+as+x&x=1",
    "/archive?sql=select+rien",
    "/archive/articles?_sort=rien",
)
OF_KIND = (
    "select post_id from articles join events on article_id = articles.id where events.kind = ?"
)


@pytest.fixture(scope="session")
def names(demo: Path) -> dict[str, str]:
    """What the addresses of EVERY_PAGE name."""
    with closing(sqlite3.connect(demo / "archive.db")) as db:
        found = {
            "site": db.execute("select id from sites").fetchone()[0],
            "edited": db.execute(OF_KIND, ("edited",)).fetchone()[0],
            "gone": db.execute(OF_KIND, ("gone",)).fetchone()[0],
            "several": db.execute(
                "select post_id from articles join questions on article_id = articles.id"
                " group by articles.id order by count(*) desc limit 1"
            ).fetchone()[0],
            "record": db.execute(
                "select record_id from captures join articles on capture_id = captures.id"
            ).fetchone()[0],
        }
    return {name: quote(str(value), safe=":") for name, value in found.items()}


@pytest.fixture(scope="module", params=[("light", 1400), ("dark", 1400), ("light", 360)])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    scheme, width = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="fr-FR"
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_a_page_has_no_violation_and_fits(
    page: Page, served_demo: Served, names: dict[str, str], path: str
) -> None:
    page.goto(served_demo.reading + path.format(**names))
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for chart in page.locator(".chart").all():
        following = chart.locator("xpath=following-sibling::details[1]//tbody/tr")
        assert following.count() > 0

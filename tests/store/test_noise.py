"""What moves on a page each time it is served, without anybody having edited it, is no revision."""

import re
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from archiver.demo.server import DemoSite
from archiver.extract import extract
from archiver.extract.facts import Response
from archiver.profiles.model import Profile
from tests.store.site import HOME, HOST, Step, build

PROFILE, DAY = Profile(HOST, HOME), date(2024, 1, 1)
PATH = "/aides-agricoles-et-paiements-en-retard/"
END = '<div id="wpd-post-rating"'
"""What follows the text inside the box of the article."""


@pytest.fixture(scope="module")
def served() -> str:
    """An article as the sample site serves it."""
    with DemoSite() as site:
        return site.answer_to(PATH, {}).body(coded=False).decode().replace(site.base, HOME[:-1])


def within(html: str) -> Callable[[str], str]:
    """The page with something more at the end of the article's box."""
    return lambda page: page.replace(END, html + END, 1)


NOISE: dict[str, Callable[[str], str]] = {
    "white space": lambda page: re.sub(r"</p>\n", "  </p>\n\n\t ", page).replace(" de ", " \n de "),
    "invisible characters": lambda page: page.replace("agricole", "agri\u00adcole"),
    "composed accents": lambda page: page.replace("é", "e\u0301"),
    "a nonce in a script": within('<script>var ajax = {"nonce": "4f1c2a9b7d"};</script>'),
    "a nonce in a field": within('<input type="hidden" name="_wpnonce" value="4f1c2a9b7d">'),
    "a nonce in an attribute": lambda page: page.replace(
        "<p>Réponse", '<p data-nonce="4f1c">Réponse'
    ),
    "related posts by YARPP": within(
        '<div class="yarpp yarpp-related"><h3>Articles similaires</h3>'
        '<ol><li><a href="/transport-scolaire/">Transport scolaire</a></li></ol></div>'
    ),
    "related posts by Jetpack": within(
        '<div id="jp-relatedposts" class="jp-relatedposts"><h3>Sur le même thème</h3>'
        "<p>Transport scolaire, 3 mai 2021</p></div>"
    ),
    "related posts as a block": within(
        '<div class="wp-block-query"><ul class="wp-block-post-template"><li>'
        '<h2 class="wp-block-post-title">Transport scolaire</h2></li></ul></div>'
    ),
    "a view counter": within(
        '<div class="post-views content-post post-12 entry-meta"><span class="post-views-label">'
        'Vues :</span> <span class="post-views-count">1 234</span></div>'
    ),
    "a counter of Top 10": within(
        '<div class="tptn_counter" id="tptn_counter_12">Lu 17 fois</div>'
    ),
    "a counter of likes": within('<div class="wpulike wpulike-default"><span>+12</span></div>'),
    "another view counter": within('<div class="pvc_stats all">1 234 vues, 5 aujourd’hui</div>'),
    "share buttons": within('<div class="sharedaddy"><h3>Partager</h3><a href="#">17</a></div>'),
    "votes": lambda page: page.replace('<span class="wpdrc">58<', '<span class="wpdrc">59<'),
    "a version of a script": lambda page: page.replace(".css?ver=", ".css?ver=9."),
}


def revisions(path: Path, *pages: str) -> int:
    """The revisions that captures of these pages make, one after the other."""
    url = HOME[:-1] + PATH
    headers = {"content-type": ("text/html; charset=UTF-8",)}
    steps = [
        Step(hour, url, extract(Response(url, 200, headers, page.encode()), PROFILE, DAY))
        for hour, page in enumerate(pages, 1)
    ]
    with closing(build(path, steps)) as store:
        rows = store.connection.execute("SELECT body_text FROM revisions").fetchall()
        assert all("aides de la politique" in text.replace("\n", " ") for (text,) in rows)
        return len(rows)


@pytest.mark.parametrize("name", NOISE)
def test_noise_is_no_revision(tmp_path: Path, served: str, name: str) -> None:
    noisy = NOISE[name](served)
    assert noisy != served
    assert revisions(tmp_path / "archive.db", served, noisy, served) == 1


def test_a_changed_word_is_one(tmp_path: Path, served: str) -> None:
    edited = served.replace("cent trente exploitations", "cent quarante exploitations")
    assert edited != served
    assert revisions(tmp_path / "archive.db", served, edited, served) == 3

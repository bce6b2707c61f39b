"""French marks stay on the line of their word, in what is ours and nowhere else."""

import re

import pytest
from datasette.app import Datasette
from jinja2 import DictLoader, Environment

from archiver.publish.site.typography import FrenchSpaces, bound
from tests.publish.browsing import look


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Est-elle complète ?", "Est-elle complète\xa0?"),
        ("« l’un » ; l’autre : oui !", "«\xa0l’un\xa0»\xa0; l’autre\xa0: oui\xa0!"),
        (" : la suite", "\xa0: la suite"),
        ("la question n° ", "la question n°\xa0"),
        ("ministre:santé 12:30 a ? b", "ministre:santé 12:30 a\xa0? b"),
        ("/recherche?q=a :b", "/recherche?q=a :b"),
    ],
)
def test_marks_are_bound_to_their_words(text: str, expected: str) -> None:
    assert bound(text) == expected


def test_what_a_template_prints_stays_as_it_is() -> None:
    source = "{{ title }} : {{ 'a : b' if true else '« c »' }}"
    env = Environment(
        loader=DictLoader({"site/ours.html": source, "stock.html": source}),
        extensions=[FrenchSpaces],
        autoescape=True,
    )
    assert env.get_template("site/ours.html").render(title="x ; y") == "x ; y\xa0: a : b"
    assert env.get_template("stock.html").render(title="x ; y") == "x ; y : a : b"


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["/lot", "/etat", "/ministres", "/inconnu"])
async def test_pages_break_no_line_before_a_mark(site: Datasette, path: str) -> None:
    soup = await look(site, path, 404 if path == "/inconnu" else 200)
    for quoted in soup.select("code, pre, script"):
        quoted.decompose()
    assert re.search(r"« |(?<=\w) [;?!»:](?!\w)", soup.get_text()) is None

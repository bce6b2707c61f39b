"""Markup comes down to lines of text: in order, once, nothing lost, nothing hidden shown."""

import pytest

from archiver.extract.blocks import Block, body_text
from tests.extract_text.parsing import blocks_in


def read(html: str) -> tuple[Block, ...]:
    return blocks_in(html)


def lines(html: str) -> list[str]:
    return [block.text for block in read(html)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>un</p><p>deux</p>", ["un", "deux"]),
        ("un<br>deux<br><br>trois", ["un", "deux", "trois"]),
        ("<div>un<div>deux</div>trois</div>", ["un", "deux", "trois"]),
        ("<ul><li>un</li><li>deux <a href='#'>lien</a></li></ul>", ["un", "deux lien"]),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", ["a", "b", "c"]),
        ("<blockquote><p>cité</p></blockquote>", ["cité"]),
        ("<figure><img alt='x'><figcaption>légende</figcaption></figure>", ["légende"]),
        ("<div hidden style='display:none'>caché</div>", ["caché"]),
        ("<script>a</script><style>b</style><noscript>c</noscript><form>d</form>e", ["e"]),
        ("un<form>d</form>deux", ["un", "deux"]),
        ("<!-- non -->oui<template>non</template>", ["oui"]),
        ("<p>&nbsp;</p><p>\u200b</p><p> \u202f</p>", []),
        ("<p>1<sup>er</sup> mars</p>", ["1er mars"]),
        ("<p>a\n  b\t c</p>", ["a b c"]),
        ("<p>« a\u00a0» : b\u202f!</p>", ["« a\u00a0» : b\u202f!"]),
        ("<p>e\u0301te\u0301</p>", ["été"]),
        ("<p>bar\u00adre</p>", ["barre"]),
        ("<pre>un\ndeux\n\ntrois</pre>", ["un", "deux", "trois"]),
        ("<p>👩\u200d🔬</p>", ["👩\u200d🔬"]),
    ],
)
def test_lines(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        "<h3>Titre</h3>",
        "<p><b>Titre</b></p>",
        "<details><summary>Titre</summary></details>",
        "<table><tr><th>Titre</th></tr></table>",
        "<dl><dt>Titre</dt></dl>",
        "<p><span style='font-weight: 700'>Titre</span></p>",
        "<div role='heading'>Titre</div>",
        "<a class='elementor-toggle-title'>Titre</a>",
    ],
)
def test_headings_are_marked(html: str) -> None:
    (block,) = read(html)
    assert block.heading


def test_a_bold_lead_is_what_the_line_begins_with() -> None:
    first, second, third = read("<p><b>Un</b> <b>deux</b> trois<br>a <b>b</b><br><b>c</b></p>")
    assert (first.text, first.bold_lead, first.heading) == ("Un deux trois", "Un deux", False)
    assert (second.bold_lead, second.heading) == (None, False)
    assert (third.bold_lead, third.heading) == ("c", True)


def test_cells_know_their_place() -> None:
    blocks = read("<table><tr><td>a</td><td>b</td></tr></table>x<table><tr><td>c</td></tr></table>")
    assert [block.cell for block in blocks] == [(0, 0, 0), (0, 0, 1), None, (1, 0, 0)]


def test_the_body_parts_paragraphs_and_keeps_lists_together() -> None:
    html = """<p>un<br>deux</p><ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>
    <table><tr><td>1</td><td>2</td></tr></table><p>fin</p>"""
    assert body_text(read(html)) == "un\ndeux\n\na\nb\nc\n\n1\n2\n\nfin"


def test_a_title_is_read_once_just_before_its_panel() -> None:
    html = """<div role="tablist"><button role="tab" aria-controls="p1">Un</button>
    <button role="tab" aria-controls="p2">Deux</button></div>
    <div id="p1"><p>texte un</p></div><div id="p2"><p>texte deux</p></div>"""
    assert lines(html) == ["Un", "texte un", "Deux", "texte deux"]


def test_a_title_given_for_desktop_and_mobile_is_read_once() -> None:
    title = '<div class="elementor-tab-title elementor-tab-{0}-title" {1}>{2}</div>'
    for controls in ('role="tab" aria-controls="p1"', ""):
        html = (
            title.format("desktop", controls, "Un")
            + title.format("mobile", controls, "Un")
            + '<div id="p1"><p>texte</p></div>'
        )
        assert lines(html) == ["Un", "texte"]


def test_a_tab_whose_panel_is_missing_keeps_its_title() -> None:
    assert lines('<div role="tab" aria-controls="none">Seul</div><p>x</p>') == ["Seul", "x"]


def test_depth_is_no_danger() -> None:
    assert lines("<div>" * 5000 + "fond") == ["fond"]

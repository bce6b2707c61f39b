"""Articles that WordPress cuts into several pages, in the markup of its versions and themes."""

import pytest

from archiver.extract.facts import Article, Role
from archiver.extract.leaves import first_of, joined, url_of
from tests.extract_pages.golden import HOME, read

ASKED = (
    "<p>Question :</p><p>Mme Claire Vasseur attire l’attention de M. le ministre de la mer sur la"
    " fermeture des ports. Elle lui demande quelles mesures il prévoit.</p><p>Réponse :</p>"
)
WAITING = "<p>En attente de réponse du Gouvernement.</p>"
ANSWERED = "<p>Le Gouvernement a ouvert une concertation avec les ports.</p>"
PLAIN = "<p>La suite de la lettre d’information paraîtra en mai.</p>"

TODAY = (
    '<p class="post-nav-links">Pages : <span class="post-page-numbers current"'
    ' aria-current="page">{at}</span> <a href="{other}" class="post-page-numbers">{to}</a></p>'
)
ELEMENTOR = (
    '<div class="page-links elementor-page-links"><span class="page-links-title'
    ' elementor-page-links-title">Pages :</span><span class="post-page-numbers current"'
    ' aria-current="page"><span>{at}</span></span><a href="{other}" class="post-page-numbers">'
    "<span>{to}</span></a></div>"
)
OLD = '<div class="page-link">Pages : {at} <a href="{other}">{to}</a></div>'
NEXT = '<p class="post-nav-links"><a href="{other}" class="post-page-numbers">Page suivante</a></p>'
BOXES = {
    "block": '<main><h1 class="wp-block-post-title">Ports</h1><div class="entry-content'
    ' wp-block-post-content">{text}{links}</div></main>',
    "elementor": '<div data-elementor-type="single-post" class="elementor-location-single post-7">'
    '<div class="elementor-widget-theme-post-title"><h1 class="elementor-heading-title">Ports</h1>'
    '</div><div class="elementor-widget-theme-post-content">{text}{links}</div></div>',
    "bare": '<article class="post-7"><h1 class="entry-title">Ports</h1>{text}{links}</article>',
}


def shown(
    number: int,
    text: str,
    links: str,
    box: str = "block",
    url: str = f"{HOME}ports/",
    more: str = "",
) -> Article:
    """One of two pages of an article, read."""
    other = 3 - number
    addresses = {1: url, 2: url_of(url, 2)}
    page = BOXES[box].format(
        text=text, links=links.format(at=number, to=other, other=addresses[other])
    )
    paged = f"paged-{number} single-paged-{number}" if number > 1 else ""
    body = f'<html><body class="post-template-default single postid-7 {paged}">{page}{more}</body>'
    facts = read(body.encode(), addresses[number])
    assert facts.article is not None
    assert facts.role is (Role.ARTICLE if number == 1 else Role.LEAF)
    assert facts.next_pages == ((addresses[2],) if number == 1 else ())
    assert facts.article.leaf is not None
    assert facts.article.leaf.number == number
    assert "Page" not in (facts.article.body_text or "")
    return facts.article


@pytest.mark.parametrize("links", [TODAY, ELEMENTOR, OLD, NEXT])
@pytest.mark.parametrize("box", BOXES)
def test_pages_are_read_as_one_article(links: str, box: str) -> None:
    first, second = shown(1, ASKED, links, box), shown(2, ANSWERED, links, box)
    assert second.url == first.url == f"{HOME}ports/"
    whole, problems = joined(first, {2: second})
    assert (whole.kind, problems) == ("question", ())
    (question,) = whole.questions
    assert (question.status, question.addressee) == ("answered", "M. le ministre de la mer")
    assert question.answer == "Le Gouvernement a ouvert une concertation avec les ports."


def test_one_page_alone_claims_no_answer_and_no_lack_of_one() -> None:
    article = shown(1, ASKED + WAITING, TODAY)
    assert [question.status for question in article.questions] == ["unknown"]
    assert [question.answer for question in article.questions] == [None]


def test_plain_addresses() -> None:
    first = shown(1, ASKED, TODAY, url=f"{HOME}?p=7")
    second = shown(2, WAITING, TODAY, url=f"{HOME}?p=7")
    assert (first.url, second.url) == (f"{HOME}?p=7",) * 2
    whole, _ = joined(first, {2: second})
    assert [question.status for question in whole.questions] == ["pending"]


def test_a_theme_without_body_classes() -> None:
    links = TODAY.format(at=2, to=1, other=f"{HOME}ports/")
    page = f'<html><body><div id="main"><h1>Ports</h1>{PLAIN * 5}{links}</div></body></html>'
    day = '<p>12 mai 2021</p><script type="application/ld+json">{"@type": "Article"}</script>'
    facts = read(page.replace("</h1>", f"</h1>{day}").encode(), f"{HOME}ports/2/")
    assert facts.role is Role.LEAF
    assert facts.article is not None
    assert facts.article.url == f"{HOME}ports/"


@pytest.mark.parametrize(
    "link",
    [
        f"{HOME}autre/2/",
        f"{HOME}ports/",
        f"{HOME}ports/1/",
        f"{HOME}ports/2/feed/",
        f"{HOME}ports/99999/",
        "https://autre.example/ports/2/",
        "javascript:2",
    ],
)
def test_links_to_other_places_make_no_pages(link: str) -> None:
    links = TODAY.format(at=1, to=2, other=link)
    page = BOXES["block"].format(text=ASKED + WAITING, links=links)
    facts = read(f'<html><body class="single postid-7">{page}</body>'.encode(), f"{HOME}ports/")
    assert facts.article is not None
    assert facts.article.leaf is None
    assert facts.next_pages == ()
    assert [question.status for question in facts.article.questions] == ["pending"]


def test_the_pages_of_a_list_of_other_posts_are_not_the_article_s() -> None:
    """Elementor gives them the same addresses."""
    pages = f'<nav class="elementor-pagination"><a class="page-numbers" href="{HOME}ports/2/">2</a>'
    body = f"{BOXES['elementor'].format(text=ASKED + WAITING, links='')}{pages}</nav>"
    facts = read(f'<html><body class="single postid-7">{body}</body>'.encode(), f"{HOME}ports/")
    assert facts.article is not None
    assert facts.article.leaf is None


@pytest.mark.parametrize(
    ("leaf", "number", "article"),
    [
        (f"{HOME}ports/2/", 2, f"{HOME}ports/"),
        (f"{HOME}ports/12", 12, f"{HOME}ports/"),
        (f"{HOME}ports-2/", 2, f"{HOME}ports-2/"),
        (f"{HOME}?p=7&page=3", 3, f"{HOME}?p=7"),
        (f"{HOME}2/", 1, f"{HOME}2/"),
    ],
)
def test_the_address_of_the_article(leaf: str, number: int, article: str) -> None:
    assert first_of(leaf, number) == article

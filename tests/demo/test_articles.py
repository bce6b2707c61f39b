"""Article pages have the shapes measured on WordPress, and print what is expected of them."""

import json
import re
from statistics import mean

import pytest
from selectolax.lexbor import LexborNode

from archiver.demo import DemoSite, ExpectedArticle, expected
from tests.demo.conftest import Got, get

BY_SLUG = {article.slug: article for article in expected(1)}
TITLE = ".elementor-widget-theme-post-title h1.elementor-heading-title"
CONTENT = ".elementor-widget-theme-post-content"
PLAIN = "plan-national-contre-l-isolement-des-personnes-agees"
TALKATIVE = "trois-questions-sur-le-train-du-quotidien"


def page(site: DemoSite, slug: str) -> Got:
    return get(site, BY_SLUG[slug].path)


def only(got: Got, selector: str) -> LexborNode:
    (node,) = got.html.css(selector)
    return node


def squeezed(text: str | None) -> str:
    return " ".join((text or "").split())


def second_page(site: DemoSite, url: str) -> LexborNode:
    """The content box of a further page of an article, its links and its rating taken out."""
    got = get(site, url.removeprefix(site.base))
    assert "single-paged-2" in (only(got, "body").attributes["class"] or "")
    content = only(got, CONTENT)
    for other in content.css(".page-links,#wpd-post-rating"):
        other.decompose()
    return content


@pytest.mark.parametrize("article", BY_SLUG.values(), ids=lambda article: article.slug)
def test_a_page_prints_what_is_expected_of_it(site: DemoSite, article: ExpectedArticle) -> None:
    got = get(site, article.path)
    assert got.status == 200
    title = f"Protégé : {article.title}" if article.protected else article.title
    assert squeezed(only(got, TITLE).text()) == squeezed(title)
    assert len(got.html.css("h1")) == 1
    terms = got.html.css(".elementor-post-info__item--type-terms a")
    assert tuple(node.text() for node in terms) == article.categories
    content = only(got, CONTENT)
    further = [node.attributes["href"] or "" for node in content.css("a.post-page-numbers")]
    for links in content.css(".page-links"):
        links.decompose()
    for rating in content.css("#wpd-post-rating"):
        rating.decompose()
    if article.protected:
        assert content.css_first("form.post-password-form")
        assert not got.html.css("#wpdcom, #wpd-post-rating")
    else:
        for title_again in content.css(".elementor-tab-desktop-title"):
            title_again.decompose()
        pages = [content, *(second_page(site, url) for url in further)]
        text = " ".join(page.text(separator=" ") for page in pages)
        assert squeezed(text) == squeezed(article.body_text)
    count = got.html.css_first("#wpdcom .wpd-thread-info")
    stated = None if count is None else int(count.attributes["data-comments-count"] or "")
    assert stated == article.page_comment_count
    votes, rating_value = (
        got.html.css_first(f"#wpd-post-rating {c}") for c in (".wpdrc", ".wpdrv")
    )
    assert (None if votes is None else int(votes.text())) == article.vote_count
    assert (None if rating_value is None else float(rating_value.text())) == article.rating


def test_pages_weigh_about_a_hundred_kilobytes(site: DemoSite) -> None:
    sizes = [len(get(site, article.path).body) for article in BY_SLUG.values()]
    assert 90_000 < mean(sizes) < 120_000
    assert min(sizes) > 70_000


def test_the_plain_article_reads_in_the_order_of_a_theme_builder_page(site: DemoSite) -> None:
    got = page(site, PLAIN)
    tree = got.html
    for node in tree.css(
        "head, script, style, template, select, nav, .related, .elementor-search-form"
    ):
        node.decompose()
    assert tree.body is not None
    lines = [line for line in map(squeezed, tree.body.text(separator="\n").split("\n")) if line]
    article = BY_SLUG[PLAIN]
    order = [
        "AGIR AVEC CLAIRE !",
        *("Actualité", article.title, "22 novembre, 2019"),
        *("Question:", squeezed(article.questions[0].question)),
        *("Réponse:", squeezed(article.questions[0].answer)),
        *("votes", "Évaluation de l'article", "Partager cette publication :", "Commentaire"),
        *("S’abonner", "Notification pour", "0", "Commentaires", "Le plus ancien"),
        *("Le plus récent", "Le plus populaire", "Commentaires en ligne"),
        *("Afficher tous les commentaires", "Un peu de temps à donner ?"),
        *("Recevoir la lettre du mois", "0"),
        "Nous aimerions avoir votre avis, veuillez laisser un commentaire.",
        *("x", "French"),
    ]
    rest = iter(lines)
    assert [line for line in order if line not in rest] == []
    assert only(got, "#wpd-main-form-wrapper-0_0 img").attributes["alt"] == "guest"
    assert only(got, "#trp-floater-ls-current-language img").attributes["alt"] == "fr_FR"


def test_the_wrapper_carries_the_post_classes(site: DemoSite) -> None:
    got = page(site, "pharmacies-rurales-et-gardes-de-nuit")
    wrapper = only(got, 'div[data-elementor-type="single-post"].elementor-location-single')
    classes = set((wrapper.attributes["class"] or "").split())
    assert classes >= {"post-1131", "type-post", "hentry", "category-questions-ecrites"}
    assert "tag-sante" in classes
    body = only(got, "body").attributes["class"] or ""
    assert {"single", "single-post", "postid-1131", "translatepress-fr_FR"} <= set(body.split())


def test_the_date_has_no_machine_form_and_no_premier(site: DemoSite) -> None:
    got = page(site, "fermeture-de-guichets-et-acces-aux-droits")
    date = only(got, "li[itemprop=datePublished] .elementor-post-info__item--type-date > time")
    assert (date.text(), dict(date.attributes)) == ("1 mai, 2021", {})


def test_some_posts_have_another_day_in_utc(site: DemoSite) -> None:
    other = []
    for article in BY_SLUG.values():
        meta = only(get(site, article.path), 'meta[property="article:published_time"]')
        stated = meta.attributes["content"] or ""
        assert stated.endswith("+00:00")
        if stated[:10] != article.published_on:
            other.append(article.slug)
    assert len(other) >= 3


def test_the_head_is_yoasts(site: DemoSite) -> None:
    accented = next(article for article in BY_SLUG.values() if "réforme" in article.slug)
    got = get(site, accented.path)
    assert only(got, "link[rel=canonical]").attributes["href"] == f"{site.base}/{accented.slug}/"
    assert only(got, "link[rel=shortlink]").attributes["href"] == f"{site.url}?p=1102"
    json_link = only(got, 'link[rel=alternate][type="application/json"]').attributes["href"]
    assert json_link == f"{site.url}wp-json/wp/v2/posts/1102"
    tags = [node.attributes["hreflang"] for node in got.html.css("link[hreflang]")]
    assert tags == ["fr-FR", "en-US", "fr", "en"]
    assert only(got, "title").text() == f"{accented.title} - Claire Vasseur"
    graph = json.loads(only(got, "script.yoast-schema-graph").text())["@graph"]
    (found,) = [item for item in graph if item["@type"] == "Article"]
    assert found["commentCount"] == 1
    assert found["articleSection"] == list(accented.categories)
    assert found["dateModified"] == "2019-05-02T09:40:00+00:00"
    assert not page(site, PLAIN).html.css('meta[property="article:modified_time"]')


def test_the_response_headers_name_the_post_and_hold_no_validator(site: DemoSite) -> None:
    got = page(site, PLAIN)
    links = [value for name, value in got.headers if name.lower() == "link"]
    assert links[1].startswith(f"<{site.url}wp-json/wp/v2/posts/1187>")
    assert links[2] == f"<{site.url}?p=1187>; rel=shortlink"
    assert got.header("etag") is None
    assert got.header("last-modified") is None
    assert got.header("cache-control") is None


def test_the_comment_block_has_its_states(site: DemoSite) -> None:
    many = page(site, TALKATIVE)
    shown = only(many, "#wpdcom .wpdtc")
    assert (shown.text(), shown.attributes["title"]) == ("1.2K", "1234")
    assert only(many, "#wpd-bubble-all-comments-count").attributes["title"] == "1234"
    assert len(many.html.css(".wpd-thread-list > .wpd_comment_level-1")) == 50
    assert only(many, "#wpdiscuzHasMoreComments").attributes["data-is_show_load_more"] == "1"
    nothing = page(site, "fermeture-de-guichets-et-acces-aux-droits")
    assert not nothing.html.css("#wpdcom, #wpd-post-rating, #wpd-bubble-all-comments-count")
    closed = page(site, "deconventionnement-des-transports-sanitaires")
    assert only(closed, "#wpdcom.wpd-comments-closed .wpd-thread-info").text().split()[0] == "4"
    assert not closed.html.css("#wpdcom form, #wpd-bubble-all-comments-count")
    one = page(site, "fibre-optique-et-raccordements-defaillants")
    assert squeezed(only(one, ".wpd-thread-info").text()) == "1 Commentaire"
    single_vote = page(site, "transport-scolaire-et-ramassage-des-internes")
    assert only(single_vote, "#wpd-post-rating .wpdrt").text() == "vote"
    pinged = page(site, "pharmacies-rurales-et-gardes-de-nuit")
    assert len(pinged.html.css(".wpd-comment.pingback")) == 1
    assert only(pinged, ".wpd-thread-info").attributes["data-comments-count"] == "10"


@pytest.mark.parametrize(
    ("slug", "selector", "count"),
    [
        ("ouverture-des-classes-bilingues", ".elementor-widget-tabs .elementor-tab-title", 4),
        (
            "logements-saisonniers-en-montagne-qeg",
            ".elementor-accordion a.elementor-accordion-title",
            2,
        ),
        ("depistage-neonatal-elargi", ".elementor-toggle a.elementor-toggle-title", 2),
        ("reconnaissance-des-maladies-professionnelles-agricoles", ".elementor-inner-column h3", 2),
        ("pharmacies-rurales-et-gardes-de-nuit", ".elementor-widget-heading h3", 2),
        (
            "amenagement-de-l-accueil-des-patients-sourds",
            ".e-con-inner .elementor-widget-heading",
            2,
        ),
        ("conges-de-proche-aidant-des-independants", "h3.wp-block-heading", 2),
        ("deconventionnement-des-transports-sanitaires", "p > strong:only-child", 2),
        ("chiffres-de-la-rentree-scolaire", "td", 15),
    ],
)
def test_labels_come_in_the_markup_of_each_editor(
    site: DemoSite, slug: str, selector: str, count: int
) -> None:
    assert len(only(page(site, slug), CONTENT).css(selector)) == count


def test_hard_spaces_are_kept(site: DemoSite) -> None:
    typed = page(site, "retraite-des-conjoints-collaborateurs")
    assert "<p>Question\u00a0:</p>" in typed.text


def test_english_twins_repeat_every_article_translated_or_not(site: DemoSite) -> None:
    for article in BY_SLUG.values():
        got = get(site, f"/en{article.path}")
        assert got.status == 200
        assert only(got, "html").attributes["lang"] == "en-US"
        title = squeezed(only(got, TITLE).text()).removeprefix("Protected: ")
        assert title == squeezed(article.translated_title or article.title)
        assert (
            only(got, "link[rel=canonical]").attributes["href"] == f"{site.url}en/{article.slug}/"
        )
        assert (only(got, "title").text()).removeprefix("Protected: ").startswith(article.title)
    reform = next(article for article in BY_SLUG.values() if "réforme" in article.slug)
    english = get(site, f"/en{reform.path}")
    assert "asks the Minister for Europe" in only(english, CONTENT).text()
    date = only(english, "li[itemprop=datePublished] time").text()
    assert re.fullmatch(r"30 April, 2019", date)


def test_every_file_that_a_page_needs_is_there_but_one(site: DemoSite) -> None:
    missing = set()
    for article in BY_SLUG.values():
        tree = get(site, article.path).html
        wanted = [node.attributes["src"] or "" for node in tree.css("img[src], script[src]")]
        wanted += [
            node.attributes["href"] or ""
            for node in tree.css('link[rel=stylesheet], a[href$=".pdf"]')
        ]
        missing |= {url for url in wanted if get(site, url).status != 200}
    assert missing == {f"{site.url}wp-content/uploads/2024/03/horaires-absent.png"}

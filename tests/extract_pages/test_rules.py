"""A profile's own rules come before the usual ones, and those of an era before the present ones."""

from dataclasses import replace
from datetime import date

from archiver.extract import extract
from archiver.extract.facts import Article, Problem, Response, Role
from archiver.profiles.model import Era, Profile, Rules
from tests.extract_pages.golden import HOME, PROFILE

PAGE = b"""<html lang=fr><body class="single single-post postid-3"><article class="post-3">
<h1 class="entry-title">Titre du th\xc3\xa8me</h1><p class="t">Vrai titre</p>
<span class="posted-on">1 mai 2020</span><b class="d">2 juin 2021</b><i class="a">Par Alice</i>
<i class="c">Sant\xc3\xa9</i><i class="g">h\xc3\xb4pital</i>
<div class="entry-content"><p>Texte du th\xc3\xa8me.</p></div>
<div class="x"><p>Ma demande</p><p>Mme Claire Vasseur attire l\xe2\x80\x99attention de M. le
ministre de la sant\xc3\xa9 sur l\xe2\x80\x99h\xc3\xb4pital. Elle souhaite conna\xc3\xaetre ses
intentions.</p><p>Retour du ministre</p><p>Les travaux commencent.</p><p class="ad">Donnez !</p>
</div></article></body></html>"""
LIST = b"""<html><body class="archive"><div class="card"><h5><a href="/a/">A</a></h5></div>
<div class="row"><h3><a href="/b/">B</a></h3></div></body></html>"""
RULES = Rules(
    title=(".absent", ".t"),
    date=(".d",),
    author=(".a",),
    categories=(".c",),
    tags=(".g",),
    content=(".x",),
    remove=(".ad",),
    listing_item=(".row",),
    question_labels=("Ma demande",),
    answer_labels=("Retour du ministre",),
)


def article(profile: Profile, day: date) -> Article:
    headers = {"content-type": ("text/html",)}
    found = extract(Response(f"{HOME}a/", 200, headers, PAGE), profile, day).article
    assert found is not None
    return found


def test_own_rules_come_first() -> None:
    found = article(replace(PROFILE, rules=RULES), date(2024, 1, 1))
    assert (found.title, found.published_on) == ("Vrai titre", "2021-06-02")
    assert (found.author, found.categories, found.tags) == ("Par Alice", ("Santé",), ("hôpital",))
    assert found.body_text is not None
    assert "Donnez" not in found.body_text
    (question,) = found.questions
    assert question.answer == "Les travaux commencent."


def test_without_rules_the_usual_ones_hold() -> None:
    found = article(PROFILE, date(2024, 1, 1))
    assert (found.title, found.published_on) == ("Titre du thème", "2020-05-01")
    assert found.body_text == "Texte du thème."


def test_an_era_has_its_own_rules() -> None:
    profile = replace(PROFILE, eras=(Era(date(2020, 12, 31), RULES),))
    assert article(profile, date(2020, 12, 31)).title == "Vrai titre"
    assert article(profile, date(2021, 1, 1)).title == "Titre du thème"


def test_a_rule_that_finds_nothing_is_a_problem() -> None:
    profile = replace(PROFILE, rules=Rules(date=(".old-day", ".older"), content=(".x",)))
    response = Response(f"{HOME}a/", 200, {"content-type": ("text/html",)}, PAGE)
    facts = extract(response, profile, date(2024, 1, 1))
    assert [problem for problem in facts.problems if problem.kind == "rule_missed"] == [
        Problem("rule_missed", "date = .old-day, .older")
    ]


def test_own_items_of_a_listing() -> None:
    response = Response(f"{HOME}l/", 200, {"content-type": ("text/html",)}, LIST)
    facts = extract(response, replace(PROFILE, rules=RULES), date(2024, 1, 1))
    assert facts.role is Role.LISTING
    assert [mention.url for mention in facts.mentions] == [f"{HOME}b/"]


def test_the_time_zone_decides_the_day() -> None:
    page = b"""<html lang=fr><head><meta property="article:published_time"
    content="2021-06-30T21:30:00+00:00"></head><body class="single-post postid-3"><h1>T</h1>
    <div class="entry-content"><p>Texte.</p></div></body></html>"""
    response = Response(f"{HOME}a/", 200, {"content-type": ("text/html",)}, page)
    days = {}
    for zone in ("Europe/Paris", "UTC", "Indian/Reunion"):
        found = extract(response, replace(PROFILE, time_zone=zone), date(2024, 1, 1)).article
        assert found is not None
        days[zone] = found.published_on
    assert days == {
        "Europe/Paris": "2021-06-30",
        "UTC": "2021-06-30",
        "Indian/Reunion": "2021-07-01",
    }

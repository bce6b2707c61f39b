"""Hostile bytes: any of them give facts, and what would take long is seen before it is parsed."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.extract.facts import Role
from archiver.extract.guards import MOST_BYTES, excess
from archiver.extract.tokens import weigh
from tests.extract_pages.golden import HOME, PAGES, read, told

KIB, MIB = 1024, 1024 * 1024
BOLD = b"".join(b"<b a%d>" % number for number in range(1_000))
CLOSED = b"</b>" * 1_000
PARAGRAPHS = b"<p>x</p>" * 3_000
ATTRIBUTES = b" ".join(b"a%d" % number for number in range(20_000))

TOO_COMPLEX = {
    "a million tags": b"<i></i>" * 500_000,
    "nested divs": b"<div>" * 100_000,
    "nested divs within the number of tags": b"<div>" * 19_000,
    "nested and closed": b"<div>" * 9_000 + b"x" + b"</div>" * 9_000,
    "attributes": b"<p " + ATTRIBUTES + b">",
    "attributes with brackets": b"<p " + ATTRIBUTES.replace(b" ", b'="<>" ') + b">",
    "attributes with brackets in apostrophes": b"<p " + ATTRIBUTES.replace(b" ", b"='>'") + b">",
    "attributes without an end": b"<p " + ATTRIBUTES,
    "crowded tags in a large page": (b"<p " + ATTRIBUTES[:4_900] + b">") * 800,
    "bold left open": b"<p>" + BOLD + b"</p>" + PARAGRAPHS,
    "bold closed too early": b"<p>" + CLOSED + BOLD + b"</p>" + PARAGRAPHS,
    "bold closed in a comment": b"<p>" + BOLD + b"<!--" + CLOSED + b"--></p>" + PARAGRAPHS,
    "bold closed in a script": b"<p>" + BOLD + b"<script>" + CLOSED + b"</script></p>" + PARAGRAPHS,
    "bold closed in a value": b"<p>" + BOLD + b"<i y='" + CLOSED + b"'></i></p>" + PARAGRAPHS,
    "bold closed in a cell": b"<p>" + BOLD + b"<table><td>" + CLOSED + b"</table>" + PARAGRAPHS,
    "bold opened in no cell": b"<p><td>" + BOLD + b"</td></p>" + PARAGRAPHS,
    "bold in a style of a drawing": b"<svg><style><p>" + BOLD + b"</style></svg>" + PARAGRAPHS,
    "bold after an empty comment": b"<p><!-->" + BOLD + b"<!-- --></p>" + PARAGRAPHS,
    "few and long": b"<p>" + b"<b a='%s'>" % (b"x" * 10_000) * 50 + b"</p>" + b"<p>x</p>" * 9_000,
}  # fmt: skip

HARMLESS = {
    "text": b"x" * 4 * MIB,
    "binary": bytes(range(256)) * 4_000,
    "null bytes": b"\x00" * 100_000,
    "brackets": b"<" * 19_000 + b">" * 19_000,
    "equals signs": b"=" * MIB,
    "an open value": b'<a href="' + b"x" * MIB,
    "an open comment": b"<!-- " + b"x" * MIB,
    "open anchors": b"<p><a name='x'>x</p>" * 4_500,
    "links in cells": b"<table>" + b"<tr><td><b><a href='/x'>x</a></b></td></tr>" * 1_900,
    "closing tags": b"</p></b></div>" * 5_000,
    "surrogates": b"<h1>&#xD800;&#0;&#x110000;</h1>" * 100,
    "frames": b"<frameset><frame></frameset>",
    "no body": b"<plaintext>",
    "utf-16": "<html><body><h1>Été</h1></body></html>".encode("utf-16"),
    "a JSON-LD bomb": b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script>",
}  # fmt: skip


@pytest.mark.parametrize("name", TOO_COMPLEX)
def test_what_would_take_long_is_kept_and_not_read(name: str) -> None:
    facts = read(b"<html><body class='single-post'><h1>Titre</h1>" + TOO_COMPLEX[name])
    assert facts.role is Role.OTHER
    assert [problem.kind for problem in facts.problems] == ["too_complex"]


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_odd_is_read(name: str) -> None:
    facts = read(HARMLESS[name])
    assert not facts.problems
    told(facts)


def test_what_is_too_large_is_not_read() -> None:
    facts = read(b"x" * (16 * MIB))
    assert [problem.kind for problem in facts.problems] == ["too_large"]
    assert facts.role is Role.OTHER
    assert not read(b"x" * MOST_BYTES).problems


def test_a_text_too_deep_to_be_read_whole_is_not_cut() -> None:
    text = b"<div>" * 300 + b"<p>au fond</p>" + b"</div>" * 300
    page = (PAGES / "elementor" / "question.html").read_bytes()
    start = page.index(b"<p>Question:")
    facts = read(page[:start] + text + page[start:])
    assert (facts.role, facts.article) == (Role.OTHER, None)
    assert [problem.kind for problem in facts.problems] == ["too_complex"]


def test_a_few_thousand_nested_tags_are_quickly_passed_over() -> None:
    open_ = b"<div class='entry-date post-meta entry-meta'><article class=hentry><h2><a href=/x>"
    facts = read(b"<body class='single-post postid-1'><h1>Titre</h1>" + open_ * 1_200)
    assert [problem.kind for problem in facts.problems] == ["too_complex"]
    assert not read(b"<body class='archive'><h1>Titre</h1>" + open_ * 1_200).mentions[500:]


def test_ordinary_formatting_is_light() -> None:
    page = b"<p><a href='/'><b>x</b></a> <i>y</i></p><table><td><b>z</b></td></table>" * 500
    assert weigh(page).formatting <= 3
    assert weigh(page).depth <= 5
    assert excess(page, page.count(b"<")) is None


PIECES = st.sampled_from(
    [
        b"<html lang=fr>", b"<body class='single single-post postid-1'>", b"<h1>", b"</h1>",
        b"<div class='entry-content'>", b"</div>", b"<p>Question :</p>", b"<p>R\xc3\xa9ponse :</p>",
        b"<article class='post-1 hentry'>", b"<time datetime='2019-11-22'>", b"22 novembre 2019",
        b"<a href='//[x'>", b"<link rel=canonical href='http://['>", b"<table><td>", b"<svg><a>",
        b"<script type='application/ld+json'>{\"@type\":\"Article\"}</script>", b"<form>", b"&#0;",
        b"<meta property='article:published_time' content='9999-12-31T23:59:59-14:00'>", b"<!--",
        b"<div id=wpd-post-rating><i class=wpdrv>1e9</i><i class=wpdrc>\xd9\xa3</i>", b"<ul><li>",
        b"<input type=password name=post_password class=post-password-form>", b"<template>",
        b"<li class='wp-block-post'><h2><a href=/x>", b"<a class='page-numbers' href='/page/9/'>",
        b"<link rel=alternate hreflang='fr' href='/fr/'>", b"<div class=e-load-more-anchor>",
        b"\xff\xfe", b"\xe9", b"<plaintext>", b"<?xml version='1.0'?>", b"<rss><channel><item>",
        b"<urlset><url><loc>", b"[{", b"\x1f\x8b", b"<!DOCTYPE html>", b"<select><option>",
    ]
)  # fmt: skip
BODIES = st.binary(max_size=200) | st.lists(PIECES | st.binary(max_size=8), max_size=30).map(
    b"".join
)
TYPES = st.sampled_from(
    ["", "text/html", "text/html; charset=x", "application/xml", "application/json", "text/css"]
)
PATHS = st.sampled_from(
    ["", "plan/", "feed/", "robots.txt", "a.xml.gz", "wp-json/wp/v2/posts", "a/page/3/", "?p=1"]
)


@settings(
    derandomize=True, max_examples=400, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(BODIES, TYPES, PATHS, st.sampled_from([200, 200, 200, 301, 404, 503]))
def test_any_bytes_give_facts(body: bytes, kind: str, path: str, status: int) -> None:
    facts = read(body, HOME + path, status, content_type=kind, location=path, link=kind)
    assert (facts.article is not None) == (facts.role is Role.ARTICLE)
    str(told(facts)).encode()
    assert facts == read(body, HOME + path, status, content_type=kind, location=path, link=kind)


@pytest.mark.soak
@settings(max_examples=5_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(BODIES, TYPES, PATHS)
def test_any_bytes_give_facts_at_length(body: bytes, kind: str, path: str) -> None:
    str(told(read(body, HOME + path, content_type=kind))).encode()


@pytest.mark.parametrize("declared", ["", "; charset=ISO-8859-1", "; charset=UTF-8"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_accents_are_read_whatever_the_server_declares(encoding: str, declared: str) -> None:
    page = "<body class='single single-post'><h1>L’été à Évry</h1><p>Fermé dès août.</p></body>"
    facts = read(page.encode(encoding), content_type=f"text/html{declared}")
    assert facts.article is not None
    assert facts.article.title == "L’été à Évry"


def test_one_broken_character_does_not_change_how_the_others_are_read() -> None:
    page = "<body class='single single-post'><h1>L’été à Évry</h1></body>".encode()
    facts = read(page.replace(b"</h1>", b" \xe9</h1>"))
    assert facts.article is not None
    assert facts.article.title == "L’été à Évry \ufffd"

"""Whatever the text: no exception, every word kept, always the same result."""

import re
from collections import Counter
from collections.abc import Sequence

from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.extract.blocks import Block, blocks_of
from archiver.extract.dates import day_in, day_of
from archiver.extract.demand import demand_of
from archiver.extract.problems import KINDS
from archiver.extract.questions import Split, split
from archiver.extract.text import fold, skeleton
from tests.extract_text.parsing import body_of

KNOWN = [
    "Question :",
    "Question",
    "Question écrite n° 39490 publiée le 11/07/2023",
    "Question 2 :",
    "Question publiée au JO le : 15/02/2017",
    "Réponse :",
    "Réponse",
    "Réponse publiée le 26 octobre 2021",
    "Réponse de M. le ministre de la mer",
    "Réponse commune aux deux questions",
    "Réponse : en attente",
    "En attente de réponse du Gouvernement",
    "La question est caduque",
    "Retirée le 21 juin 2022 (fin de mandat)",
    "Ministère interrogé > Mer",
    "Partager cette publication :",
    "0 0 votes",
    "Mme Claire Vasseur attire l’attention de M. le ministre de la mer sur les herbiers.",
    "Mme Claire Vasseur demande à M. le ministre de la mer s’il agira. Elle lui demande quand.",
    "Question : Mme Claire Vasseur interroge M. le ministre de la mer. Réponse : Il agit.",
    "Elle lui demande quelles mesures il compte prendre.",
    (
        "Le Gouvernement a présenté un plan, et le ministère de la mer veille à son application "
        "avec tous les services de l’État et des collectivités concernées par les herbiers."
    ),
    "Je m’en félicite.",
    "Ma question s’adresse à M. le ministre de la mer. Elle lui demande quand il agira.",
    "Mme Claire Vasseur attire son attention sur les herbiers.",
    "Question écrite n° 1201 adressée à M. le ministre de la mer :",
    "Source : Journal officiel",
]

line = st.sampled_from(KNOWN) | st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=60
)
block = st.builds(
    Block,
    line.filter(str.strip),
    heading=st.booleans(),
    bold_lead=st.sampled_from([None, "Question", "Réponse :"]),
    continues=st.booleans(),
    cell=st.none() | st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(0, 2)),
)
blocks = st.lists(block, max_size=14)
html = st.recursive(
    line.map(lambda text: text.replace("<", "&lt;")),
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>",
        st.sampled_from(["p", "div", "strong", "h2", "li", "ul", "td", "tr", "table", "span"]),
        st.lists(inner | st.just("<br>"), max_size=4),
    ),
    max_leaves=12,
)


def words(texts: Sequence[str | None]) -> Counter[str]:
    return Counter(word for text in texts if text for word in re.findall(r"\w+", text))


def parts(result: Split) -> list[str | None]:
    texts: list[str | None] = list(result.rest)
    for question in result.questions:
        texts += [question.question, question.answer]
    return texts


def check(given_blocks: Sequence[Block], result: Split) -> None:
    before, after = words([block.text for block in given_blocks]), words(parts(result))
    assert not before - after, "words were lost"
    assert set(after) <= set(before), "words were made up"
    assert result.kind == "question" or not result.questions
    assert {problem.kind for problem in result.problems} <= set(KINDS)
    for place, question in enumerate(result.questions, start=1):
        assert question.position == place
        assert (question.status == "answered") == (question.answer is not None)
        assert question.question is None or question.question.strip()
        if question.demand is not None:
            assert question.question is not None
            assert question.demand in question.question


@settings(derandomize=True, max_examples=400, deadline=None)
@given(blocks, st.sampled_from(["Titre", "Herbiers – QEG", "Question écrite n° 1234 : mer"]))
def test_a_split_loses_no_word_and_makes_none_up(given_blocks: list[Block], title: str) -> None:
    result = split(given_blocks, title=title)
    check(given_blocks, result)
    assert split(given_blocks, title=title) == result


@settings(derandomize=True, max_examples=200, deadline=None)
@given(html)
def test_markup_of_any_shape_is_read_whole(fragment: str) -> None:
    body = body_of(fragment)
    read = blocks_of(body)
    soup = BeautifulSoup(body.html or "", "lxml")
    assert words([block.text for block in read]) == words([visible(soup)])
    check(read, split(read, title="Titre"))


def visible(soup: BeautifulSoup) -> str:
    for tag in soup.find_all(["br", "p", "div", "h2", "li", "ul", "td", "tr", "table"]):
        tag.insert_before("\n")
        tag.insert_after("\n")
        tag.insert(0, "\n")
        tag.append("\n")
    return soup.get_text().translate(dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff")))


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(max_size=80) | line)
def test_text_functions_accept_any_text(text: str) -> None:
    assert len(skeleton(text)) == len(text)
    assert fold(fold(text)) == fold(text)
    assert day_of(text) is None or day_in(text) is not None
    demand = demand_of(text)
    assert demand is None or demand in text

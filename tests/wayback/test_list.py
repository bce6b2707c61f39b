"""The list of captures: what is asked, and that nothing in an answer is trusted."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.crawl.wayback import base_url, hosts_of, profile_of
from archiver.crawl.wayback_list import FIELDS, Line, Unreadable, list_addresses, read_list
from archiver.errors import BadInput

ADDRESS, OTHERS = list_addresses("https://web.archive.org", "annegenetet.fr")
ROW = ["20190301120000", "http://annegenetet.fr:80/?p=1", "text/html", "200", "A" * 32, "99"]


def listed(*rows: object) -> bytes:
    return json.dumps([list(FIELDS), *rows]).encode()


def test_what_is_asked() -> None:
    query = parse_qs(urlsplit(ADDRESS).query)
    assert query["url"] == ["annegenetet.fr/*"]
    assert query["filter"] == ["statuscode:(200|-)"]
    assert query["collapse"] == ["digest"]
    assert query["showResumeKey"] == ["true"]
    others = parse_qs(urlsplit(OTHERS).query)
    assert others["filter"] == ["!statuscode:(200|-)"]
    assert "collapse" not in others


def test_a_line_is_its_own_key() -> None:
    (line,) = read_list(listed(ROW), ADDRESS).lines
    assert Line.of_key(line.key) == line
    assert line.captured_at == "2019-03-01T12:00:00.000000Z"
    assert line.address("https://a.example") == (
        "https://a.example/web/20190301120000id_/http://annegenetet.fr:80/?p=1"
    )


def test_the_next_page_begins_at_the_resume_key_as_it_is_given() -> None:
    found = read_list(listed(ROW, [], ["fr%2Cannegenetet%29%2F+20190301120000%21"]), ADDRESS)
    assert found.next_page == f"{ADDRESS}&resumeKey=fr%2Cannegenetet%29%2F+20190301120000%21"
    again = read_list(listed(ROW, [], ["b&url=evil.example"]), found.next_page or "")
    assert again.next_page == f"{ADDRESS}&resumeKey=b%26url%3Devil.example"


def test_a_resume_key_that_leads_back_ends_the_list() -> None:
    answer = listed(ROW, [], ["same%21"])
    first = read_list(answer, ADDRESS).next_page
    assert first is not None
    assert read_list(answer, first).next_page is None


@pytest.mark.parametrize(
    "changed",
    [
        {0: "20190231120000"},
        {0: "2019"},
        {1: "http://annegenetet.fr/a b"},
        {1: "http://annegenetet.fr/\r\nX: y"},
        {1: "http://annegenetet.fr/" + "a" * 3000},
        {2: "text/html " * 2},
        {3: "abc"},
        {4: "A" * 1000},
        {4: None},
    ],
)
def test_a_row_of_another_shape_is_left_out(changed: dict[int, object]) -> None:
    row = [changed.get(place, value) for place, value in enumerate(ROW)]
    assert read_list(listed(row, ROW), ADDRESS).lines == read_list(listed(ROW), ADDRESS).lines


def test_an_empty_answer_is_an_empty_list() -> None:
    assert read_list(b"", ADDRESS).lines == read_list(b"[]\n", ADDRESS).lines == ()


@settings(derandomize=True)
@given(st.binary() | st.recursive(st.text(), st.lists).map(lambda it: json.dumps(it).encode()))
def test_any_answer_is_a_list_or_unreadable(body: bytes) -> None:
    try:
        read_list(body, ADDRESS)
    except Unreadable:
        return


def test_sources() -> None:
    assert profile_of("wayback:annegenetet.fr").name == "annegenetet.fr"
    assert hosts_of(profile_of("wayback:https://www.example.org/")) == ("example.org",)
    assert profile_of("wayback:example.org").site_id == "example.org"
    with pytest.raises(BadInput):
        profile_of("wayback:nothing")


@pytest.mark.parametrize(
    "text", ["", "web.archive.org", "ftp://a.example", "http://a:b/", "http://a/?b"]
)
def test_a_base_that_is_no_address(text: str) -> None:
    with pytest.raises(BadInput, match="write it as"):
        base_url(text)

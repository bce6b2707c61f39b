"""The server: transfer, log, switches, states, edits while it runs."""

import http.client
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import datetime

import pytest

from archiver.demo import DemoSite, Switches
from archiver.errors import BadInput
from tests.demo.conftest import get

PLAIN = "/plan-national-contre-l-isolement-des-personnes-agees/"


def test_pages_are_chunked_and_gzipped_when_asked(site: DemoSite) -> None:
    plain = get(site, PLAIN)
    coded = get(site, PLAIN, {"Accept-Encoding": "gzip, deflate"})
    assert plain.header("content-encoding") is None
    assert coded.header("content-encoding") == "gzip"
    assert {got.header("transfer-encoding") for got in (plain, coded)} == {"chunked"}
    assert plain.body == coded.body
    assert coded.header("vary") == "Accept-Encoding"


def test_files_carry_length_and_validators(site: DemoSite) -> None:
    path = "/wp-content/uploads/2017/09/embleme-32.png"
    got = get(site, path, {"Accept-Encoding": "gzip"})
    assert got.header("content-length") == str(len(got.body))
    assert got.header("content-encoding") is None
    assert get(site, path, {"If-None-Match": got.header("etag") or ""}).status == 304


def test_head_has_headers_and_no_body(site: DemoSite) -> None:
    got = get(site, PLAIN, method="HEAD")
    assert (got.status, got.body) == (200, b"")
    assert get(site, "/wp-admin/admin-ajax.php", method="POST").status == 403


def test_a_connection_serves_many_requests(site: DemoSite) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    try:
        for path in (PLAIN, "/feed/", "/nulle-part/", "/wp-content/uploads/2017/09/embleme-32.png"):
            connection.request("GET", path)
            connection.getresponse().read()
        assert connection.sock is not None
    finally:
        connection.close()


def test_two_sites_answer_the_same_bytes_but_for_the_port() -> None:
    with DemoSite() as one, DemoSite() as other:
        for path in (PLAIN, "/feed/", "/wp-json/wp/v2/posts", "/actualite/", "/post-sitemap.xml"):
            mine, theirs = get(one, path).body, get(other, path).body
            # With the host: the digits alone may be a question's number in the text.
            assert mine.replace(f"127.0.0.1:{one.port}".encode(), b"HOST") == theirs.replace(
                f"127.0.0.1:{other.port}".encode(), b"HOST"
            )


def test_every_request_is_logged() -> None:
    with DemoSite() as own:
        get(own, "/feed/?paged=2", {"User-Agent": "essai"})
        (logged,) = own.requests
        assert (logged.method, logged.path) == ("GET", "/feed/?paged=2")
        assert logged.headers["user-agent"] == "essai"
        assert logged.at <= time.monotonic()


def test_a_taken_port_is_a_sentence(site: DemoSite) -> None:
    with pytest.raises(BadInput, match="in use"), DemoSite(port=site.port):
        pass


def test_leaving_the_context_closes_connections_and_the_port() -> None:
    with DemoSite() as own:
        client = socket.create_connection(("127.0.0.1", own.port), timeout=10)
        client.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(16)
        port = own.port
    with client:
        while client.recv(65536):
            pass
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=10)


@pytest.mark.parametrize(
    ("switches", "path", "status"),
    [
        (Switches(rest_status=404), "/wp-json/wp/v2/posts", 404),
        (Switches(rest_status=401), "/en/wp-json/wp/v2/posts", 401),
        (Switches(sitemap_status=404), "/sitemap_index.xml", 404),
        (Switches(sitemap_status=404), "/post-sitemap.xml", 404),
        (Switches(feed_status=404), "/feed/", 404),
        (Switches(robots_status=503), "/robots.txt", 503),
        (Switches(outage=502), PLAIN, 502),
    ],
)
def test_a_switch_breaks_its_own_part_only(switches: Switches, path: str, status: int) -> None:
    with DemoSite(switches=switches) as own:
        assert get(own, path).status == status
        own.switches.outage = None
        assert get(own, PLAIN).status == 200


def test_robots_text_busy_answers_and_raw_bytes() -> None:
    raw = b"HTTP/1.0 200 Very fine\r\nX-Odd: 1\r\n\r\nshort"
    switches = Switches(
        robots="User-agent: *\nCrawl-delay: 2\n",
        busy=frozenset({2}),
        retry_after="3",
        raw={"/brut/": lambda: raw},
    )
    with DemoSite(switches=switches) as own:
        assert get(own, "/robots.txt").text == "User-agent: *\nCrawl-delay: 2\n"
        refused = get(own, PLAIN)
        assert (refused.status, refused.header("retry-after")) == (429, "3")
        assert get(own, PLAIN).status == 200
        with socket.create_connection(("127.0.0.1", own.port), timeout=10) as client:
            client.sendall(b"GET /brut/ HTTP/1.1\r\nHost: x\r\n\r\n")
            got = b""
            while piece := client.recv(4096):
                got += piece
        assert got == raw


def test_a_slow_robots_file_does_not_outlive_the_site() -> None:
    with (
        DemoSite(switches=Switches(robots_delay=3600)) as own,
        socket.create_connection(("127.0.0.1", own.port), timeout=10) as client,
    ):
        client.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n")
        assert get(own, PLAIN).status == 200


def test_the_state_switches_while_the_site_runs() -> None:
    with DemoSite() as own:
        old, new = (
            "/la-question-du-train-du-dimanche-soir/",
            "/le-train-du-dimanche-soir-circule-de-nouveau/",
        )
        assert (get(own, old).status, get(own, new).status) == (200, 404)
        own.state = 2
        moved = get(own, old)
        assert (moved.status, moved.header("location")) == (301, own.base + new)
        assert get(own, f"/en{old}").header("location") == f"{own.base}/en{new}"
        assert get(own, "/suspension-de-campagne-et-permanence/").status == 404
        assert get(own, "/suspension-de-campagne-et-permanence/feed/").status == 404
        assert get(own, "/continuite-des-soins-en-periode-estivale/").status == 200
        assert len(own.expected()) == len(get(own, "/wp-json/wp/v2/posts?per_page=100").json)
        own.state = 1
        assert get(own, old).status == 200
        with pytest.raises(BadInput):
            own.state = 3


def test_edits_change_the_site_and_what_is_expected_of_it() -> None:
    with DemoSite() as own:
        own.edit(1187, title="Un autre titre")
        own.comment(1187, 3)
        own.vote(1187, 2, 4.5)
        own.rename(1875, "classes-bilingues")
        own.delete(1910)
        own.edit(1838, status="private")
        own.edit(2641, password=True)
        own.publish(
            {
                "id": 9001,
                "slug": "un-billet-de-plus",
                "title": "Un billet de plus",
                "in": ["actualite"],
                "before": ["Une phrase de plus."],
            }
        )
        found = {article.post_id: article for article in own.expected()}
        assert (found[1187].title, found[1187].comment_count) == ("Un autre titre", 3)
        assert (found[1187].vote_count, found[1187].rating) == (2, 4.5)
        assert (found[2641].protected, found[2641].body_text) == (True, None)
        assert not {1910, 1838} & found.keys()
        assert own.expected()[0].post_id == 9001
        assert get(own, "/ouverture-des-classes-bilingues/").status == 301
        assert "Un autre titre" in get(own, PLAIN).text
        changed = get(own, "/wp-json/wp/v2/posts?modified_after=2024-06-01T00:00:00").json
        assert {post["id"] for post in changed} == {1187, 1875, 2641, 9001}
        own.rename(1875, "ouverture-des-classes-bilingues")
        assert get(own, "/ouverture-des-classes-bilingues/").status == 200
        with pytest.raises(BadInput):
            own.delete(31337)


def test_edits_are_dated_by_the_sites_own_clock() -> None:
    with DemoSite() as own:
        moments = [own.edit(1187, title=f"Titre {n}").modified for n in range(3)]
        assert moments == sorted(set(moments))
        assert moments[0].replace(tzinfo=None) == datetime(2024, 6, 3, 9, 0)  # noqa: DTZ001


def test_the_site_grows_to_any_number_of_distinct_articles() -> None:
    with DemoSite(articles=300) as own:
        articles = own.expected()
        assert len(articles) == 300
        assert len({article.path for article in articles}) == 300
        assert len({article.body_text for article in articles}) == 300 - 1, "two are protected"
        assert get(own, articles[-1].path).status == 200
        assert get(own, "/wp-json/wp/v2/posts").header("x-wp-total") == "300"


def test_answers_arrive_and_taken_slugs_are_refused() -> None:
    with DemoSite() as own:
        own.answer(1893, "Une première phrase.", "Une seconde.")
        question = next(a for a in own.expected() if a.post_id == 1893).questions[0]
        assert (question.status, question.answer) == (
            "answered",
            "Une première phrase.\n\nUne seconde.",
        )
        assert "En attente" not in get(own, "/deconventionnement-des-transports-sanitaires/").text
        with pytest.raises(BadInput, match="belongs to post 1893"):
            own.rename(1187, "deconventionnement-des-transports-sanitaires")
        with pytest.raises(BadInput, match="no question"):
            own.answer(1910, "Rien à répondre.")


@pytest.mark.parametrize(
    "wrong",
    [
        {"titel": "x"},
        {"in": ["absente"]},
        {"id": 1187},
        {"pairs": [{"ask": ["x"], "reponse": "y"}]},
    ],
)
def test_a_typo_in_a_post_is_refused(wrong: dict[str, object]) -> None:
    entry = {"id": 9002, "slug": "essai", "title": "Essai", "in": ["actualite"]}
    with DemoSite() as own, pytest.raises(BadInput, match="post"):
        own.publish(entry | wrong)


def test_the_module_serves_until_it_is_interrupted() -> None:
    command = [sys.executable, "-m", "archiver.demo", "0", "80"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with urllib.request.urlopen(f"{url}wp-json/wp/v2/posts") as response:
            assert response.headers["X-WP-Total"] == "80"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0


def test_a_site_that_has_lost_every_article_still_answers() -> None:
    with DemoSite() as site:
        for article in site.expected():
            site.delete(article.post_id)
        paths = ("/", "/comments/feed/", "/sitemap_index.xml", "/wp-json/wp/v2/posts")
        assert [get(site, path).status for path in paths] == [200] * len(paths)

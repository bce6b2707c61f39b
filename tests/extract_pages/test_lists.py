"""Feeds, sitemaps and REST: what each list states of its articles, and where it goes on."""

import json
import re
from typing import Any

import pytest

from archiver.extract.facts import Facts, Mention, Role
from tests.extract_pages.golden import HOME, read

RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel><title>Claire Vasseur</title><link>https://claire-vasseur.example/</link>
<generator>https://wordpress.org/?v=6.9.7</generator>
<item><title>L&#8217;accès aux soins</title><link>https://claire-vasseur.example/acces/</link>
<dc:creator><![CDATA[Équipe]]></dc:creator><pubDate>Fri, 22 Nov 2019 23:30:00 +0000</pubDate>
<guid isPermaLink="false">https://claire-vasseur.example/?p=3806</guid>
<slash:comments>12</slash:comments></item>
<item><title>Protégé : Note</title><link>https://claire-vasseur.example/note/</link>
<pubDate>jamais</pubDate><slash:comments>beaucoup</slash:comments></item>
<item><title>Ailleurs</title><link>https://ailleurs.example/x/</link></item>
</channel></rss>"""


def xml(text: str, path: str) -> Facts:
    return read(text.encode(), HOME + path, content_type="application/xml; charset=UTF-8")


def rest(data: Any, path: str = "wp-json/wp/v2/posts", **headers: str) -> Facts:
    body = json.dumps(data).encode()
    return read(body, HOME + path, 200, content_type="application/json", **headers)


def test_rss() -> None:
    facts = xml(RSS, "feed/")
    assert facts.role is Role.FEED
    assert facts.mentions == (
        Mention(
            source="feed",
            url=f"{HOME}acces/",
            post_id=3806,
            title="L’accès aux soins",
            published_at="2019-11-22T23:30:00.000000Z",
            comment_count=12,
        ),
        Mention(source="feed", url=f"{HOME}note/", title="Note", protected=True),
    )
    assert facts.next_pages == (f"{HOME}feed/?paged=2",)
    assert (facts.site_name, facts.platform) == ("Claire Vasseur", "WordPress")
    assert xml(RSS, "feed/?paged=3").next_pages == (f"{HOME}feed/?paged=4",)


def test_a_feed_without_its_generator_goes_on_where_its_ids_are_wordpress_s() -> None:
    anonymous = re.sub("<generator>.*</generator>", "", RSS)
    assert xml(anonymous, "feed/").next_pages == (f"{HOME}feed/?paged=2",)
    assert xml(re.sub(r"\?p=\d+", "3806", anonymous), "feed/").next_pages == ()


def test_blanks_before_the_declaration_do_no_harm() -> None:
    assert len(xml(f"\n\ufeff \n{RSS}", "feed/").mentions) == 2


def test_atom() -> None:
    facts = xml(
        """<feed xmlns="http://www.w3.org/2005/Atom"><title>C</title>
        <link rel="next" href="/atom?page=2"/>
        <entry><title>Plan</title><link rel="self" href="/api/1"/><link href="/plan/"/>
        <id>https://claire-vasseur.example/?p=7</id><published>2019-11-22T10:00:00+01:00</published>
        <updated>2019-11-23T10:00:00Z</updated></entry></feed>""",
        "atom",
    )
    assert facts.mentions == (
        Mention(
            source="feed",
            url=f"{HOME}plan/",
            post_id=7,
            title="Plan",
            published_at="2019-11-22T09:00:00.000000Z",
            modified_at="2019-11-23T10:00:00.000000Z",
        ),
    )
    assert facts.next_pages == (f"{HOME}atom?page=2",)


def test_a_feed_of_comments_is_no_list_of_articles() -> None:
    comments = RSS.replace("/acces/<", "/acces/#comment-9<").replace("/note/<", "/a/#comment-8<")
    comments = comments.replace("<link>https://ailleurs.example/x/", "<link>/a/#comment-7")
    for path in ("acces/feed/", "comments/feed/"):
        facts = xml(comments, path)
        assert facts.role is Role.COMMENTS_FEED
        assert all(mention.source == "comments" for mention in facts.mentions)


SITEMAP = """<?xml version="1.0"?><?xml-stylesheet href="/main.xsl"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://claire-vasseur.example/</loc></url>
<url><loc> https://claire-vasseur.example/plan/ </loc><lastmod>2019-11-22T10:00:00+01:00</lastmod>
<image:image><image:loc>https://claire-vasseur.example/a.jpg</image:loc></image:image></url>
<url><loc>https://claire-vasseur.example/train/</loc><lastmod>2019-11-22</lastmod></url>
<url><loc>https://claire-vasseur.example/category/a/</loc></url>
<url><loc>https://ailleurs.example/</loc></url></urlset>"""


@pytest.mark.parametrize(
    "name",
    [
        "post-sitemap.xml",
        "post-sitemap2.xml",
        "wp-sitemap-posts-post-1.xml",
        "sitemap.xml",
        "question-sitemap.xml",
        "wp-sitemap-posts-actualite-1.xml",
    ],
)
def test_a_sitemap_of_articles(name: str) -> None:
    facts = xml(SITEMAP, name)
    assert facts.role is Role.SITEMAP
    assert facts.mentions == (
        Mention("sitemap", f"{HOME}plan/", modified_at="2019-11-22T09:00:00.000000Z"),
        Mention("sitemap", f"{HOME}train/"),
    )
    assert facts.links == (HOME, f"{HOME}category/a/")


@pytest.mark.parametrize(
    "name",
    [
        "page-sitemap.xml",
        "category-sitemap.xml",
        "post_tag-sitemap.xml",
        "author-sitemap.xml",
        "wp-sitemap-posts-page-1.xml",
        "wp-sitemap-taxonomies-category-1.xml",
        "wp-sitemap-users-1.xml",
    ],
)
def test_a_sitemap_of_other_pages_lists_no_article(name: str) -> None:
    facts = xml(SITEMAP, name)
    assert facts.mentions == ()
    assert f"{HOME}plan/" in facts.links


def test_a_sitemap_index() -> None:
    facts = xml(
        "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
        "<sitemap><loc>/post-sitemap.xml</loc></sitemap><sitemap><loc>/b.xml</loc></sitemap>"
        "</sitemapindex>",
        "sitemap_index.xml",
    )
    assert facts.role is Role.SITEMAP_INDEX
    assert facts.links == facts.endpoints.sitemaps == (f"{HOME}post-sitemap.xml", f"{HOME}b.xml")


def test_broken_xml_is_read_as_far_as_it_goes() -> None:
    assert len(xml(SITEMAP[: SITEMAP.index("<url><loc>https://ailleurs")], "a.xml").mentions) == 2


def test_an_entity_bomb_is_refused() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
    bomb += "".join(f'<!ENTITY a{i} "&a{i - 1 or ""};&a{i - 1 or ""};">' for i in range(1, 30))
    bomb += "]><rss><channel><item><title>&a29;</title><link>/x/</link></item></channel></rss>"
    assert xml(bomb, "feed/").mentions == ()
    external = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + RSS.partition("?>")[2]
    assert xml(external, "feed/").mentions == ()


POST = {
    "id": 3806,
    "link": f"{HOME}plan/",
    "title": {"rendered": "L&rsquo;accès <em>aux</em> soins &#8211; QEG"},
    "date_gmt": "2019-11-22T09:00:00",
    "modified_gmt": "2020-03-03T08:00:00",
    "content": {"rendered": "", "protected": False},
    "yoast_head_json": {"schema": {"@graph": [{"@type": "Article", "commentCount": 10}]}},
}


def test_rest_posts() -> None:
    locked = {"id": 5, "link": f"{HOME}note/", "title": {"rendered": "Protégé&nbsp;: Note"}}
    locked["content"] = {"rendered": "", "protected": True}
    facts = rest([POST, locked], x_wp_total="305", x_wp_totalpages="4")
    assert facts.role is Role.REST_POSTS
    assert facts.total == 305
    assert facts.next_pages == (f"{HOME}wp-json/wp/v2/posts?page=2",)
    assert facts.mentions == (
        Mention(
            source="rest",
            url=f"{HOME}plan/",
            post_id=3806,
            title="L’accès aux soins – QEG",
            published_at="2019-11-22T09:00:00.000000Z",
            modified_at="2020-03-03T08:00:00.000000Z",
            comment_count=10,
        ),
        Mention(source="rest", url=f"{HOME}note/", post_id=5, title="Note", protected=True),
    )


def test_rest_goes_on_by_its_link_header_and_stops() -> None:
    further = f"{HOME}wp-json/wp/v2/posts?per_page=100&page=2"
    assert rest([POST], link=f'<{further}>; rel="next"').next_pages == (further,)
    page = "wp-json/wp/v2/posts?per_page=100&page=4"
    assert rest([POST], page, x_wp_totalpages="4").next_pages == ()
    assert rest([], page).role is Role.REST_POSTS


def test_rest_comments_tell_what_the_feed_of_comments_does() -> None:
    comments = [
        {"id": 9, "post": 5, "date_gmt": "2019-11-22T09:00:00", "link": f"{HOME}note/#comment-9"},
        {
            "id": 8,
            "post": 5,
            "date_gmt": "2019-11-21T09:00:00",
            "link": f"{HOME}note/comment-page-2/#comment-8",
        },
        {
            "id": 7,
            "post": 4,
            "date_gmt": "2019-11-20T09:00:00",
            "link": "https://ailleurs.example/#comment-7",
        },
        {"id": 6, "post": 4},
        "not a comment",
    ]
    facts = rest(comments, "wp-json/wp/v2/comments?per_page=100", x_wp_totalpages="2")
    assert facts.role is Role.COMMENTS_FEED
    assert facts.mentions == tuple(
        Mention("comments", f"{HOME}note/", published_at=f"2019-11-{day}T09:00:00.000000Z")
        for day in (22, 21)
    )
    assert facts.next_pages == (f"{HOME}wp-json/wp/v2/comments?per_page=100&page=2",)


def test_rest_index_says_whether_posts_are_open() -> None:
    routes: dict[str, Any] = {"/wp/v2/posts": {}}
    index = {"name": "Claire &amp; vous", "namespaces": ["wp/v2"], "routes": routes}
    facts = rest(index, "wp-json/")
    assert (facts.role, facts.endpoints.rest) == (Role.REST_INDEX, f"{HOME}wp-json/")
    assert facts.site_name == "Claire & vous"
    assert rest({**index, "routes": {}}, "wp-json/").endpoints.rest is None
    assert rest({**index, "namespaces": ["oembed/1.0"]}, "wp-json/").endpoints.rest is None


@pytest.mark.parametrize(
    "data",
    [
        {"code": "rest_no_route"},
        [1, None, "x"],
        [{"id": "3", "link": 4}],
        [{"id": 1, "link": f"{HOME}a/", "taxonomy": "category"}],
        [{"id": 10**400, "link": f"{HOME}a/"}],
        [{"id": 1, "link": f"{HOME}a/", "title": "x", "date_gmt": 3, "yoast_head_json": []}],
        None,
        "text",
    ],
)
def test_odd_json_is_no_error(data: Any) -> None:
    for mention in rest(data, "wp-json/x").mentions + rest(data).mentions:
        assert mention.url == f"{HOME}a/"


def test_json_nested_beyond_reason() -> None:
    body = b"[" * 200_000 + b"]" * 200_000
    assert read(body, f"{HOME}wp-json/", content_type="application/json").role is Role.OTHER

"""The news spider: which pages of a deputy's site are asked for, and in which order.

Articles are found by every list the site keeps, REST, sitemaps, feeds and listings, whichever
exist; each article once. Lists come before articles, articles before other pages. Once the site was
crawled whole, only articles are asked for that the lists state otherwise than the archive. The
spider reads facts, never bytes; where a page lies in the queue, and that nothing is lost, is the
frontier's.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response

from archiver.extract.facts import Facts, Mention, Role
from archiver.extract.requisites import is_attachment
from archiver.extract.sitemaps import lists_articles
from archiver.extract.urls import in_scope, normalise, url_key
from spiders.archive import Archive

PRIORITY = {
    "home": 100,
    "rest": 90,
    "sitemap": 80,
    "feed": 70,
    "article": 60,
    "listing": 40,
    "page": 20,
    "check": 10,
    "asset": 5,
}
MAX_REDIRECTS = 5
MAX_EMBEDS = 3
"""From a page to its stylesheet, to what that imports, to a font."""

LINKS_REMEMBERED = 50_000
"""Links not looked at again, whatever number of them a page makes up."""

REST_FIELDS = "id,slug,link,date,date_gmt,modified_gmt,title,content.protected"
REST_POSTS = f"wp/v2/posts?per_page=100&_fields={REST_FIELDS}"
COMMENT_FIELDS = "per_page=100&_fields=id,post,date_gmt,link"
USUAL_SITEMAPS = ("sitemap_index.xml", "wp-sitemap.xml", "sitemap.xml")
DATED = (Role.REST_POSTS, Role.SITEMAP)
"""Lists that name every article with the instant of its last edit."""
PAGES = (Role.ARTICLE, Role.LEAF, Role.PAGE)
MACHINE_LISTS = ("rest", "sitemap", "feed")
LISTS = (Role.REST_POSTS, Role.SITEMAP, Role.FEED, Role.LISTING)


class NewsSpider(Spider):
    """Crawls one site; `only` is a URL to capture alone."""

    name = "news"

    def __init__(self, session: Archive, only: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.session = session
        self.profile = session.profile
        self.only = only
        self.sitemaps: list[str] = []
        self.twins: set[str] = set()
        self.was_answered = self.are_feeds_needed = False
        self.has_rest = self.has_list = self.has_dated_list = False
        self.linked: set[str] = set()
        self.needed: set[str] = set()
        self.fed: set[str] = set()
        self.checks = [
            self.ask_for_more_sitemaps,
            self.ask_for_feeds,
            self.ask_for_listings,
            self.ask_for_unseen,
            self.ask_for_signs_of_life,
            self.ask_for_missing,
        ]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **options: Any) -> NewsSpider:
        spider = super().from_crawler(crawler, *args, **options)
        crawler.signals.connect(spider.read_robots, signals.robots_parsed)
        crawler.signals.connect(spider.check_what_is_gone, signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        if self.only:
            yield self.ask(self.only, "article")
        else:
            yield self.ask(self.profile.home_url, "home")

    def read_robots(self, robotparser: Any, request: Request) -> None:
        """robots.txt of the seed's host names the sitemaps; it is read before the home page."""
        if url_key(request.url).split("/")[0] == url_key(self.profile.home_url).split("/")[0]:
            self.sitemaps += list(robotparser.rp.sitemaps)

    def parse(self, response: Response) -> Iterator[Request]:
        facts: Facts = response.meta["facts"]
        self.was_answered = self.was_answered or facts.role in (*PAGES, *LISTS)
        self.has_list = self.has_list or (facts.role in LISTS and bool(facts.mentions))
        self.has_dated_list = self.has_dated_list or (facts.role in DATED and bool(facts.mentions))
        self.learn_twins(response, facts)
        if facts.redirect_to:
            yield from self.follow_redirect(response, facts.redirect_to)
        yield from self.ask_for_assets(response, facts)
        if self.only or response.meta["kind"] == "asset":
            return
        if response.meta["kind"] in MACHINE_LISTS and facts.role is Role.LISTING:
            return  # without permalinks WordPress shows its home page at any address
        # WordPress may stand in a folder of a site whose home page is not its own.
        if response.meta["kind"] == "home" or (facts.endpoints.rest and not self.has_rest):
            self.has_rest = bool(facts.endpoints.rest)
            yield from self.ask_for_lists(response, facts)
        yield from self.ask_beside_rest(response, facts)
        wanted = [mention for mention in facts.mentions if self.is_wanted(mention)]
        for mention in wanted:
            yield from self.ask_for_page(response, mention.url, "article")
        kind = "listing" if facts.role is Role.LISTING else response.meta["kind"]
        if self.does_list_go_on(facts, wanted):
            for url in facts.next_pages:
                yield from self.ask_for_page(response, url, kind)
        if facts.role is Role.SITEMAP_INDEX:
            for url in facts.links:
                if lists_articles(url) or not self.session.incremental:
                    yield from self.ask_for_page(response, url, "sitemap")
        elif self.are_links_followed(response, facts):
            for url in facts.links:
                yield from self.ask_for_page(response, url, "page")

    def is_wanted(self, mention: Mention) -> bool:
        return not (self.session.incremental and self.session.is_current(mention))

    def does_list_go_on(self, facts: Facts, wanted: list[Mention]) -> bool:
        """REST and sitemaps are read whole, and so is an article on several pages. Feeds, and in
        incremental crawls listings, go on only where the former are lacking: until they tell
        nothing new, feeds in a full crawl to their end. Comments go on while all are new."""
        if facts.role in (Role.ARTICLE, Role.LEAF):
            return True
        if facts.role is Role.COMMENTS_FEED:
            return self.session.incremental and len(wanted) == len(facts.mentions)
        if facts.role is Role.FEED:
            told = {mention.url for mention in facts.mentions}
            fresh = wanted if self.session.incremental else told - self.fed
            self.fed |= told
            # Which list answers first is chance: are_feeds_needed is known once all are read.
            return self.are_feeds_needed and bool(fresh)
        if self.session.incremental and facts.role not in DATED:
            return bool(wanted) and not self.has_dated_list
        return True

    def are_links_followed(self, response: Response, facts: Facts) -> bool:
        """From the home page, listings and plain pages; from articles only where no list exists;
        never again in incremental crawls."""
        if self.session.incremental:
            return False
        if response.meta["depth"] >= self.profile.max_depth:
            return False
        if facts.role in (Role.ARTICLE, Role.LEAF):
            return not self.has_list
        return facts.role in (Role.LISTING, Role.PAGE)

    def ask_for_lists(self, response: Response, facts: Facts) -> Iterator[Request]:
        """The lists that the page declares, else those at their usual address; an incremental crawl
        leaves the sitemaps until REST has failed."""
        home = response.url
        rest = facts.endpoints.rest or urljoin(home, "/wp-json/")
        posts = REST_POSTS.replace("?", "&") if "?" in rest else REST_POSTS
        yield self.ask(rest + posts, "rest", response)
        self.sitemaps += facts.endpoints.sitemaps
        if not self.session.incremental:
            yield from self.ask_for_sitemaps(response)
        yield self.ask(facts.endpoints.feed or urljoin(home, "/feed/"), "feed", response)
        spoken = facts.endpoints.comments_feed or urljoin(home, "/comments/feed/")
        yield self.ask(spoken, "feed", response)

    def ask_for_sitemaps(self, response: Response | None = None) -> Iterator[Request]:
        usual = (urljoin(self.profile.home_url, f"/{name}") for name in USUAL_SITEMAPS)
        for url in self.sitemaps or usual:
            if in_scope(url, self.profile) and not self.is_twin(url):
                yield self.ask(url, "sitemap", response)

    def ask_beside_rest(self, response: Response, facts: Facts) -> Iterator[Request]:
        """The comments where REST lists the posts, the sitemaps where it does not."""
        if facts.role is Role.REST_POSTS and facts.mentions:
            base, name, query = response.url.partition("wp/v2/posts")
            if name:
                yield self.ask(f"{base}wp/v2/comments{query[:1]}{COMMENT_FIELDS}", "feed", response)
        elif response.meta["kind"] == "rest":
            yield from self.ask_for_sitemaps(response)

    def ask_for_assets(self, response: Response, facts: Facts) -> Iterator[Request]:
        """What the page needs to be replayed, and the PDFs an article links to, after all else; one
        that the archive holds from an earlier crawl is asked for again by a full crawl only."""
        if response.meta["hops"].count("E") >= MAX_EMBEDS:
            return
        attached = filter(is_attachment, facts.links) if facts.article else ()
        for url in (*facts.requisites, *attached):
            if (
                self.is_first_time(url, self.needed)
                and in_scope(url, self.profile, asset=True)
                and self.session.wants_asset(url)
            ):
                yield self.ask(url, "asset", response, hop="E")

    def ask_for_page(self, response: Response, url: str, kind: str) -> Iterator[Request]:
        first = self.is_first_time(url, self.linked)
        if first and in_scope(url, self.profile) and not self.is_twin(url):
            yield self.ask(url, kind, response)

    def is_first_time(self, url: str, met: set[str]) -> bool:
        """Whether a link must be looked at; the menu of a site is the same on each of its pages,
        and the frontier would take no address twice."""
        if url in met:
            return False
        if len(met) >= LINKS_REMEMBERED:
            met.clear()
        met.add(url)
        return True

    def follow_redirect(self, response: Response, target: str) -> Iterator[Request]:
        meta = response.meta
        redirects = len(meta["hops"]) - len(meta["hops"].rstrip("R"))
        asset = meta["kind"] == "asset"
        if redirects >= MAX_REDIRECTS or not in_scope(target, self.profile, asset=asset):
            if meta["kind"] == "home":
                self.session.hint = f"it redirects to {target}, crawl that address instead"
            return
        request = self.ask(target, meta["kind"], response, hop="R")
        if url_key(target) == url_key(response.url):
            request.meta["key"] = f"redirect {normalise(target)}"
        yield request

    def ask(self, url: str, kind: str, response: Response | None = None, hop: str = "L") -> Request:
        came = response.meta if response else {}
        key = normalise(url) if kind == "asset" else url_key(url)
        return Request(
            url,
            priority=PRIORITY[kind],
            meta={
                "kind": kind,
                "key": key,
                "depth": came.get("depth", 0) + (1 if response and hop == "L" else 0),
                "via": response.url if response else None,
                "hops": came.get("hops", "") + (hop if response else ""),
            },
        )

    def learn_twins(self, response: Response, facts: Facts) -> None:
        """Path prefixes of the translations, from the page's own alternates: `/en/` beside `/`."""
        path = urlsplit(response.url).path
        for language, url in facts.alternates.items():
            other = urlsplit(url).path
            if language[:2] != self.profile.language[:2] and other != path and other.endswith(path):
                self.twins.add(other.removesuffix(path.lstrip("/")))

    def is_twin(self, url: str) -> bool:
        path = urlsplit(url).path + "/"
        return not self.profile.follow_twins and any(path.startswith(twin) for twin in self.twins)

    def check_what_is_gone(self) -> None:
        """At the end, unless the site is down: lists not read yet, articles that no list named,
        then those not found, again, after the home page and an article, so that one crawl tells."""
        while self.checks and self.was_answered and not self.only:
            requests = self.checks.pop(0)()
            for request in requests:
                self.crawler.engine.crawl(request)
            if requests:
                raise DontCloseSpider

    def ask_for_more_sitemaps(self) -> list[Request]:
        return list(self.ask_for_sitemaps()) if self.session.wants_sitemaps() else []

    def ask_for_feeds(self) -> list[Request]:
        self.are_feeds_needed = self.session.needs_feeds()
        further = self.session.further_feeds() if self.are_feeds_needed else []
        return [self.ask(url, "feed") for url in further]

    def ask_for_listings(self) -> list[Request]:
        if not self.session.incremental:
            return []
        return [self.ask(url, "listing") for url in self.session.listings()]

    def ask_for_unseen(self) -> list[Request]:
        return [self.ask(url, "article") for url in self.session.unseen()]

    def ask_for_signs_of_life(self) -> list[Request]:
        home = [self.profile.home_url] if self.session.missing() else []
        return [self.again(url) for url in (*home, *self.session.witnesses())]

    def ask_for_missing(self) -> list[Request]:
        return [self.again(url) for url in self.session.missing()]

    def again(self, url: str) -> Request:
        request = self.ask(url, "check")
        request.meta["key"] = f"again {normalise(url)}"
        return request

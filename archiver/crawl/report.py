"""What a crawl amounts to: its outcome, and how complete the archive is beside the site's lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archiver.counting import counted
from archiver.crawl.session import Session
from archiver.store.coverage import Tally
from archiver.store.frontier import Frontier, Left
from archiver.store.model import CrawlEnd, Outcome
from archiver.store.outages import MANY

DISALLOWED = "Forbidden by robots.txt"
"""Scrapy's reason for an address that it leaves aside."""

NOT_FOR_US = ("HTTP 401", "HTTP 403")
FORBIDDEN = "its robots.txt forbids it"


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """`listed` counts the articles each list named (`rest`, `sitemap`, `feed`, `listing`),
    `missing` are listed articles that the archive does not hold; `sentence` says in one line what
    went wrong, or None; `kept` counts the captures of the whole crawl, `captures` and `pages` those
    of this run."""

    site: str
    crawl_id: int
    outcome: Outcome
    captures: int
    pages: int
    archived: int
    questions: int
    new_articles: int
    changed_articles: int
    listed: Mapping[str, int]
    protected: int
    missing: tuple[str, ...]
    failed: Mapping[str, str]
    skipped: Mapping[str, int]
    exact: bool
    sentence: str | None
    kept: int

    def end(self, finished_at: str) -> CrawlEnd:
        """The closing values of the crawl's row."""
        return CrawlEnd(
            finished_at=finished_at,
            outcome=self.outcome,
            pages=self.kept,
            new_articles=self.new_articles,
            changed_articles=self.changed_articles,
            errors=len(self.failed),
        )


def report_of(session: Session, reason: str) -> CrawlReport:
    """Read the outcome off the archive."""
    tally = session.store.tally(session.profile.site_id, session.crawl_id)
    failed = {left.url: left.reason for left in session.frontier.failures()}
    unreached = _unreached(session, tally, failed)
    outcome, sentence = _judge(session, reason, tally, unreached)
    if outcome == "failed" and unreached:
        failed = failed or {session.profile.home_url: unreached}
    return CrawlReport(
        site=session.profile.site_id,
        crawl_id=session.crawl_id,
        outcome=outcome,
        captures=session.captures,
        pages=session.pages,
        archived=tally.archived,
        questions=tally.questions,
        new_articles=tally.new_articles,
        changed_articles=tally.changed_articles,
        listed=tally.listed,
        protected=tally.protected,
        missing=tally.missing,
        failed=failed,
        skipped=dict(Counter(left.reason for left in session.frontier.left_aside())),
        exact=session.exact is not False,
        sentence=sentence,
        kept=tally.captures,
    )


def log_of(frontier: Frontier) -> Iterator[str]:
    """A line for each address of the crawl that is not in the archive, with the reason."""
    for what, urls in (("failed", frontier.failures()), ("skipped", frontier.left_aside())):
        for left in urls:
            yield f"{what} {left.url} {left.reason}"


def _unreached(session: Session, tally: Tally, failed: Mapping[str, str]) -> str | None:
    """Why not a single page was captured; None when one was. A crawl killed at its very end has
    nothing left to ask for when it is taken up again."""
    given_up = session.errors or session.left_aside
    if session.reached or (tally.captures and not given_up):
        return None
    why = next(iter((*session.closed_hosts.values(), *failed.values())), None)
    return why or (FORBIDDEN if tally.captures else "nothing answered")


def _judge(
    session: Session, reason: str, tally: Tally, unreached: str | None
) -> tuple[Outcome, str | None]:
    home = session.profile.home_url
    if reason == "shutdown":
        return "interrupted", "Interrupted: run the same command again to resume."
    if session.stopped:
        return "incomplete", f"Stopped early, {session.stopped}: run the command again later."
    if unreached:
        advice = "Check the address, or try again later."
        if unreached == FORBIDDEN:
            advice = "Ask the site's owner to allow it."
        return "failed", f"{home} could not be crawled: {unreached}. {advice}"
    if session.exhausted() and session.frontier.has_pending():
        return "budget", "The page budget is used up: run the same command again to go on."
    found = tally.listed if session.incremental else tally.found or session.options.only
    if not (tally.archived and found):
        aside = {left.url for left in session.frontier.left_aside() if left.reason == DISALLOWED}
        usual = (
            "it is closed or was redesigned, try again later, then check the profile's rules"
            if tally.archived
            else "check that it is a news site"
        )
        if aside.intersection(tally.missing):
            usual = "its robots.txt forbids those that it lists, ask its owner to allow them"
        return "failed", f"No article was found at {home}: {session.hint or usual}."
    if tally.lost >= MANY:
        lost = (
            f"None of {tally.lost} articles that were asked for is there any more, though {home} "
            "answers. The site is broken, was redesigned or has moved: look at it, then check the "
            "profile's rules. Articles are marked gone after a week of that."
        )
        return "incomplete", lost
    articles = sum(1 for left in session.frontier.failures("article") if _is_due(session, left))
    if articles:
        named = counted(articles, "listed article")
        return "incomplete", f"{named} could not be captured: run the command again."
    return "complete", None


def _is_due(session: Session, left: Left) -> bool:
    """Whether an article that was not captured should have been: not one that the site's list has
    ceased to name, and that it forbids, as a post made private may be."""
    if left.reason not in NOT_FOR_US:
        return True
    store, crawl = session.store, session.crawl_id
    return not store.has_complete_list(crawl) or store.names(crawl, left.url)

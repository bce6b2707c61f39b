"""A crawl's result as a person or a script reads it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from archiver.crawl.report import CrawlReport
from archiver.errors import CrawlIncomplete, Interrupted

SHOWN = 10
"""Addresses printed of a longer list."""

LIST_NAMES = {"rest": "REST", "sitemap": "sitemap", "feed": "feed", "listing": "listings"}


def finish(
    report: CrawlReport,
    news: Mapping[str, object] | None = None,
    lines: Iterable[str] = (),
    *,
    as_json: bool,
) -> None:
    """Print the summary and the crawl's news, which are `lines` for a person and `news` in JSON;
    then raise what the outcome amounts to, if anything."""
    if as_json:
        whole = {**asdict(report), **(news or {})}
        print(json.dumps(whole, ensure_ascii=False, indent=2))  # noqa: T201
    elif report.captures:
        _print_summary(report)
        for line in lines:
            print(line)  # noqa: T201
    if report.outcome == "interrupted":
        raise Interrupted(report.sentence)
    if report.outcome in ("incomplete", "failed"):
        raise CrawlIncomplete(report.sentence)


def completeness(report: CrawlReport) -> str:
    """How many articles each of the site's lists names, and how many the archive holds."""
    parts = [
        f"{LIST_NAMES[source]} {count}"
        for source, count in report.listed.items()
        if source in LIST_NAMES
    ]
    protected = f" ({report.protected} protected)" if report.protected else ""
    return ", ".join([*parts, f"archived {report.archived}{protected}"])


def _print_summary(report: CrawlReport) -> None:
    console = Console(highlight=False)
    table = Table(
        title=f"{report.site}, crawl {report.crawl_id}: {report.outcome}", show_header=False
    )
    rows = {
        "completeness": completeness(report),
        "articles": f"{report.archived} ({report.questions} questions), "
        f"{report.new_articles} new, {report.changed_articles} changed",
        "this run": f"{report.pages} pages, {report.captures} captures",
        "not captured": str(len(report.failed)) if report.failed else "",
        "left aside": ", ".join(f"{count} ({reason})" for reason, count in report.skipped.items()),
        "exact bytes": "" if report.exact else "no: responses were reconstructed",
    }
    for name, value in rows.items():
        if value:
            table.add_row(name, value)
    console.print(table)
    for title, urls in (
        ("Listed but not in the archive", report.missing),
        ("Not captured", tuple(f"{url}: {reason}" for url, reason in report.failed.items())),
    ):
        if urls:
            console.print(f"{title}:")
            for url in urls[:SHOWN]:
                console.print(f"  {url}", markup=False, soft_wrap=True)
            if len(urls) > SHOWN:
                console.print(f"  and {len(urls) - SHOWN} more")
    if report.outcome == "budget":
        console.print(report.sentence)

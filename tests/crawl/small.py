"""A part of the sample site, for tests to which its size makes no difference but in time."""

from archiver.demo.server import DemoSite


def shrink(site: DemoSite, articles: int) -> None:
    """Leave the newest articles only."""
    for article in site.expected()[articles:]:
        site.delete(article.post_id)

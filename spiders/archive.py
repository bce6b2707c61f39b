"""What the news spider may ask of the archive it crawls for; the session of a crawl answers."""

from typing import Protocol

from archiver.extract.facts import Mention
from archiver.profiles.model import Profile


class Archive(Protocol):
    """What the spider may ask of the archive."""

    profile: Profile
    incremental: bool
    """Whether only what may have changed is asked for."""
    hint: str | None
    """What a person should know when nothing was found."""

    def is_current(self, mention: Mention) -> bool:
        """Whether the archive holds the article as the list states it."""

    def needs_feeds(self) -> bool:
        """Whether neither REST nor the sitemaps could be read whole, once they have been asked."""

    def further_feeds(self) -> list[str]:
        """The next pages of the feeds that were read; in incremental crawls, of those that named an
        article to ask for."""

    def listings(self) -> list[str]:
        """Listings to read because neither REST nor a sitemap was there, in incremental crawls."""

    def wants_sitemaps(self) -> bool:
        """In incremental crawls, whether REST could not be read whole, or is known to leave out
        articles that the sitemaps name."""

    def wants_asset(self, url: str) -> bool:
        """Whether an image, a stylesheet, a script, a font or a PDF should be asked for."""

    def unseen(self) -> list[str]:
        """Articles held that no list led to: in incremental crawls those no longer listed, and
        those captured longest ago."""

    def missing(self) -> list[str]:
        """Articles not known to be gone whose own URL answered 404 or 410 in this crawl."""

    def witnesses(self) -> list[str]:
        """Articles that should be there, to be asked for where some are missing, or where no list
        names any: if none is found, it is the site that is not as it was."""

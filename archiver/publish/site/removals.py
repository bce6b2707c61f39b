"""Articles that were taken out of a publication: at their addresses, which others may have cited,
readers are told so.

Only a digest of each address is kept: neither a title nor a URL is published again for that.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from urllib.parse import quote, unquote

from archiver.publish.site.addresses import article_key
from archiver.publish.site.replaying import PLUGIN

REMOVED = "removed"
Named = tuple[str, str, int | None]
"""The site, the URL and the post ID of an article."""


def names_of(articles: Iterable[Named]) -> set[str]:
    """The digests of the addresses that articles have, by number and by path."""
    keys = (
        (site, article_key(url, number)) for site, url, post in articles for number in (post, None)
    )
    return {_digest(quote(site), quote(key)) for site, key in keys}


def was_removed(datasette: Any, request: Any) -> bool:
    """Whether the request is for an article that was taken out."""
    asked = request.url_vars
    if not {"site", "key"} <= asked.keys():
        return False
    names = (datasette.plugin_config(PLUGIN) or {}).get(REMOVED, ())
    return _digest(asked["site"], asked["key"]) in names


def _digest(site: str, key: str) -> str:
    name = f"{unquote(site)}/{unquote(key).rstrip('/')}"
    return sha256(name.encode("utf-8", "replace")).hexdigest()[:32]

"""What the store reads out of a URL's key, `host/path?query` (`archiver.extract.urls.url_key`).

Identity compares keys, never URLs: the scheme, `www.`, the case of the path and a trailing slash
do not tell two pages apart.
"""

import re

POST_NUMBER = re.compile(r"\?(?:.*&)?p=(\d{1,18})(?:&|$)")
LANGUAGE_PREFIX = re.compile(r"([^/?]+)/[a-z]{2}(?:-[a-z]{2})?/(.+)")


def host_of(key: str) -> str:
    """The host of a key."""
    return re.split(r"[/?]", key, maxsplit=1)[0]


def is_home(key: str) -> bool:
    """Whether a key is its host's home page."""
    return key == host_of(key)


def post_number(key: str) -> int | None:
    """The post ID of a `?p=ID` key."""
    found = POST_NUMBER.search(key)
    return int(found[1]) if found else None


def short_key(host: str, post_id: int) -> str:
    """The key of WordPress's short link to a post."""
    return f"{host}?p={post_id}"


def slug_of(key: str) -> str | None:
    """The last part of a key's path; None for the home page and for `?p=ID`."""
    if is_home(key) or post_number(key) is not None:
        return None
    return key.partition("?")[0].rpartition("/")[2]


def without_language(key: str) -> str | None:
    """`host/slug` for `host/en/slug`; None when the path does not start with a language."""
    found = LANGUAGE_PREFIX.fullmatch(key)
    return f"{found[1]}/{found[2]}" if found else None

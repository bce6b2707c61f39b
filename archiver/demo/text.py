"""Text as WordPress prints it: texturised French, inline markup, dates in words, slugs in URLs."""

import re
from datetime import datetime
from urllib.parse import quote

from markupsafe import Markup, escape

MONTHS_FR = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_STRONG = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"\[(.+?)\]\((\S+?)\)")
_BEFORE_HIGH_SIGN = re.compile(r" (?=[:;?!»])")


def texturise(text: str, *, hard_spaces: bool = False) -> str:
    """What wptexturize makes of typed text; `hard_spaces` when the editor typed NBSP as well."""
    text = text.replace("'", "’").replace("...", "…")
    if hard_spaces:
        text = _BEFORE_HIGH_SIGN.sub("\u00a0", text).replace("« ", "«\u00a0")
    return text


def plain(text: str) -> str:
    """The text a reader sees of a line with inline markup."""
    return _LINK.sub(r"\1", _STRONG.sub(r"\1", text))


def inline(text: str, base: str) -> Markup:
    """A line with `**strong**` and `[link](/path)` as HTML, everything else escaped."""
    html = str(escape(text))
    html = _STRONG.sub(r"<strong>\1</strong>", html)

    def anchor(match: re.Match[str]) -> str:
        target = match[2] if "://" in match[2] else base + match[2]
        return f'<a href="{target}">{match[1]}</a>'

    return Markup(_LINK.sub(anchor, html))  # noqa: S704 - escaped above


def day_in_words(moment: datetime, lang: str) -> str:
    """The site's date format `j F, Y`: "22 novembre, 2019" (never "1er")."""
    months = MONTHS_EN if lang == "en" else MONTHS_FR
    return f"{moment.day} {months[moment.month - 1]}, {moment.year}"


def slug_path(slug: str) -> str:
    """A slug as WordPress writes it into links: lower-case percent escapes."""
    return re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), quote(slug))


def abbreviated(count: int) -> str:
    """wpDiscuz's readable numbers: exact below 1,000, then "1.2K"."""
    if count < 1000:
        return str(count)
    return f"{int(count / 100) / 10:g}K"

"""A capture of an article as a citation: a sentence, BibTeX, RIS and CSL-JSON.

ISO 690 for the sentence; BibLaTeX `@online`; RIS type ELEC; CSL 1.0.2 `webpage`. Each names the
permalink, the instant of capture and the SHA-256 of the captured bytes.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from archiver.publish.site.formats import NO_BREAK, day, moment

_BIBTEX_SPECIAL = re.compile(r"[\\{}$&#^_~%]")
_BIBTEX_WORDS = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited: `url` is the page on its own site, `permalink` our page of it; `digest` is
    `sha256:` and hexadecimal."""

    title: str
    author: str | None
    site_name: str
    published_on: str | None
    url: str
    permalink: str
    captured_at: str
    digest: str | None
    key: str


def as_text(cited: Citation) -> str:
    """One sentence, in French."""
    author = f"{cited.author}, " if cited.author else ""
    published = f", {day(cited.published_on)}" if cited.published_on else ""
    digest = f" Empreinte du contenu{NO_BREAK}: {cited.digest}." if cited.digest else ""
    return (
        f"{author}«{NO_BREAK}{cited.title}{NO_BREAK}», {cited.site_name}{published}, {cited.url}. "
        f"Capturé le {moment(cited.captured_at)} (heure de Paris), {cited.permalink}.{digest}"
    )


def as_bibtex(cited: Citation) -> str:
    """A BibLaTeX entry."""
    fields = {
        "title": cited.title,
        "author": f"{{{_bibtex(cited.author)}}}" if cited.author else None,
        "organization": cited.site_name,
        "date": cited.published_on,
        "url": cited.url.replace("{", "%7B").replace("}", "%7D"),
        "urldate": cited.captured_at[:10],
        "note": _note(cited),
    }
    lines = [
        f"  {name} = {{{value if name in _RAW else _bibtex(value)}}},"
        for name, value in fields.items()
        if value
    ]
    return "\n".join([f"@online{{{cited.key},", *lines, "}"]) + "\n"


_RAW = {"author", "url", "date", "urldate"}


def as_ris(cited: Citation) -> str:
    """A RIS record; line ends are CRLF as the format asks."""
    fields = [
        ("TY", "ELEC"),
        ("TI", cited.title),
        ("AU", cited.author),
        ("PB", cited.site_name),
        ("DA", cited.published_on.replace("-", "/") if cited.published_on else None),
        ("UR", cited.url),
        ("Y2", cited.captured_at[:10].replace("-", "/")),
        ("N1", _note(cited)),
    ]
    lines = [f"{tag}  - {_one_line(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def as_csl(cited: Citation) -> str:
    """A CSL-JSON array of one item."""
    item: dict[str, object] = {
        "id": cited.key,
        "type": "webpage",
        "title": cited.title,
        "container-title": cited.site_name,
        "URL": cited.url,
        "accessed": _csl_date(cited.captured_at[:10]),
        "archive_location": cited.permalink,
        "note": _note(cited),
    }
    if cited.author:
        item["author"] = [{"literal": cited.author}]
    if cited.published_on:
        item["issued"] = _csl_date(cited.published_on)
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


FORMATS: Mapping[str, tuple[str, Callable[[Citation], str]]] = {
    "txt": ("text/plain", as_text),
    "bib": ("application/x-bibtex", as_bibtex),
    "ris": ("application/x-research-info-systems", as_ris),
    "json": ("application/vnd.citationstyles.csl+json", as_csl),
}
"""File ending → media type and writer."""


def _note(cited: Citation) -> str:
    digest = f", {cited.digest}" if cited.digest else ""
    return f"Capture : {cited.captured_at}, {cited.permalink}{digest}"


def _bibtex(text: str | None) -> str:
    return _BIBTEX_SPECIAL.sub(
        lambda found: _BIBTEX_WORDS.get(found[0], "\\" + found[0]), _one_line(text or "")
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _csl_date(value: str) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in value.split("-")]]}

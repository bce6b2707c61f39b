"""Highlights that hostile text cannot forge: random marks from FTS5, turned into `<mark>` only
after everything else has been escaped."""

import secrets

from markupsafe import Markup, escape

OPEN = f"[{secrets.token_hex(8)}["
CLOSE = f"]{secrets.token_hex(8)}]"


def marked(text: str | None) -> Markup:
    """Escaped text, with what FTS5 marked inside `<mark>`."""
    escaped = str(escape(text or ""))
    return Markup(escaped.replace(OPEN, "<mark>").replace(CLOSE, "</mark>"))  # noqa: S704


def unmarked(text: str | None) -> str:
    """The text without marks."""
    return (text or "").replace(OPEN, "").replace(CLOSE, "")

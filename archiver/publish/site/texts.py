"""Archived text as HTML: escaped, in paragraphs, with the words of a search and the demand marked.

Each stretch between two marks is an element of its own, so that the HTML is well formed however
marks, demand and lines cross.
"""

import re

from markupsafe import Markup, escape

from archiver.publish.site.search.marking import CLOSE, OPEN

LONGEST_DEMAND = 2000
_DEMAND_OPEN, _DEMAND_CLOSE = OPEN[::-1], CLOSE[::-1]
_MARK = f"(?:{re.escape(OPEN)}|{re.escape(CLOSE)})?"
_SIGN = re.compile("|".join(map(re.escape, (OPEN, CLOSE, _DEMAND_OPEN, _DEMAND_CLOSE, "\n"))))


def paragraphs(text: str | None, demand: str | None = None) -> Markup:
    """The lines of a text as `<p>` elements; the sentence `demand`, where the text holds it, is in
    `<span class="demand">`, broken where a mark crosses its ends."""
    whole = "\n".join(_with_demand(text or "", demand).splitlines())
    lines, line = [], ""
    searching = asking = False
    start = 0
    for sign in (*_SIGN.finditer(whole), None):
        end = sign.start() if sign else len(whole)
        line += _piece(whole[start:end], searching=searching, asking=asking)
        start = sign.end() if sign else end
        match sign and sign[0]:
            case "\n" | None:
                lines.append(line)
                line = ""
            case known if known in {OPEN, CLOSE}:
                searching = known == OPEN
            case known:
                asking = known == _DEMAND_OPEN
    html = "\n".join(f"<p>{line}</p>" for line in lines if line.strip())
    return Markup(html)  # noqa: S704 - every piece was escaped


def _piece(text: str, *, searching: bool, asking: bool) -> str:
    html = str(escape(text))
    if not html:
        return ""
    if searching:
        html = f"<mark>{html}</mark>"
    return f'<span class="demand">{html}</span>' if asking else html


def _with_demand(text: str, demand: str | None) -> str:
    """Put marks around the demand, which search marks may interrupt."""
    if not demand or len(demand) > LONGEST_DEMAND:
        return text
    span = _span_of(text, demand)
    if span is None:
        return text
    start, end = span
    return text[:start] + _DEMAND_OPEN + text[start:end] + _DEMAND_CLOSE + text[end:]


def _span_of(text: str, demand: str) -> tuple[int, int] | None:
    start = text.find(demand)
    if start >= 0:
        # As it mostly is; a pattern of every word takes longer to make than the rest of the page.
        return start, start + len(demand)
    words = (_MARK + re.escape(word) + _MARK for word in re.findall(r"\w+|[^\w\s]", demand))
    found = re.search(r"\s*".join(words), text)
    return found.span() if found else None

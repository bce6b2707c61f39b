"""Golden pages: `tests/pages/<theme>/<case>.html` beside `<case>.json`, what extraction must say.

The JSON holds the page's `url` and its `facts` without links and page requisites; fields at their
default are left out.
"""

import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from archiver.extract import extract
from archiver.extract.facts import Facts, Response
from archiver.profiles import load

PAGES = Path(__file__).parent.parent / "pages"
HOME = "https://claire-vasseur.example/"
PROFILE = load(HOME)
DAY = date(2026, 11, 24)
LEFT_OUT = ("links", "requisites")


@dataclass(frozen=True, slots=True)
class Case:
    """One saved page with what is expected of it; `expected` is None while nobody reviewed it."""

    name: str
    page: Path
    url: str
    expected: dict[str, Any] | None

    @property
    def answer(self) -> Path:
        """Where the expected facts are kept."""
        return self.page.with_suffix(".json")

    def facts(self) -> dict[str, Any]:
        """The facts extraction finds in the page."""
        return told(read(self.page.read_bytes(), self.url))


def cases() -> list[Case]:
    """All golden pages, by name."""
    return [_case(page) for page in sorted(PAGES.rglob("*.html"))]


def read(body: bytes, url: str = f"{HOME}plan/", status: int = 200, **headers: str) -> Facts:
    """The facts of a body served as HTML, unless a `content_type` says otherwise."""
    named = {"content-type": ("text/html; charset=UTF-8",)}
    named |= {name.replace("_", "-"): (value,) for name, value in headers.items()}
    return extract(Response(url, status, named, body), PROFILE, DAY)


def told(facts: Facts) -> dict[str, Any]:
    """Facts as JSON data, without what is at its default."""
    kept = {
        field.name: value
        for field in fields(facts)
        if field.name not in LEFT_OUT and (value := getattr(facts, field.name))
    }
    data = {name: _plain(value) for name, value in kept.items()}
    return {name: value for name, value in data.items() if value not in ({}, [])}


def written(case: Case) -> str:
    """The text of an answer file for a case."""
    data = {"url": case.url, "facts": case.facts()}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _case(page: Path) -> Case:
    name = f"{page.parent.name}/{page.stem}"
    answer = page.with_suffix(".json")
    if not answer.exists():
        return Case(name, page, f"{HOME}{page.stem}/", None)
    data = json.loads(answer.read_text("utf-8"))
    return Case(name, page, data["url"], data.get("facts"))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return value
    if not hasattr(value, "__dataclass_fields__"):
        return value
    plain = json.loads(json.dumps(asdict(value)))
    return _without_empty(plain)


def _without_empty(data: Any) -> Any:
    if isinstance(data, list):
        return [_without_empty(item) for item in data]
    if not isinstance(data, dict):
        return data
    return {
        key: _without_empty(value)
        for key, value in data.items()
        if value is not None and value is not False and value not in ([], {}, "")
    }

"""Geometry of the charts, computed here and drawn as SVG, mostly by `templates/site/charts.html`.

No script draws anything: a bar is a link to its rows, and each chart stands above a table of the
same figures. Lengths are SVG units; the drawing scales with the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from math import ceil, log10
from typing import NamedTuple

from markupsafe import Markup

WIDTH = 1100
HEIGHT = 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 12, 28
_MOST_BARS_APART = 160
_MOST_KEPT = 4096


class Part(NamedTuple):
    """A part of a stacked column to draw: `name` is its CSS class, `value` its height."""

    name: str
    value: int


class Column(NamedTuple):
    """A column to draw: its parts from the ground up, where it leads, what a pointer reads, and by
    which key a script knows it. A tuple, since its drawing is kept and found by its values."""

    parts: tuple[Part, ...]
    link: str
    hint: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, what it says, and which part of the text stands there."""

    at: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """A chart of columns, all drawn as SVG links."""

    columns: Markup
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    height: int
    ground: int
    width: int = WIDTH
    left: int = _LEFT
    right: int = WIDTH - _RIGHT


@dataclass(frozen=True, slots=True)
class StepChart:
    """A line that keeps its value until the next reading: `path` is the SVG path, `points` the
    readings themselves."""

    path: str
    points: tuple[tuple[float, float, str], ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    height: int
    ground: int
    width: int = WIDTH
    left: int = _LEFT
    right: int = WIDTH - _RIGHT


def columns(
    drawn: Sequence[Column], labels: Sequence[tuple[int, str]], height: int = HEIGHT
) -> ColumnChart:
    """Draw stacked columns side by side; `labels` are (index of a column, text) below them."""
    top, step = _scale(max((sum(p.value for p in c.parts) for c in drawn), default=0))
    ground = height - _BOTTOM
    per_unit = (ground - _TOP) / top
    slot = (WIDTH - _LEFT - _RIGHT) / max(len(drawn), 1)
    gap = 0.2 * slot if len(drawn) <= _MOST_BARS_APART else 0.0
    made = "\n".join(
        _drawn(column, _LEFT + index * slot, slot, gap, ground, per_unit)
        for index, column in enumerate(drawn)
    )
    bars = Markup(made)  # noqa: S704 (each is drawn escaped)
    across = tuple(Tick(round(_LEFT + (i + 0.5) * slot, 1), text) for i, text in labels)
    return ColumnChart(bars, across, _up(top, step, ground, per_unit), height, ground)


@lru_cache(maxsize=_MOST_KEPT)
def _drawn(
    column: Column, left: float, width: float, gap: float, ground: int, per_unit: float
) -> Markup:
    """A column `width` wide with its gap, as an SVG link. There are hundreds on a page, of which a
    change alters few; that this is not in a template takes a tenth of the time."""
    bars, y = [], float(ground)
    for part in column.parts:
        if part.value:
            height = part.value * per_unit
            y -= height
            place = _place(left + gap / 2, y, width - gap, height)
            bars.append(f'<rect class="bar bar-{escape(part.name)}" {place}/>')
    key = f' data-key="{escape(column.key)}"' if column.key else ""
    svg = (
        f'<a href="{escape(column.link)}" tabindex="-1"{key}><title>{escape(column.hint)}</title>'
        f'<rect class="target" {_place(left, _TOP, width, ground - _TOP)}/>{"".join(bars)}</a>'
    )
    return Markup(svg)  # noqa: S704 (all that is not ours is escaped)


def _place(x: float, y: float, width: float, height: float) -> str:
    return (
        f'x="{round(x, 2)}" y="{round(y, 2)}" width="{round(width, 2)}" height="{round(height, 2)}"'
    )


def steps(
    readings: Sequence[tuple[float, int, str]], labels: Sequence[tuple[float, str]]
) -> StepChart:
    """Draw readings (day as a number, value, what a pointer reads) as steps; `labels` are
    (day, text) below."""
    top, step = _scale(max((value for _, value, _ in readings), default=0))
    ground = HEIGHT - _BOTTOM
    per_unit = (ground - _TOP) / top
    first, last = readings[0][0], readings[-1][0]
    per_day = (WIDTH - _LEFT - _RIGHT - 12) / ((last - first) or 1)

    def x(day: float) -> float:
        return round(_LEFT + 6 + (day - first) * per_day, 1)

    points = tuple(
        (x(day), round(ground - value * per_unit, 1), hint) for day, value, hint in readings
    )
    path = f"M{points[0][0]} {points[0][1]}" + "".join(f"H{px}V{py}" for px, py, _ in points[1:])
    across = tuple(Tick(x(day), text, _anchor(day, first, last)) for day, text in labels)
    return StepChart(path, points, across, _up(top, step, ground, per_unit), HEIGHT, ground)


def _anchor(day: float, first: float, last: float) -> str:
    """Texts at both ends stay inside the drawing."""
    return "start" if day == first else "end" if day == last else "middle"


def _up(top: int, step: int, ground: int, per_unit: float) -> tuple[Tick, ...]:
    return tuple(
        Tick(round(ground - value * per_unit, 1), str(value)) for value in range(0, top + 1, step)
    )


def _scale(highest: int) -> tuple[int, int]:
    """A round top not below the highest value, and the distance of its ticks."""
    if highest <= 4:
        return max(highest, 1), 1
    rough = highest / 4
    power = 10 ** int(log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough)
    return step * ceil(highest / step), step

"""Where the columns and dots of a chart stand. No Flask, no database, no clock.

Across, everything is a percentage of the width, so that a chart fits every screen and its texts keep their size. Down,
it is pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from math import ceil

LEFT = 9.0  # percent, for the numbers of the grid
TOP, PLOT, BELOW = 14.0, 190.0, 44.0
BOTTOM, HEIGHT = TOP + PLOT, TOP + PLOT + BELOW
MOST_LABELS = 12
MOST_STEPS = 4
FILL = 0.76  # of the room of a month that its columns take
WIDEST = 8.0  # percent, of one column


@dataclass(frozen=True)
class Month:
    """How a month is called: under the chart, and in full."""

    short: str
    year: str
    full: str


@dataclass(frozen=True)
class Series:
    """One kind of figure: its name, how one of it is said ("12 ontvangen"), and per month how many, or None."""

    name: str
    said: str
    values: Sequence[int | None]


@dataclass(frozen=True)
class Line:
    """A line of the grid and its number."""

    y: float
    number: int


@dataclass(frozen=True)
class Label:
    """The name of a month under the middle of its room, and perhaps the year."""

    x: float
    month: str
    year: str
    is_spare: bool  # left out where there is little room


@dataclass(frozen=True)
class Point:
    """The middle of the top of a column, or of a dot, and what it stands for."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Drawn:
    """A series as it is drawn. Joints are between months that follow each other and both have a figure."""

    name: str
    points: Sequence[Point]
    joints: Sequence[tuple[Point, Point]]


@dataclass(frozen=True)
class Chart:
    """All that a template needs to draw."""

    series: Sequence[Drawn]
    lines: Sequence[Line]
    labels: Sequence[Label]
    width: float  # of a column
    bottom: float = BOTTOM
    height: float = HEIGHT
    left: float = LEFT


def chart(months: Sequence[Month], all_series: Sequence[Series], *, side_by_side: bool) -> Chart:
    """A chart of at least one month: the series of a month beside each other, as columns are, or above each other."""
    grid = grid_for(max((value or 0 for series in all_series for value in series.values), default=0))
    room = (100 - LEFT) / len(months)
    width = min(room * FILL / len(all_series), WIDEST)

    def drawn(place: int, series: Series) -> Drawn:
        shift = (place - (len(all_series) - 1) / 2) * width if side_by_side else 0
        points = [
            None
            if value is None
            else Point(round(_middle(room, at) + shift, 2), _y(value, grid), f"{month.full}: {value} {series.said}")
            for at, (month, value) in enumerate(zip(months, series.values, strict=True))
        ]
        joints = [(one, other) for one, other in pairwise(points) if one and other]
        return Drawn(series.name, [point for point in points if point], joints)

    return Chart(
        series=[drawn(place, series) for place, series in enumerate(all_series)],
        lines=[Line(_y(number, grid), number) for number in grid],
        labels=_labels(months, room),
        width=round(width, 2),
    )


def grid_for(highest: int) -> list[int]:
    """The numbers beside the grid: from 0 to the highest or just above it, few, round, and equally far apart."""
    steps = (factor * 10**power for power in count() for factor in (1, 2, 5))
    step = next(step for step in steps if step * MOST_STEPS >= highest)
    return [step * number for number in range(max(ceil(highest / step), 1) + 1)]


def _y(value: int, grid: Sequence[int]) -> float:
    return round(BOTTOM - PLOT * value / grid[-1], 1)


def _middle(room: float, at: int) -> float:
    return LEFT + room * (at + 0.5)


def _labels(months: Sequence[Month], room: float) -> list[Label]:
    """Of many months not every one is named. A year is named where it begins, unless the next name needs the room."""
    every = ceil(len(months) / MOST_LABELS)
    named = list(enumerate(months))[::every]
    labels, before = list[Label](), ""
    for number, (at, month) in enumerate(named):
        later = named[number + 1][1].year if number + 1 < len(named) else month.year
        year = month.year if month.year != before and later == month.year else ""
        labels.append(Label(round(_middle(room, at), 2), month.short, year, is_spare=bool(number % 2)))
        before = month.year
    return labels

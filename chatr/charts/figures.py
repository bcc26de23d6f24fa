"""What a chart shows, in numbers and in one sentence. Nothing here knows how it is drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_SERIES = 4  # as many as there are patterns that stay apart in black and white


@dataclass(frozen=True)
class Point:
    """One number and what it is of. ``value`` is None where it is too small to be shown; ``n`` is how many people it
    rests on, where that is another number."""

    label: str
    value: float | None
    n: int | None = None


@dataclass(frozen=True)
class Series:
    """Points under one name, such as ``Before`` and ``After``. Every series of a chart has the same labels."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Figure:
    """One chart: a title, one to four series over the same labels, and the unit of their values.

    ``whole`` is where the picture ends, if not at the largest value; ``labels_are`` heads the labels in the table.

    :raises ValueError: if there is nothing to show, too many series, or their labels differ
    """

    title: str
    series: tuple[Series, ...]
    unit: str = ""
    hidden_as: str = "fewer than 5"
    whole: float | None = None
    labels_are: str = "What"

    def __post_init__(self):
        labels = {tuple(point.label for point in each.points) for each in self.series}
        if not 1 <= len(self.series) <= MOST_SERIES or len(labels) != 1 or () in labels:
            raise ValueError(f"A chart has 1 to {MOST_SERIES} series over the same labels.")

    @property
    def labels(self) -> tuple[str, ...]:
        """What each point is of, in order."""
        return tuple(point.label for point in self.series[0].points)

    @property
    def top(self) -> float:
        """The value the picture ends at: the whole where there is one, else a round number above the largest."""
        if self.whole:
            return self.whole
        return round_up(max((point.value or 0 for each in self.series for point in each.points), default=0))

    @property
    def shows_n(self) -> bool:
        """Whether any value rests on another number of people."""
        return any(point.n is not None for each in self.series for point in each.points)

    def in_words(self, value: float | None) -> str:
        """A value as people read it: ``40%``, ``1,204``, ``3.5 days``, ``fewer than 5``."""
        if value is None:
            return self.hidden_as
        return self.number(value) if self.unit in ("", "%") else f"{self.number(value)} {self.unit}"

    def number(self, value: float) -> str:
        """A value without words: ``1,204``, ``3.5``, ``40%``."""
        return f"{value:,.1f}".removesuffix(".0") + ("%" if self.unit == "%" else "")

    @property
    def head(self) -> list[str]:
        """The header of the table beside the picture."""
        if len(self.series) == 1:
            named, counted = ["Value" if self.unit else "How many"], ["People (n)"]
        else:
            named = [each.name for each in self.series]
            counted = [f"{name}: people (n)" for name in named]
        return [self.labels_are, *named, *(counted if self.shows_n else [])]

    @property
    def rows(self) -> list[list[str]]:
        """The rows of the table beside the picture: label, values, and the people they rest on."""
        rows = []
        for points in zip(*(each.points for each in self.series), strict=True):
            people = [f"{point.n:,}" if point.n is not None else "–" for point in points] if self.shows_n else []
            rows.append([points[0].label, *(self.in_words(point.value) for point in points), *people])
        return rows


def figure(title: str, rows: Iterable, *, unit: str = "", whole: float | None = None, **rest) -> Figure:
    """A chart from points, from series, or from plain rows: ``[label, value]``, ``[label, value, n]`` or dicts."""
    given = tuple(rows)
    if not given or not isinstance(given[0], Series):
        given = (Series("", tuple(_point(row) for row in given)),)
    return Figure(title, given, unit=unit, whole=100 if unit == "%" and whole is None else whole, **rest)


def compared(chart: Figure) -> str:
    """A bar chart in one sentence: its largest and smallest values."""
    return _sentence(_extremes(chart, each) for each in chart.series)


def over_time(chart: Figure) -> str:
    """A trend in one sentence: where each series starts and ends."""
    return _sentence(_change(chart, each) for each in chart.series)


def round_up(value: float) -> float:
    """The next round number at or above a value: 1, 1.5, 2, 3 … 10, 15, 20 …; 1 for none."""
    step = 1.0
    while step * 10 < value:
        step *= 10
    return next(step * times for times in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if value <= step * times)


def _point(row: Point | dict | Sequence) -> Point:
    if isinstance(row, Point):
        return row
    return Point(**row) if isinstance(row, dict) else Point(*row)


def _sentence(parts: Iterable[str]) -> str:
    return f"{'; '.join(parts)}."


def _named(series: Series, words: str) -> str:
    return f"{series.name}: {words}" if series.name else words[0].upper() + words[1:]


def _extremes(chart: Figure, series: Series) -> str:
    shown = sorted((point for point in series.points if point.value is not None), key=lambda point: -point.value)
    if not shown:
        return _named(series, f"every value is {chart.hidden_as}")
    most, least = shown[0], shown[-1]
    if most.value == least.value:
        words = f"{'each value shown' if len(shown) > 1 else most.label} is {chart.in_words(most.value)}"
    else:
        words = f"the highest is {most.label} with {chart.in_words(most.value)}"
        words += f", the lowest {least.label} with {chart.in_words(least.value)}"
    if hidden := len(series.points) - len(shown):
        words += f", and {hidden} {'is' if hidden == 1 else 'are'} {chart.hidden_as}"
    return _named(series, words)


def _change(chart: Figure, series: Series) -> str:
    first, last = series.points[0], series.points[-1]
    if first is last:
        return _named(series, f"{chart.in_words(first.value)} in {first.label}")
    return _named(
        series, f"from {chart.in_words(first.value)} ({first.label}) to {chart.in_words(last.value)} ({last.label})"
    )

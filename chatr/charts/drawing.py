"""Where everything in a picture stands. Units are those of the picture's own grid, about one to a pixel on a phone."""

from dataclasses import dataclass

from .figures import Figure

WIDTH = 400
LINE = 18  # a line of text
BAR = 20
GAP = 12
VALUE_ROOM = 92  # beside the longest bar, for its value in words
LONGEST_LABEL = 52  # letters that fit across the picture; the table has the whole label

LEFT, RIGHT, TOP, PLOT, BELOW = 46, 36, 14, 170, 40  # a trend: room for its scale and last label, the plot, its labels
KEY_WIDTH, KEY_HEIGHT = 36, 16
DASHES = ("", "7 4", "2 4", "10 3 2 3")


@dataclass(frozen=True)
class Bar:
    """A bar with its value in words. A value too small to be shown has words and no bar."""

    series: int
    y: int
    width: float
    text: str
    shown: bool

    @property
    def text_x(self) -> float:
        return self.width + 8

    @property
    def text_y(self) -> int:
        return self.y + BAR - 5


@dataclass(frozen=True)
class Label:
    """A word in the picture."""

    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True)
class Bars:
    """A bar chart: groups of bars under their labels."""

    height: int
    labels: list[Label]
    bars: list[Bar]
    bar_height: int = BAR


@dataclass(frozen=True)
class Stretch:
    """Points of one series with nothing missing between them, as ``x,y x,y``."""

    series: int
    dash: str
    points: str


@dataclass(frozen=True)
class Mark:
    """One point of a trend. Each series has its own shape, as a path around the point."""

    series: int
    path: str


@dataclass(frozen=True)
class Key:
    """A bit of a trend line for the legend."""

    dash: str
    path: str
    width: int = KEY_WIDTH
    height: int = KEY_HEIGHT


@dataclass(frozen=True)
class Trend:
    """Trend lines over a scale from zero."""

    height: int
    scale: list[Label]
    labels: list[Label]
    stretches: list[Stretch]
    marks: list[Mark]
    left: int = LEFT
    right: int = WIDTH - RIGHT + 5


def bars(chart: Figure) -> Bars:
    """A bar chart, bars lying so that long labels fit above them."""
    longest, y = WIDTH - VALUE_ROOM, 0
    labels, drawn = [], []
    for place, label in enumerate(chart.labels):
        labels.append(Label(0, y + LINE - 5, shortened(label)))
        y += LINE
        for number, series in enumerate(chart.series):
            value = series.points[place].value
            width = round(longest * min(value / chart.top, 1), 1) if value else 0
            drawn.append(Bar(number, y, width, chart.in_words(value), shown=bool(value)))
            y += BAR + 3
        y += GAP
    return Bars(y, labels, drawn)


def trend(chart: Figure) -> Trend:
    """Trend lines from left to right; a line breaks where a value is too small to be shown."""
    count = len(chart.labels)
    across = (WIDTH - LEFT - RIGHT - 5) / max(count - 1, 1)
    bottom = TOP + PLOT

    def x(place: int) -> float:
        return round(LEFT + 5 + across * place, 1)

    def y(value: float) -> float:
        return round(bottom - PLOT * min(value / chart.top, 1), 1)

    every = -(-count // 5)  # at most five labels, the last among them, so that none stands on another
    labels = [
        Label(x(place), bottom + 20, shortened(label, 10), "middle")
        for place, label in enumerate(chart.labels)
        if (count - 1 - place) % every == 0
    ]
    scale = [Label(LEFT - 6, y(value), chart.number(value), "end") for value in (0, chart.top / 2, chart.top)]
    stretches, marks = [], []
    for number, series in enumerate(chart.series):
        points = [
            (x(place), y(point.value)) if point.value is not None else None for place, point in enumerate(series.points)
        ]
        stretches += [Stretch(number, DASHES[number], each) for each in _unbroken(points)]
        marks += [Mark(number, _mark(number, *point)) for point in points if point]
    return Trend(bottom + BELOW, scale, labels, stretches, marks)


def shortened(text: str, most: int = LONGEST_LABEL) -> str:
    """A label that fits into the picture."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def key(series: int) -> Key:
    """How one series of a trend looks, in the middle of a small picture beside its name."""
    return Key(DASHES[series], _mark(series, KEY_WIDTH / 2, KEY_HEIGHT / 2))


def _unbroken(points: list[tuple[float, float] | None]) -> list[str]:
    runs: list[list[str]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(f"{point[0]},{point[1]}")
    return [" ".join(run) for run in runs if len(run) > 1]


def _mark(series: int, x: float, y: float) -> str:
    """A circle, a square, a triangle or a diamond around a point."""
    return (
        f"M{x - 4.5},{y}a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0z",
        f"M{x - 4},{y - 4}h8v8h-8z",
        f"M{x},{y - 5}l5,9h-10z",
        f"M{x},{y - 5.5}l5.5,5.5l-5.5,5.5l-5.5,-5.5z",
    )[series]

"""A plain map: how many places of services are in each square of the British National Grid. Arithmetic alone.

A square is known by its column and row: its south-west corner in metres, divided by its side and rounded down.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

SIDE = 500  # metres
MOST_COLUMNS = 18  # wider maps are drawn in squares twice as large, so that numbers can be read on a phone
MARGIN = 1

Square = tuple[int, int]


@dataclass(frozen=True)
class Land:
    """What lies in a square: the borough and the first half of the postcode most of its postcodes have."""

    gss: str
    outcode: str
    postcodes: int


@dataclass(frozen=True)
class Dot:
    """A square with places. ``x`` and ``y`` count squares from the top left corner of the drawing."""

    x: int
    y: int
    count: int
    words: str


@dataclass(frozen=True)
class Label:
    """The name of a borough and the middle of where it is written."""

    x: float
    y: float
    name: str


@dataclass(frozen=True)
class Drawing:
    """A map ready to be drawn, in squares: ``side`` metres each, ``width`` by ``height`` of them."""

    side: int
    width: int
    height: int
    land: list[str] = field(default_factory=list)  # one path a borough, the lighter and the darker in turn
    labels: list[Label] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)


def draw(counts: dict[Square, int], land: dict[Square, Land], boroughs: dict[str, str]) -> Drawing:
    """A drawing of places by square of 500 m, on the boroughs they are in.

    ``boroughs`` are the names by ONS code, in order, of those to draw.
    """
    here = {square: each for square, each in land.items() if each.gss in boroughs}
    side, factor = SIDE, 1
    if _width([*here, *counts]) > MOST_COLUMNS:
        side, factor = 2 * SIDE, 2
        here, counts = _coarser(here), _coarser_counts(counts)
    everything = [*here, *counts]
    if not everything:
        return Drawing(side, 1, 1)
    left = min(x for x, _ in everything) - MARGIN
    top = max(y for _, y in everything) + MARGIN
    width = max(x for x, _ in everything) - left + 1 + MARGIN
    height = top - min(y for _, y in everything) + 1 + MARGIN
    shown = {(x - left, top - y): each for (x, y), each in here.items()}
    taken = {(x - left, top - y) for x, y in counts}
    squares = {gss: [square for square, each in shown.items() if each.gss == gss] for gss in boroughs}
    return Drawing(
        side=SIDE * factor,
        width=width,
        height=height,
        land=[_path(each) for each in squares.values()],
        labels=[_label(name, squares[gss], taken) for gss, name in boroughs.items() if squares[gss]],
        dots=[
            Dot(x - left, top - y, count, _words(here.get((x, y)), boroughs, count))
            for (x, y), count in sorted(counts.items(), key=lambda each: (-each[0][1], each[0][0]))
        ],
    )


def _width(squares: list[Square]) -> int:
    columns = [x for x, _ in squares]
    return max(columns) - min(columns) + 1 if columns else 0


def _coarser(land: dict[Square, Land]) -> dict[Square, Land]:
    """The same in squares of twice the side: what most of their postcodes have."""
    together = defaultdict(list)
    for (x, y), each in land.items():
        together[x // 2, y // 2].append(each)
    return {square: most_of(parts) for square, parts in together.items()}


def _coarser_counts(counts: dict[Square, int]) -> dict[Square, int]:
    found = Counter()
    for (x, y), count in counts.items():
        found[x // 2, y // 2] += count
    return dict(found)


def most_of(parts: Iterable[Land]) -> Land:
    """Several pieces of land as one: the borough, and in it the outcode, that most of their postcodes have."""
    boroughs, outcodes = Counter(), Counter()
    for part in parts:
        boroughs[part.gss] += part.postcodes
        outcodes[part.gss, part.outcode] += part.postcodes
    gss = max(sorted(boroughs), key=boroughs.__getitem__)
    outcode = max(sorted(code for its, code in outcodes if its == gss), key=lambda code: outcodes[gss, code])
    return Land(gss, outcode, sum(boroughs.values()))


def _path(squares: list[Square]) -> str:
    """An SVG path of squares: those side by side in a row are one step, which keeps the page small."""
    runs, rows = [], defaultdict(list)
    for x, y in squares:
        rows[y].append(x)
    for y, columns in sorted(rows.items()):
        start = last = None
        for x in sorted(columns):
            if last is not None and x == last + 1:
                last = x
                continue
            if start is not None:
                runs.append(f"M{start} {y}h{last - start + 1}v1h-{last - start + 1}z")
            start = last = x
        runs.append(f"M{start} {y}h{last - start + 1}v1h-{last - start + 1}z")
    return "".join(runs)


def _label(name: str, squares: list[Square], taken: set[Square]) -> Label:
    """Near the middle of the borough, in the row with the fewest numbers to hide."""
    x = sum(x for x, _ in squares) / len(squares) + 0.5
    middle = sum(y for _, y in squares) / len(squares)
    half = len(name) * 0.27 + 0.5  # about what the name is wide, in squares

    def cost(y: int) -> float:
        return abs(y - middle) + 4 * sum(abs(column + 0.5 - x) < half for column, row in taken if row == y)

    y = min(sorted({y for _, y in squares}), key=cost)
    return Label(round(x, 1), y + 0.5, name)


def _words(land: Land | None, boroughs: dict[str, str], count: int) -> str:
    place = f"{land.outcode}, {boroughs[land.gss]}" if land else "Elsewhere"
    return f"{place}: {count} place{'' if count == 1 else 's'}"

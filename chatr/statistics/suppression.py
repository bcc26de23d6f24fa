"""Small counts left out of a table, and with them what would give them away.

A count of 1 to 4 in a small place can point to a family, so it is left out: primary suppression. Where totals are
published a single gap can be filled by taking away, so other counts go too until no gap can be worked out: secondary
suppression. Source: Government Statistical Service, "Guidance for tables produced from administrative sources", and
the Office for National Statistics' policy on protecting confidentiality in tables, which ask for both.

Zero is shown. It says that nobody is there, so it points to nobody, and leaving zeros out would hide that a service
reached no one. The price is that a reader knows every gap to be 1 or more, and the check below reckons with that.

A gap is the same whether the count was small or left out to protect another: telling the two apart would narrow both.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

NOT_SHOWN = "not shown"
NOTE = "Numbers from 1 to {most} are not shown, nor are numbers they could be worked out from."

Place = tuple[int, int]
Rows = tuple[tuple[int, ...], ...]
Gaps = tuple[tuple[int | None, ...], ...]


@dataclass(frozen=True)
class Table:
    """How many people there are of each kind, by row and by column, with the totals of both published.

    With one row or one column alone it is a one-way table, published with one total.

    :raises ValueError: if there are no counts, the rows differ in length, or a count is below 0
    """

    counts: Rows

    def __post_init__(self):
        lengths = {len(row) for row in self.counts}
        if len(lengths) != 1 or 0 in lengths or any(count < 0 for row in self.counts for count in row):
            raise ValueError("A table has rows of the same length, and counts of 0 or more.")


@dataclass(frozen=True)
class Published:
    """A table as it may be published: None where a count is left out.

    A one-way table has no totals by row or column, only the one of all. ``note`` goes beside a table with any gap.
    """

    counts: Gaps
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None
    note: str


def suppress(table: Table, *, below: int = 5) -> Published:
    """The table with each count and total from 1 to ``below - 1`` left out, and as few others as needed.

    For every gap there are at least two values that fit everything published.
    """
    counts = _with_totals(table)
    unpublished = _unpublished(counts)
    gaps = {place for place, count in _places(counts) if 0 < count < below} - unpublished
    for place in sorted(gaps):
        gaps |= _protection(place, counts, gaps, unpublished)
    shown = [[None if (i, j) in gaps else count for j, count in enumerate(row)] for i, row in enumerate(counts)]
    return Published(
        counts=tuple(tuple(row[:-1]) for row in shown[:-1]),
        row_totals=() if unpublished else tuple(row[-1] for row in shown[:-1]),
        column_totals=() if unpublished else tuple(shown[-1][:-1]),
        total=shown[-1][-1],
        note=NOTE.format(most=below - 1) if gaps else "",
    )


def in_words(count: int | None) -> str:
    """A count of a published table as people read it: ``1,204``, or ``not shown``."""
    return NOT_SHOWN if count is None else f"{count:,}"


def _with_totals(table: Table) -> Rows:
    rows = [(*row, sum(row)) for row in table.counts]
    return (*rows, tuple(sum(column) for column in zip(*rows, strict=True)))


def _places(counts: Rows) -> Iterator[tuple[Place, int]]:
    return (((i, j), count) for i, row in enumerate(counts) for j, count in enumerate(row))


def _unpublished(counts: Rows) -> set[Place]:
    """The totals by row and column of a one-way table, which only repeat its counts and its total."""
    last_row, last_column = len(counts) - 1, len(counts[0]) - 1
    if last_row > 1 and last_column > 1:
        return set()
    totals = {place for place, _ in _places(counts) if last_row == place[0] or last_column == place[1]}
    return totals - {(last_row, last_column)}


def _protection(place: Place, counts: Rows, gaps: set[Place], unpublished: set[Place]) -> set[Place]:
    """The cheapest places to leave out so that the count at ``place`` cannot be worked out.

    With each total taken negative, every row and every column sums to zero. So another table fits what is published
    if, along a closed path that turns at gaps from row to column and back, counts go up and down by one in turn and
    stay possible. The path with the least count still published is found as the shortest of a graph: a node for each
    row and each column, a step from row to column where a count may rise and back where it may fall.
    Source: D. Gusfield, "A graph theoretic approach to statistical data security", SIAM J. Comput. 17 (1988).
    """
    last_row, last_column = len(counts) - 1, len(counts[0]) - 1

    def cost(step: Place) -> float:
        """What is lost by leaving the count out. Totals are kept longest, the total of all to the very end."""
        if step in gaps or step in unpublished:
            return 0
        totals = (step[0] == last_row) + (step[1] == last_column)
        return inf if counts[step[0]][step[1]] == 0 else (counts[step[0]][step[1]] + 1) * 1000**totals

    def may_change(step: Place, rising: bool) -> bool:
        """Whether the count, or the total taken negative, may go up or down by one and stay possible."""
        if (step[0] == last_row) != (step[1] == last_column):
            rising = not rising
        lowest = 0 if step in unpublished else 1
        return rising or counts[step[0]][step[1]] > lowest

    paths = (_path(place, counts, rising, cost, may_change) for rising in (True, False) if may_change(place, rising))
    _, steps = min(paths)
    return set(steps) - unpublished


def _path(place: Place, counts: Rows, rising: bool, cost, may_change) -> tuple[float, list[Place]]:
    """What it costs to close a path through a place whose count rises or falls, and the places it turns at."""
    start, goal = (("column", place[1]), ("row", place[0]))
    if not rising:
        start, goal = goal, start
    waiting: list = [(0, start, [])]
    seen = set()
    while waiting:
        lost, here, steps = heapq.heappop(waiting)
        if here == goal:
            return lost, steps
        if here in seen:
            continue
        seen.add(here)
        from_row = here[0] == "row"
        for other in range(len(counts[0]) if from_row else len(counts)):
            step = (here[1], other) if from_row else (other, here[1])
            if step != place and cost(step) < inf and may_change(step, from_row):
                onward = ("column" if from_row else "row", other)
                heapq.heappush(waiting, (lost + cost(step), onward, [*steps, step]))
    return inf, []

"""What was measured, as a table for people and as JSON for programs."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True)
class Result:
    """One thing measured, beside its floor. ``within`` is None where nothing is promised."""

    benchmark: str
    what: str
    unit: str
    floor: float | None
    ours: float
    ratio: float | None
    promise: str = ""
    within: bool | None = None
    rounds: tuple[tuple[float, float], ...] = ()  # floor and ours in each round


def compared(
    benchmark: str,
    what: str,
    unit: str,
    rounds: list[tuple[float, float]],
    *,
    promise: str = "",
    keeps: Callable[[float, float], bool] | None = None,
) -> Result:
    """The medians of rounds of floor and ours, and the median of each round's own ratio.

    :param keeps: whether our figure and the ratio keep the promise
    """
    ours = median(ours for _, ours in rounds)
    ratio = median(ours / floor for floor, ours in rounds)
    within = keeps(ours, ratio) if keeps else None
    return Result(
        benchmark, what, unit, median(floor for floor, _ in rounds), ours, ratio, promise, within, tuple(rounds)
    )


HEADINGS = ("benchmark", "what", "floor", "portal", "portal / floor", "promised", "")


def table(results: list[Result]) -> str:
    """The results in columns, one a line."""
    rows = [HEADINGS, *(_cells(result) for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def _cells(result: Result) -> tuple[str, ...]:
    return (
        result.benchmark,
        f"{result.what}, {result.unit}" if result.unit else result.what,
        _figure(result.floor),
        _figure(result.ours),
        "" if result.ratio is None else f"{result.ratio:.2f}",
        result.promise,
        {None: "", True: "kept", False: "MISSED"}[result.within],
    )


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def as_data(results: list[Result]) -> list[dict]:
    """For JSON."""
    return [asdict(result) for result in results]

"""What somebody asks the directory: words and filters, all of them plain values."""

from dataclasses import dataclass, replace
from datetime import time as Time
from decimal import Decimal

METRES_A_MILE = 1609.344
DISTANCES = (Decimal("0.5"), Decimal(1), Decimal(2), Decimal(5), Decimal(10))  # miles to choose from

# Each filter by its name in the address of the page, with the fields of a question it fills. Taking away the place
# takes away the distance from it.
FILTERS = {
    "q": ("words",),
    "age": ("ages",),
    "need": ("need",),
    "where": ("area", "point", "distance"),
    "refer": ("refer",),
    "cost": ("cost",),
    "distance": ("distance",),
    "day": ("day",),
    "time": ("time",),
    "language": ("language",),
    "access": ("access",),
    "level": ("level",),
    "space": ("space",),
}


@dataclass(frozen=True)
class Question:
    """One search. An empty value asks nothing; a question without any value asks for everything.

    ``need`` and ``access`` are codes of terms, ``area`` the ONS code of a borough, ``point`` easting and northing in
    metres, ``refer`` family or professional, ``cost`` free or paid, ``distance`` miles from ``point``, ``day`` 0 for
    Monday, ``language`` an ISO 639-3 code, ``level`` the id of a level of need.
    """

    words: str = ""
    ages: tuple[Decimal, ...] = ()
    need: str = ""
    area: str = ""
    point: tuple[float, float] | None = None
    refer: str = ""
    cost: str = ""
    distance: Decimal | None = None
    day: int | None = None
    time: Time | None = None
    language: str = ""
    access: tuple[str, ...] = ()
    level: int | None = None
    space: bool = False

    @property
    def applied(self) -> tuple[str, ...]:
        """Names of the filters that ask something. A distance without a place asks nothing."""
        return tuple(name for name in FILTERS if self._asks(name))

    def _asks(self, name: str) -> bool:
        if name == "where":
            return bool(self.area) or self.point is not None
        if name == "distance":
            return self.distance is not None and self.point is not None
        value = getattr(self, FILTERS[name][0])
        return value not in (None, "", (), False) or (name == "day" and value == 0)

    def without(self, name: str) -> "Question":
        """The same question without one filter."""
        empty = Question()
        return replace(self, **{field: getattr(empty, field) for field in FILTERS[name]})

    def but(self, **changes) -> "Question":
        """The same question with some values changed."""
        return replace(self, **changes)

    @property
    def metres(self) -> float | None:
        """The distance in metres, where one is asked for."""
        return float(self.distance) * METRES_A_MILE if "distance" in self.applied else None

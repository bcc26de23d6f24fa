"""What a search answers."""

from dataclasses import dataclass, field

from ...models import Listing
from ...rules.search.words import Reading

CAP = 200  # nobody reads further; counting further would cost more than it tells
PAGE = 20


@dataclass(frozen=True)
class Count:
    """How many services there are; ``more`` says that there are more than that."""

    number: int
    more: bool = False

    @classmethod
    def of(cls, counted: int) -> "Count":
        """From a count that stopped one after the cap."""
        return cls(min(counted, CAP), counted > CAP)

    def __str__(self) -> str:
        return f"more than {self.number}" if self.more else str(self.number)


@dataclass(frozen=True)
class Result:
    """One service that was found.

    ``why`` in plain words, such as ("age 7", "counselling", "free"); ``misses`` what it does not fit, such as
    ("age 9",) of two children; ``not_stated`` labels such as "age not stated"; ``metres`` to its nearest place that
    may be shown, None where there is nothing to measure.
    """

    # Headings results come under, in this order. Without a place to measure from all of them are in the first.
    NEAR, ELSEWHERE, CLOSED = "near", "elsewhere", "closed"
    GROUPS = {
        NEAR: "",
        ELSEWHERE: "Without a place to measure: online, at home, or the address is not shown",
        CLOSED: "Closed for now",
    }

    listing: Listing
    why: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    not_stated: tuple[str, ...] = ()
    metres: float | None = None
    group: str = NEAR

    @property
    def heading(self) -> str:
        """What its group is called; empty for the first."""
        return self.GROUPS[self.group]


@dataclass(frozen=True)
class Found:
    """One page of what was found, in an order that is the same each time.

    ``corrected`` says which typed word was read as which; ``words_used`` are the words after that. ``counts`` holds,
    for need, refer, cost, language, access, level, space and day, by the value of each option (for space and day:
    True, and 0 to 6), what choosing it would give. ``instead`` is filled when nothing was found: which filter to drop
    and what that would give, best first.
    """

    total: int
    more: bool
    page: int
    pages: int
    results: list[Result]
    corrected: dict[str, str] = field(default_factory=dict)
    words_used: str = ""
    counts: dict[str, dict[object, Count]] = field(default_factory=dict)
    instead: list[tuple[str, Count]] = field(default_factory=list)
    reading: Reading = field(default_factory=Reading)  # how the words were read, to ask the same once more

    @property
    def count(self) -> Count:
        """The total, as it is said."""
        return Count(self.total, self.more)

"""What is kept for how long. Each app registers its rules in its ``retention.py``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class RetentionRule:
    """One promise about one kind of data.

    ``purge(before)`` removes or empties what ended before that moment and gives the count; running it again changes
    nothing. ``name`` says in plain words what goes: "Text of messages".
    """

    code: str
    name: str
    keep_for: timedelta
    purge: Callable[[datetime], int]


_rules: dict[str, RetentionRule] = {}


def register(rule: RetentionRule) -> None:
    """Have a rule run every day.

    :raises ValueError: if another rule has the same code
    """
    if _rules.setdefault(rule.code, rule) != rule:
        raise ValueError(f"There are two retention rules called {rule.code}.")


def every_rule() -> list[RetentionRule]:
    """All rules, by code."""
    return [rule for _, rule in sorted(_rules.items())]

"""What follows when it becomes certain where a person works, for the areas built on accounts.

An area registers a function in its AppConfig's ``ready``. It runs in the transaction that confirmed the membership, so
either both happen or neither.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from .models import Membership, User

Follower = Callable[[list[Membership], User | None, datetime], None]
_followers: list[Follower] = []


def when_confirmed(follower: Follower) -> Follower:
    """Call ``follower(memberships, by, now)`` with those that become good enough to act on, together."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def tell_followers(memberships: Iterable[Membership], *, by: User | None, now: datetime) -> None:
    """Say that these memberships are confirmed, in an active organisation."""
    together = list(memberships)
    for follower in _followers:
        follower(together, by, now)

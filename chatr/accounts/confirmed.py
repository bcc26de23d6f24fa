"""What follows when it becomes certain where a person works, for the areas built on accounts.

An area registers a function in its AppConfig's ``ready``. It runs in the transaction that confirmed the membership, so
either both happen or neither.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from .models import Membership, User

Follower = Callable[[Membership, User | None, datetime], None]
_followers: list[Follower] = []


def when_confirmed(follower: Follower) -> Follower:
    """Call ``follower(membership, by, now)`` for every membership that becomes good enough to act on."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def tell_followers(memberships: Iterable[Membership], *, by: User | None, now: datetime) -> None:
    """Say that these memberships are confirmed, in an active organisation."""
    for membership in memberships:
        for follower in _followers:
            follower(membership, by, now)

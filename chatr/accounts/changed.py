"""What follows when an organisation changes, for the areas built on accounts.

An area registers its functions in its AppConfig's ``ready``. They run in the transaction of the change, so either both
happen or neither.
"""

from collections.abc import Callable
from datetime import datetime

from .models import Organisation, User

ChangeFollower = Callable[[Organisation, User | None, datetime], None]
MergeFollower = Callable[[Organisation, Organisation, User | None, datetime], None]
_change_followers: list[ChangeFollower] = []
_merge_followers: list[MergeFollower] = []


def when_organisation_changes(follower: ChangeFollower) -> ChangeFollower:
    """Call ``follower(organisation, by, now)`` after its name, status or anything else of it changed, and after another
    became one with it.
    """
    if follower not in _change_followers:
        _change_followers.append(follower)
    return follower


def before_organisations_merge(follower: MergeFollower) -> MergeFollower:
    """Call ``follower(kept, duplicate, by, now)`` before the rows of the duplicate become the kept one's.

    It settles what both may have only one of. The rest is moved by itself.
    """
    if follower not in _merge_followers:
        _merge_followers.append(follower)
    return follower


def tell_of_change(organisation: Organisation, *, by: User | None, now: datetime) -> None:
    """Say that an organisation is not what it was."""
    for follower in _change_followers:
        follower(organisation, by, now)


def tell_of_merge(*, kept: Organisation, duplicate: Organisation, by: User | None, now: datetime) -> None:
    """Say that the duplicate is about to become the kept one."""
    for follower in _merge_followers:
        follower(kept, duplicate, by, now)

"""Putting services aside for a family, and handing the list on. No word about the family is ever kept.

Putting a service on a shortlist, or taking it off, is not audited: what somebody is thinking of for a family is nobody
else's business. Giving a list to others is.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from django.db import transaction

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.links import operations as links
from chatr.links.queries import digest
from chatr.notifications.models import Message
from chatr.notifications.operations.queueing import queue

from ..models import Service, SharedShortlist, ShortlistItem
from ..queries.shortlists import PURPOSE, live_links, services_of

FULL = 40  # services: a list nobody reads to its end helps nobody
LINKS = 10  # that work at the same time
DAYS = (1, 14, 30)
MAILS_AN_HOUR = 5
MAIL = "directory/shortlist"


class CannotAdd(Exception):
    """Why a service cannot go on the shortlist, worded for the person who tried."""


class CannotShare(Exception):
    """Why a shortlist cannot be handed on, worded for the person who tried."""


def refuse_when_full(count: int) -> None:
    """
    :raises CannotAdd: when a shortlist with so many services takes no more
    """
    if count >= FULL:
        raise CannotAdd(f"A shortlist holds {FULL} services. Remove one first.")


@transaction.atomic
def add(*, user: User, service: UUID, now: datetime) -> None:
    """Put a service on a person's shortlist; twice is once.

    :raises CannotAdd: when it is full
    """
    User.objects.select_for_update().get(pk=user.pk)  # two presses at once must not overfill it
    there = services_of(user)
    if service not in there:
        refuse_when_full(len(there))
        ShortlistItem.objects.create(user=user, service_id=service, added_at=now)


def remove(*, user: User, service: UUID) -> None:
    """Take a service off a person's shortlist."""
    ShortlistItem.objects.filter(user=user, service=service).delete()


def clear(*, user: User) -> None:
    """Take everything off a person's shortlist."""
    ShortlistItem.objects.filter(user=user).delete()


@transaction.atomic
def take_over(*, user: User, services: Iterable[UUID], now: datetime) -> None:
    """Add what somebody put aside before they signed in, as far as there is room."""
    User.objects.select_for_update().get(pk=user.pk)
    services = list(services)
    there, known = services_of(user), set(Service.objects.filter(pk__in=services).values_list("pk", flat=True))
    new = [each for each in services if each in known and each not in there][: FULL - len(there)]
    ShortlistItem.objects.bulk_create(
        ShortlistItem(user=user, service_id=each, added_at=now + timedelta(microseconds=n))
        for n, each in enumerate(new)
    )


@transaction.atomic
def share(
    *, services: Iterable[UUID], days: int, live: int, by: User | None, now: datetime
) -> tuple[SharedShortlist, str]:
    """Make a link that shows these services to whoever has it, until it ends. Gives the row and the token, once.

    :param live: how many links of theirs work already
    :raises CannotShare: when there is nothing on the list, or too many links work already
    """
    services = list(services)
    if not services:
        raise CannotShare("There is nothing on the shortlist yet.")
    if live >= LINKS:
        raise CannotShare(f"{LINKS} links of yours work already. Take one back first.")
    ends_at = now + timedelta(days=days)
    key = uuid4()
    token = links.make(PURPOSE, str(key), valid_until=ends_at)
    shared = SharedShortlist.objects.create(
        id=key, digest=digest(token), services=services, made_by=by, made_at=now, ends_at=ends_at
    )
    record("directory.shortlist_shared", shared, by=by, details={"services": len(services), "days": days})
    return shared, token


@transaction.atomic
def revoke(*, shared: SharedShortlist, by: User | None, now: datetime) -> None:
    """Take a link back: from now on it opens nothing. Twice is once."""
    if live_links(now).filter(pk=shared.pk).update(revoked_at=now):
        record("directory.shortlist_link_revoked", shared, by=by, details={})


@transaction.atomic
def email(*, user: User, now: datetime) -> None:
    """Send a person their shortlist, to the address of their account and no other.

    :raises CannotShare: when it is empty, the address is not confirmed, or they had several in the last hour
    """
    User.objects.select_for_update().get(pk=user.pk)
    services = services_of(user)
    if not services:
        raise CannotShare("There is nothing on the shortlist yet.")
    if not has_confirmed_address(user):
        raise CannotShare("Confirm the e-mail address of your account first.")
    lately = Message.objects.filter(kind=MAIL, recipient=user, created_at__gt=now - timedelta(hours=1))
    if lately.count() >= MAILS_AN_HOUR:
        raise CannotShare(f"We e-mailed it to you {MAILS_AN_HOUR} times in the last hour. Try again later.")
    queue(
        MAIL,
        to=user,
        about=None,
        dedupe_key=f"{MAIL}:{uuid4()}",
        facts={"services": [str(each) for each in services], "on": now.date().isoformat()},
    )
    record("directory.shortlist_emailed", user, by=user, details={"services": len(services)})


def has_confirmed_address(user: User) -> bool:
    """Whether the address of the account is known to be theirs."""
    return EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()

"""What staff decide about where people work."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from chatr.audit.operations import record
from chatr.notifications import operations as notifications

from ..confirmed import tell_followers
from ..models import Membership, Organisation, User

CONFIRMED, DECLINED = "accounts/membership_confirmed", "accounts/membership_declined"


class CannotConfirm(Exception):
    """Why staff can't decide this membership, worded for them."""


def _waiting(membership: Membership) -> Membership:
    locked = Membership.objects.select_for_update(of=("self",)).select_related("user", "organisation")
    membership = locked.get(pk=membership.pk)
    if membership.confirmed_at or membership.valid_to:
        raise CannotConfirm(f"{membership} is not waiting to be confirmed.")
    return membership


@transaction.atomic
def confirm_membership(*, membership: Membership, by: User, now: datetime) -> None:
    """The person does work there: tell them, and let what they asked for go on.

    :raises CannotConfirm: if it is not waiting, it is the acting person's own, or the organisation is not active
    """
    membership = _waiting(membership)
    if membership.user_id == by.pk:
        raise CannotConfirm("Nobody confirms where they work themselves. Ask a colleague.")
    if membership.organisation.status != Organisation.Status.ACTIVE:
        raise CannotConfirm(f"{membership.organisation} is not active. Approve it first.")
    membership.confirmed_at = now
    membership.save(update_fields=["confirmed_at"])
    record("accounts.membership_confirmed", membership, by=by)
    notifications.queue(
        CONFIRMED,
        to=membership.user,
        about=membership,
        dedupe_key=f"{CONFIRMED}:{membership.pk}",
    )
    tell_followers([membership], by=by, now=now)


@transaction.atomic
def decline_membership(*, membership: Membership, reason: str, by: User, now: datetime) -> None:
    """The person does not work there, as far as staff can tell: end it, and tell them why.

    :raises CannotConfirm: if it is not waiting
    """
    membership = _waiting(membership)
    membership.valid_to = max(timezone.localdate(now), membership.valid_from)
    membership.save(update_fields=["valid_to"])
    User.objects.filter(chosen_membership=membership).update(chosen_membership=None)
    record("accounts.membership_declined", membership, by=by)
    notifications.queue(
        DECLINED,
        to=membership.user,
        about=membership,
        dedupe_key=f"{DECLINED}:{membership.pk}",
        facts={"reason": reason},
    )


@transaction.atomic
def add_membership(*, membership: Membership, by: User, now: datetime) -> Membership:
    """Put a person down at an organisation, confirmed because staff say so.

    :raises CannotConfirm: if they work there already, or it is the acting person themselves
    """
    if membership.user_id == by.pk:
        raise CannotConfirm("Nobody confirms where they work themselves. Ask a colleague.")
    membership.confirmed_at = now
    try:
        with transaction.atomic():
            membership.save(force_insert=True)
    except IntegrityError:
        raise CannotConfirm("This person already works for that organisation.") from None
    record("accounts.membership_added", membership, by=by)
    if membership.is_confirmed:
        tell_followers([membership], by=by, now=now)
    return membership

"""Inviting people who have no account: trainers, contributors, colleagues booked by staff."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from chatr.audit.operations import record
from chatr.links import operations as links
from chatr.links import queries as link_queries
from chatr.notifications import operations as notifications

from ..models import User
from .memberships import join_by_domain

PURPOSE = "accounts.invitation"
GOOD_FOR = timedelta(days=30)
KIND = "accounts/invitation"


class CannotInvite(Exception):
    """Why somebody can't be invited, worded for staff."""


class InvitationRefused(Exception):
    """Why an invitation can't be accepted, worded for the person who followed it."""


@transaction.atomic
def invite_person(*, name: str, email: str, by: User | None, reason: str | None, now: datetime | None = None) -> User:
    """The person with this e-mail address: found, or given an account without a password and written to.

    Asking again changes nothing and writes to nobody twice for the same reason; somebody who has not accepted yet is
    told the new reason. They accept by the mailed link, or simply sign in with an e-mailed code.

    :param reason: a few words the mail shows after "What for": "a trainer", "booked on INTRO-2027-01"; None when the
        caller writes to them, with ``make_link``
    :raises CannotInvite: if the account with this address was closed
    """
    now = now or timezone.now()
    email = email.strip().lower()
    user, created = User.objects.get_or_create(
        email=email,
        defaults={"name": " ".join(name.split()), "invited_at": now, "password": make_password(None)},
    )
    if not user.is_active:
        raise CannotInvite("The account with this e-mail address was closed.")
    if created:
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
        record("accounts.invited", user, by=by)
    elif not user.invited_at and not has_accepted(user):  # signed up, but never showed that the mailbox is theirs
        user.invited_at = now
        user.set_unusable_password()
        user.save(update_fields=["invited_at", "password"])
        record("accounts.invited", user, by=by)
    if reason is not None and user.invited_at and not has_accepted(user):
        notifications.queue(
            KIND, to=user, about=user, dedupe_key=f"{KIND}:{user.pk}:{reason}"[:200], facts={"reason": reason}
        )
    return user


def has_accepted(user: User) -> bool:
    """Whether the person ever showed that the mailbox is theirs."""
    return EmailAddress.objects.filter(user=user, verified=True).exists()


def make_link(user: User, *, now: datetime) -> str:
    """A token that lets the holder of the mailbox accept, once, within thirty days."""
    return links.make(PURPOSE, str(user.pk), valid_until=now + GOOD_FOR)


def invited_person(token: str, *, now: datetime) -> User:
    """Whom an invitation is for. Reading it changes nothing.

    :raises InvitationRefused: if it is unknown, too old or accepted already
    """
    try:
        return _still_open(link_queries.read(PURPOSE, token, now=now))
    except link_queries.LinkRefused as refusal:
        raise InvitationRefused(str(refusal)) from None


def _still_open(subject: str) -> User:
    user = User.objects.filter(pk=subject, is_active=True).first()
    if user is None:
        raise InvitationRefused("This invitation no longer works.")
    if has_accepted(user):
        raise InvitationRefused("You have accepted this invitation already. Sign in instead.")
    return user


@transaction.atomic
def accept_invitation(*, token: str, name: str, password: str, now: datetime) -> User:
    """The person takes the account: their name, a password if they want one, their address verified by this link.

    :param password: empty for somebody who would rather be e-mailed a code each time
    :raises InvitationRefused: if it is unknown, too old or accepted already
    """
    try:
        user = _still_open(links.use(PURPOSE, token, now=now))
    except link_queries.LinkRefused as refusal:
        raise InvitationRefused(str(refusal)) from None
    user.name = name
    user.set_password(password or None)
    user.save(update_fields=["name", "password"])
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    record("accounts.invitation_accepted", user, by=user)
    join_by_domain(user=user, now=now)
    return user

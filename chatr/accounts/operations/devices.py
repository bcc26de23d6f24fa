"""Helping somebody who lost the device they sign in with, and ending sessions."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.db.models import Q

from chatr.audit.operations import record
from chatr.notifications import operations as notifications

from ..models import DeviceReset, Role, User
from ..permissions import NEEDS_SECOND_PERSON

RESET = "accounts/device_reset"
# A role taken away just before asking still counts, so that one person alone can't go round the rule.
COUNTS_FOR = timedelta(days=30)


class CannotResetDevice(Exception):
    """Why a device can't be reset, worded for staff."""


def needs_second_person(user: User, *, now: datetime) -> bool:
    """Whether two members of staff must agree: the person has a conference role, or had one in the last 30 days."""
    roles = Role.objects.filter(permissions__overlap=list(NEEDS_SECOND_PERSON))
    lately = Q(ended_at=None) | Q(ended_at__gt=now - COUNTS_FOR)
    return user.role_grants.filter(lately, role__in=roles).exists()


@transaction.atomic
def ask_device_reset(*, user: User, reason: str, by: User, now: datetime) -> DeviceReset:
    """Remove a person's second factor, or ask a colleague to agree to it where two must.

    :raises CannotResetDevice: for one's own device, somebody without one, or when a reset is waiting already
    """
    if user.pk == by.pk:
        raise CannotResetDevice("Nobody can reset their own device. Ask a colleague.")
    if not Authenticator.objects.filter(user=user).exists():
        raise CannotResetDevice(f"{user} has no device set up.")
    try:
        with transaction.atomic():
            reset = DeviceReset.objects.create(
                user=user,
                reason=reason,
                asked_by=by,
                needs_second_person=needs_second_person(user, now=now),
            )
    except IntegrityError:
        raise CannotResetDevice(f"A reset for {user} is waiting for a second person already.") from None
    record(
        "accounts.device_reset_asked",
        user,
        by=by,
        details={"second_person": reset.needs_second_person},
    )
    if not reset.needs_second_person:
        _reset(reset, by=by, now=now)
    return reset


@transaction.atomic
def agree_device_reset(*, reset: DeviceReset, by: User, now: datetime) -> None:
    """The second person agrees, and the device is reset.

    :raises CannotResetDevice: for one's own device, one's own request, or a request decided already
    """
    reset = _waiting(reset)
    if reset.user_id == by.pk:
        raise CannotResetDevice("Nobody can reset their own device. Ask a colleague.")
    if reset.asked_by_id == by.pk:
        raise CannotResetDevice("You asked for this reset, so somebody else must agree to it.")
    reset.agreed_by = by
    _reset(reset, by=by, now=now)


@transaction.atomic
def decline_device_reset(*, reset: DeviceReset, by: User, now: datetime) -> None:
    """Do not reset it. Whoever asked may take it back this way, too.

    :raises CannotResetDevice: for a request decided already
    """
    reset = _waiting(reset)
    reset.declined_by, reset.declined_at = by, now
    reset.save(update_fields=["declined_by", "declined_at"])
    record("accounts.device_reset_declined", reset.user, by=by)


def _waiting(reset: DeviceReset) -> DeviceReset:
    reset = DeviceReset.objects.select_for_update(of=("self",)).select_related("user").get(pk=reset.pk)
    if reset.done_at or reset.declined_at:
        raise CannotResetDevice("This reset has been decided already.")
    return reset


def _reset(reset: DeviceReset, *, by: User, now: datetime) -> None:
    reset.done_at = now
    reset.save(update_fields=["agreed_by", "done_at"])
    removed, _ = Authenticator.objects.filter(user=reset.user).delete()
    ended = _end_sessions(reset.user)
    record(
        "accounts.device_reset",
        reset.user,
        by=by,
        details={"devices": removed, "sessions": ended},
    )
    notifications.queue(RESET, to=reset.user, about=reset, dedupe_key=f"{RESET}:{reset.pk}")


@transaction.atomic
def end_sessions(*, user: User, by: User) -> int:
    """Sign a person out everywhere; return how many sessions ended."""
    ended = _end_sessions(user)
    record("accounts.sessions_ended", user, by=by, details={"sessions": ended})
    return ended


def _end_sessions(user: User) -> int:
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)

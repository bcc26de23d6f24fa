"""Letting a person in, or not."""

from django.db import transaction

from chatr.audit.operations import record

from ..models import User
from .devices import end_sessions


class CannotChangeAccess(Exception):
    """Why somebody can't be kept out or let in, worded for staff."""


@transaction.atomic
def stop_signing_in(*, user: User, by: User) -> None:
    """Sign a person out everywhere and let them in no more. What they booked stays.

    :raises CannotChangeAccess: for oneself, or somebody kept out already
    """
    if user.pk == by.pk:
        raise CannotChangeAccess("Nobody can keep themselves out. Ask a colleague.")
    _set(user, active=False, refusal=f"{user} can't sign in already.")
    end_sessions(user=user, by=by)
    record("accounts.sign_in_stopped", user, by=by)


@transaction.atomic
def let_sign_in(*, user: User, by: User) -> None:
    """Let a person in again.

    :raises CannotChangeAccess: for an erased account, or somebody who can sign in already
    """
    if user.erased_at:
        raise CannotChangeAccess("This account has been erased.")
    _set(user, active=True, refusal=f"{user} can sign in already.")
    record("accounts.sign_in_allowed", user, by=by)


def _set(user: User, *, active: bool, refusal: str) -> None:
    if not User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
        raise CannotChangeAccess(refusal)
    user.is_active = active

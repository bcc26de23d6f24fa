"""Asking for an account to be erased, taking that back, and erasing it."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Greatest
from django.utils import timezone

from chatr.audit.operations import record
from chatr.notifications import operations as notifications
from chatr.privacy.operations import erase as erase_everywhere

from .. import queries
from ..models import ErasureRequest, Membership, User
from .devices import end_sessions

ASKED = "accounts/erasure_asked"
RECEIVED = "accounts/erasure_received"


class CannotErase(Exception):
    """Why an account can't be erased, worded for staff."""


@transaction.atomic
def ask_for_erasure(*, user: User, now: datetime) -> ErasureRequest:
    """Put the request before staff, and write to them and to the person. Asking twice is asking once."""
    try:
        with transaction.atomic():
            request = ErasureRequest.objects.create(user=user, asked_at=now)
    except IntegrityError:
        return queries.open_erasure_request(user)
    record("accounts.erasure_asked_for", request, by=user)
    notifications.queue(ASKED, to=settings.PROGRAMME_EMAIL, about=request, dedupe_key=f"{ASKED}:{request.pk}")
    notifications.queue(RECEIVED, to=user, about=request, dedupe_key=f"{RECEIVED}:{request.pk}")
    return request


@transaction.atomic
def withdraw_erasure(*, user: User, now: datetime) -> None:
    """Take the request back, if it has not been carried out."""
    for request in user.erasure_requests.select_for_update().filter(withdrawn_at=None, done_at=None):
        request.withdrawn_at = now
        request.save(update_fields=["withdrawn_at"])
        record("accounts.erasure_taken_back", request, by=user)


@transaction.atomic
def erase_account(*, user: User, by: User, reason: str, now: datetime) -> None:
    """Make the account nobody's. What must be kept (that somebody trained, what was done) stays, without the person.

    Every area erases what it holds; the person is signed out everywhere and can't sign in again.

    :param reason: for the audit, as a short code such as "asked" or "left"
    :raises CannotErase: if it is the acting person's own account, or is erased already
    """
    if user == by:
        raise CannotErase("Nobody can erase their own account. Ask a colleague.")
    erase_everywhere(user, by=by, now=now)  # first, because runs are held before people wherever both are
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.erased_at:
        raise CannotErase("This account has been erased already.")
    end_sessions(user=user, by=by)
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    _end_work(user, now)
    user.erasure_requests.filter(withdrawn_at=None, done_at=None).update(done_at=now)
    user.role_grants.filter(ended_at=None).update(ended_at=now)
    user.name = ""
    user.email = f"erased-{user.pk}@erased.invalid"
    user.set_unusable_password()
    user.is_active = False
    user.landing_path = ""
    user.chosen_membership = None
    user.erased_at = now
    user.save()
    record("accounts.erased", user, by=by, details={"reason": reason[:80]})


def _end_work(user: User, now: datetime) -> None:
    theirs = Membership.objects.filter(user=user)
    theirs.filter(valid_to=None).update(valid_to=Greatest("valid_from", timezone.localdate(now)))
    theirs.update(job_role="", line_manager_name="", line_manager_email="")

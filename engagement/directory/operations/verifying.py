"""Saying that an entry is still right. An event of its own: no edit ever counts as one."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import Service, Verification
from .listings import refresh


class CannotVerify(Exception):
    """Why an entry cannot be verified, worded for the person who tried."""


@transaction.atomic
def verify(
    *, service: Service, method: Verification.Method, by: User | None, now: datetime, still_right: bool = True
) -> Verification:
    """Write down that somebody looked at an entry and said whether it is still right.

    Said again by the same person on the same London day it is the same event: pressing twice changes nothing.

    :raises CannotVerify: when the service is not public
    """
    service = Service.objects.select_for_update().get(pk=service.pk)
    if service.state != Service.State.PUBLISHED:
        raise CannotVerify(f"{service} is not public, so there is nothing to verify.")
    last = service.verifications.order_by("-at", "-pk").first()
    if last and _is_the_same(last, by=by, still_right=still_right, now=now):
        return last
    verification = Verification.objects.create(service=service, by=by, method=method, still_right=still_right, at=now)
    record(
        "directory.service_verified",
        service,
        by=by,
        details={"verification": str(verification.pk), "method": str(method), "still_right": still_right},
    )
    refresh(service=service, now=now)
    return verification


def _is_the_same(last: Verification, *, by: User | None, still_right: bool, now: datetime) -> bool:
    same_person = last.by_id == (by.pk if by else None) and last.still_right == still_right
    return same_person and timezone.localdate(last.at) == timezone.localdate(now)

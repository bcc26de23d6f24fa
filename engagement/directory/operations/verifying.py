"""Saying that an entry is still right, and asking whoever keeps it. An edit never counts as saying so."""

from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.links import operations as links
from chatr.links.queries import LinkUnknown, read
from chatr.notifications.models import Message
from chatr.notifications.operations import queue_many
from chatr.workdays.clock import local

from ..messages import keeping as messages
from ..models import Service, Verification
from ..queries import verifying as queries
from ..queries.verifying import Due
from .listings import refresh


class CannotVerify(Exception):
    """Why an entry cannot be verified, worded for the person who tried."""


class NoLongerTheirs(CannotVerify):
    """The link was sent to somebody who no longer keeps the entry."""

    def __init__(self, service: Service):
        super().__init__(f"You no longer keep the entry of {service}, so this link does nothing.")


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


@transaction.atomic
def verify_all(*, services: Iterable[Service], by: User, now: datetime) -> list[Verification]:
    """Say of several entries at once that they are still right: each gets a verification of its own, or none does.

    :raises CannotVerify: when one of them is not public
    """
    in_order = sorted(services, key=lambda service: service.pk)  # so that two people's presses never block each other
    return [verify(service=each, method=Verification.Method.BULK, by=by, now=now) for each in in_order]


# By the link in a reminder, without signing in


def read_link(*, token: str, now: datetime) -> tuple[User, Due]:
    """Whose link it is, and about what. It changes nothing and asks nothing of the service yet.

    :raises LinkRefused: when the link is not ours or its time is over
    :raises CannotVerify: when the person no longer keeps the entry, or it is no longer public
    """
    return _read(read(messages.PURPOSE, token, now=now))


def _read(subject: str) -> tuple[User, Due]:
    person, service, day = subject.split(":")
    editor = User.objects.filter(pk=UUID(person)).first()
    found = Service.objects.filter(pk=UUID(service)).select_related("organisation").first()
    if editor is None or found is None:
        raise LinkUnknown
    if not editor.is_active or not Service.objects.editable_by(editor).filter(pk=found.pk).exists():
        raise NoLongerTheirs(found)
    if found.state != Service.State.PUBLISHED:
        raise CannotVerify(f"{found} is not public any more, so there is nothing to verify.")
    return editor, Due(found, datetime.fromisoformat(day).date(), 0)


@transaction.atomic
def verify_by_link(*, token: str, now: datetime) -> Verification:
    """The editor who got the link says that everything is still right. The link works once.

    Where somebody verified the entry since the reminder, that stands and nothing is added.

    :raises LinkRefused: when it is not ours, its time is over, or it was used before
    :raises CannotVerify: when the person no longer keeps the entry, or it is not public; the link stays unused
    """
    editor, due = _read(links.use(messages.PURPOSE, token, now=now))
    Service.objects.select_for_update().get(pk=due.service.pk)
    last = queries.last_verification(due.service)
    if last is not None and queries.day_of(last) >= due.due_on:
        return last
    return verify(service=due.service, method=Verification.Method.LINK, by=editor, now=now)


@transaction.atomic
def say_changed_by_link(*, token: str, now: datetime) -> Service:
    """The editor who got the link says that something has changed. The link stays good for afterwards.

    :raises LinkRefused: when it is not ours or its time is over
    :raises CannotVerify: when the person no longer keeps the entry, or it is not public
    """
    editor, due = read_link(token=token, now=now)
    verify(service=due.service, method=Verification.Method.LINK, by=editor, now=now, still_right=False)
    return due.service


# Asking


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Ask whoever keeps an entry that is due whether it is still right; how many messages are new.

    One message a person and day, however much is due: on the due day, 14 and 28 days later. From the second time on
    staff hear of it too; where a service has no editor they are asked from the first. Run again, or twice at once, it
    adds nothing: what was asked before is known by its key, and the outbox takes one message a person and day.
    """
    today = timezone.localdate(now)
    due = queries.due(today)
    editors = queries.editors_by_organisation(each.service.organisation_id for each in due)
    keeper = queries.keeper()
    to_editors: dict[User, list[Due]] = {}
    to_staff: dict[User | None, list[Due]] = {}
    for each in due:
        theirs = editors.get(each.service.organisation_id, [])
        for editor in theirs:
            to_editors.setdefault(editor, []).append(each)
        if not theirs or each.stage > 0:
            to_staff.setdefault(queries.kept_by(each.service, keeper), []).append(each)
    asked = _asked_before(due)
    drafts = [
        write(person, new, today=today, now=now)
        for write, kind, found in (
            (messages.reminder, messages.REMINDER, to_editors),
            (messages.for_staff, messages.FOR_STAFF, to_staff),
        )
        for person, theirs in found.items()
        if (new := [each for each in theirs if (kind, person and person.pk, each.key) not in asked])
    ]
    return len(queue_many(drafts))


def _asked_before(due: list[Due]) -> set[tuple]:
    """Which kind of message asked whom about what, as far back as anything of this has been due."""
    if not due:
        return set()
    since = local(min(each.due_on for each in due), time(0))
    sent = Message.objects.filter(kind__in=(messages.REMINDER, messages.FOR_STAFF), due_at__gte=since)
    rows = sent.values_list("kind", "recipient", "facts")
    return {(kind, person, key) for kind, person, facts in rows for key in facts["due"]}

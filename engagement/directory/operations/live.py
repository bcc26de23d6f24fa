"""What is public the moment an editor saves it: opening hours, space, closing for a while, hiding an address."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import uuid5

from django.db import transaction
from django.utils import timezone

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import Availability, Location, Schedule, Service
from ..queries.live import closing_said, hours_said, space_said
from ..rules.live import Closing, Said, Session, Space, in_order, mark
from .hiding import hide_location
from .listings import refresh

HOLDS_FOR = timedelta(days=28)
LONGEST_HOLD = timedelta(days=366)


class CannotChange(Exception):
    """Why a live fact was not changed, worded for the editor. ``field`` is the box it belongs beside."""

    def __init__(self, words: str, field: str | None = None):
        super().__init__(words)
        self.field = field


class ChangedMeanwhile(CannotChange):
    """Somebody else said something else since the person opened the page."""

    def __init__(self):
        super().__init__("Somebody else changed this while you were writing.")


@transaction.atomic
def set_hours(
    *, service: Service, sessions: Iterable[Session], by: User, now: datetime, seen: str | None = None
) -> None:
    """Say anew when a service is open. None at all: nobody says.

    :param seen: the mark of what the person's page showed
    :raises ChangedMeanwhile: when somebody else said something else since
    :raises CannotChange: when a session ends before it begins, or is at a place the service is not given at
    """
    service = _held(service)
    sessions = in_order(sessions)
    known = set(service.at_locations.values_list("pk", flat=True))
    for each in sessions:
        if each.closes_at <= each.opens_at and each.closes_at != time(0):
            raise CannotChange("It must close after it opens. For past midnight, add a line for the next day.")
        if each.valid_from and each.valid_to and each.valid_to < each.valid_from:
            raise CannotChange("The last day must not be before the first.")
        if each.at is not None and each.at not in known:
            raise CannotChange("Choose a place the service is given at.")
    _ask_first(seen, there=hours_said(service), wanted=sessions)
    service.schedules.all().delete()
    Schedule.objects.bulk_create(
        Schedule(
            id=uuid5(service.pk, f"schedule:{number}"),
            service=service,
            place=number,
            at_location_id=each.at,
            **{name: value for name, value in vars(each).items() if name != "at"},
        )
        for number, each in enumerate(sessions)
    )
    record("directory.hours_changed", service, by=by, details={"sessions": len(sessions)})
    refresh(service=service, now=now)


@transaction.atomic
def set_space(
    *,
    service: Service,
    state: str,
    waiting_time: str,
    expires_on: date | None,
    by: User,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Say whether it takes people now, as of today. An empty state: nobody says any more.

    :param expires_on: the last day it holds; 28 days from today where it is not given
    :param seen: the mark of what the person's page showed
    :raises ChangedMeanwhile: when somebody else said something else since
    :raises CannotChange: when it would end before today or hold longer than a year
    """
    service, today = _held(service), timezone.localdate(now)
    wanted = Space(state, waiting_time, expires_on or today + HOLDS_FOR) if state else Space()
    if state and not today <= wanted.expires_on <= today + LONGEST_HOLD:
        raise CannotChange("Choose a day from today on, within a year.", "expires_on")
    _ask_first(seen, there=space_said(service), wanted=wanted)
    if not state:
        Availability.objects.filter(service=service).delete()
    else:
        Availability.objects.update_or_create(service=service, defaults=vars(wanted) | {"as_of": today})
    record("directory.space_changed", service, by=by, details={"state": state})
    refresh(service=service, now=now)


@transaction.atomic
def close_service(
    *,
    service: Service,
    closed_from: date,
    reopens_on: date | None,
    note: str,
    by: User,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Close it for a while, from a day on; without a day to open again until somebody opens it.

    :param seen: the mark of what the person's page showed
    :raises ChangedMeanwhile: when somebody else said something else since
    :raises CannotChange: when it would open before it closes, or has opened again already
    """
    service = _held(service)
    if reopens_on is not None and reopens_on <= closed_from:
        raise CannotChange("It must open again after the day it closes.", "reopens_on")
    if reopens_on is not None and reopens_on <= timezone.localdate(now):
        raise CannotChange("That day is over. When does it open again?", "reopens_on")
    _ask_first(seen, there=closing_said(service), wanted=Closing(closed_from, reopens_on, note))
    service.closed_from, service.reopens_on, service.closed_note = closed_from, reopens_on, note
    service.save(update_fields=["closed_from", "reopens_on", "closed_note"])
    details = {"from": closed_from.isoformat(), "until": reopens_on.isoformat() if reopens_on else ""}
    record("directory.service_closed", service, by=by, details=details)
    refresh(service=service, now=now)


@transaction.atomic
def reopen_service(*, service: Service, by: User, now: datetime) -> None:
    """Open it again now, or take back a closing to come. One that is open stays so."""
    service = _held(service)
    if service.closed_from is None:
        return
    service.closed_from, service.reopens_on, service.closed_note = None, None, ""
    service.save(update_fields=["closed_from", "reopens_on", "closed_note"])
    record("directory.service_reopened", service, by=by)
    refresh(service=service, now=now)


@transaction.atomic
def hide_address(*, location: Location, area: str, by: User, now: datetime) -> None:
    """Take an address from the public now: waiting for staff would be dangerous.

    :param area: ONS code of the borough it is listed under from now on
    :raises CannotChange: without a borough
    """
    if not area:
        raise CannotChange("Choose the borough it is in: that is all the public will see.", "area")
    hide_location(location=location, area=area, by=by, now=now)


def _ask_first(seen: str | None, *, there: Said, wanted: Said) -> None:
    """:raises ChangedMeanwhile: when what is there is neither what the person saw nor what they want"""
    if seen is not None and seen != mark(there) and wanted != there:
        raise ChangedMeanwhile


def _held(service: Service) -> Service:
    return Service.objects.select_for_update().get(pk=service.pk)

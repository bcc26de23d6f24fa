"""What is public the moment an editor saves it: opening hours, space, closing for a while, hiding an address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import Availability, Location, Schedule, Service
from .hiding import hide_location
from .listings import refresh

HOLDS_FOR = timedelta(days=28)
LONGEST_HOLD = timedelta(days=366)


class CannotChange(Exception):
    """Why a live fact was not changed, worded for the editor. ``field`` is the box it belongs beside."""

    def __init__(self, words: str, field: str | None = None):
        super().__init__(words)
        self.field = field


@dataclass(frozen=True)
class Session:
    """One stretch of opening in a week; a day may have several. 0 is Monday, 0:00 closes at midnight."""

    day: int
    opens_at: time
    closes_at: time
    valid_from: date | None = None
    valid_to: date | None = None
    term_time_only: bool = False
    notes: str = ""
    at: UUID | None = None  # a place of the service, by the id of its ServiceAtLocation


@transaction.atomic
def set_hours(*, service: Service, sessions: Iterable[Session], by: User, now: datetime) -> None:
    """Say anew when a service is open. None at all: nobody says.

    :raises CannotChange: when a session ends before it begins, or is at a place the service is not given at
    """
    service = _held(service)
    sessions = sorted(dict.fromkeys(sessions), key=lambda each: (each.day, each.opens_at, each.closes_at))
    known = set(service.at_locations.values_list("pk", flat=True))
    for each in sessions:
        if each.closes_at <= each.opens_at and each.closes_at != time(0):
            raise CannotChange("It must close after it opens. For past midnight, add a line for the next day.")
        if each.valid_from and each.valid_to and each.valid_to < each.valid_from:
            raise CannotChange("The last day must not be before the first.")
        if each.at is not None and each.at not in known:
            raise CannotChange("Choose a place the service is given at.")
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
    *, service: Service, state: str, waiting_time: str, expires_on: date | None, by: User, now: datetime
) -> None:
    """Say whether it takes people now, as of today. An empty state: nobody says any more.

    :param expires_on: the last day it holds; 28 days from today where it is not given
    :raises CannotChange: when it would end before today or hold longer than a year
    """
    service, today = _held(service), timezone.localdate(now)
    if not state:
        Availability.objects.filter(service=service).delete()
    else:
        expires_on = expires_on or today + HOLDS_FOR
        if not today <= expires_on <= today + LONGEST_HOLD:
            raise CannotChange("Choose a day from today on, within a year.", "expires_on")
        Availability.objects.update_or_create(
            service=service,
            defaults={"state": state, "waiting_time": waiting_time, "as_of": today, "expires_on": expires_on},
        )
    record("directory.space_changed", service, by=by, details={"state": state})
    refresh(service=service, now=now)


@transaction.atomic
def close_service(
    *, service: Service, closed_from: date, reopens_on: date | None, note: str, by: User, now: datetime
) -> None:
    """Close it for a while, from a day on; without a day to open again until somebody opens it.

    :raises CannotChange: when it would open before it closes, or has opened again already
    """
    service = _held(service)
    if reopens_on is not None and reopens_on <= closed_from:
        raise CannotChange("It must open again after the day it closes.", "reopens_on")
    if reopens_on is not None and reopens_on <= timezone.localdate(now):
        raise CannotChange("That day is over. When does it open again?", "reopens_on")
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


def _held(service: Service) -> Service:
    return Service.objects.select_for_update().get(pk=service.pk)

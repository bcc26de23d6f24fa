"""Importing a file of services: all of it as approved entries, or nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import Location, Service
from ..rules.entries import Entry
from ..sheets.plan import SheetPlan, exported_services, sheet_rows
from .hiding import hide_location
from .services import publish_entry, start_service


class CannotImport(Exception):
    """Why a file was not imported, worded for the person who chose it. Nothing was written."""


@dataclass(frozen=True)
class Imported:
    """How much an import wrote."""

    new: int
    changed: int


@transaction.atomic
def import_services(*, plan: SheetPlan, by: User, now: datetime) -> Imported:
    """Write what the plan says, as approved entries, all in one.

    :raises CannotImport: when a row is refused, or a service changed since the plan was made
    """
    if plan.refused:
        raise CannotImport("Some rows are refused, so nothing was written. Mend the file first.")
    wanted = sorted(row.service.pk for row in plan.changed)
    locked = {each.pk: each for each in Service.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    for row in plan.changed:
        now_there = locked.get(row.service.pk)
        if now_there is None or (now_there.version, now_there.state) != (row.service.version, row.service.state):
            raise CannotImport(f"{row.service} changed meanwhile. Look at what importing would do now.")
    for row in plan.rows:
        service = row.service or start_service(organisation=row.organisation, name=row.entry.name, by=by, now=now)
        _hide(service, row.entry, by=by, now=now)
        publish_entry(service=locked.get(service.pk, service), entry=row.entry, by=by, now=now)
    done = Imported(new=len(plan.new), changed=len(plan.changed))
    record("directory.services_imported", None, by=by, details={"new": done.new, "changed": done.changed})
    return done


def _hide(service: Service, entry: Entry, *, by: User, now: datetime) -> None:
    """A place that is not shown from now on leaves every proposal and the feed too."""
    hidden = {place.id: place.area for place in entry.places if place.is_confidential and place.id}
    for location in Location.objects.filter(pk__in=hidden, is_confidential=False, at_services__service=service):
        hide_location(location=location, area=hidden[str(location.pk)], by=by, now=now)


@transaction.atomic
def export_services(*, by: User | None, services=None) -> list[list[str]]:
    """The rows of a file of services, all of them when not given; that somebody took them is written down."""
    rows = sheet_rows(exported_services() if services is None else services)
    record("directory.services_exported", None, by=by, details={"rows": len(rows)})
    return rows

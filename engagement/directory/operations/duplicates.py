"""Two entries that are one: looked for, said to be two, or made one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.notifications import operations as notifications

from ..messages import editing as messages
from ..models import (
    Availability,
    ConfidentialAddress,
    Location,
    Lookalike,
    NotADuplicate,
    Revision,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceDay,
    SharedShortlist,
    ShortlistItem,
    SourceRecord,
    StepService,
    Suggestion,
)
from ..queries.duplicates import likenesses
from ..queries.entries import entry_of
from ..queries.verifying import editors_by_organisation
from ..rules.duplicates import BOTH, KEEP, merged, sides
from ..rules.entries import Entry, Place
from .listings import refresh
from .services import publish_entry


class CannotMerge(Exception):
    """Why two entries cannot be made one, or said to be two, worded for staff."""


@dataclass(frozen=True)
class Seen:
    """The versions of two entries somebody looked at before choosing between them."""

    keep: int
    other: int


@transaction.atomic
def look_for_lookalikes(*, by: User | None, now: datetime) -> int:
    """Find the pairs of public entries that look like one, anew; how many. What staff said are two stays out."""
    said = set(NotADuplicate.objects.values_list("first", "second"))
    found = [
        Lookalike(first_id=first, second_id=second, score=alike.score, reasons=list(alike.reasons))
        for first, second, alike in likenesses()
        if alike.score and (first, second) not in said
    ]
    Lookalike.objects.select_for_update().all().delete()
    Lookalike.objects.bulk_create(found, batch_size=1000, ignore_conflicts=True)
    record("directory.lookalikes_looked_for", None, by=by, details={"found": len(found)})
    return len(found)


@transaction.atomic
def say_they_are_two(*, one: Service, other: Service, by: User, now: datetime) -> NotADuplicate:
    """Keep that two entries look alike and are two, so that nobody is asked again.

    :raises CannotMerge: when they are the same entry
    """
    if one.pk == other.pk:
        raise CannotMerge("Choose two different services.")
    first, second = sorted((one, other), key=lambda service: service.pk)
    said, new = NotADuplicate.objects.get_or_create(
        first=first, second=second, defaults={"said_by": by, "said_at": now}
    )
    Lookalike.objects.filter(first=first, second=second).delete()
    if new:
        record("directory.services_are_two", first, by=by, details={"other": str(second.pk)})
    return said


@transaction.atomic
def merge_services(
    *, keep: Service, other: Service, choices: Mapping[str, str], seen: Seen, by: User, now: datetime
) -> Service:
    """Make one entry of two. Everything that led to the other leads to the kept one; the other is no longer public.

    Hours and space of the kept one stay; where it has none, the other's are taken. Verifying stays what it was:
    joining two entries says nothing about whether they are right. The editors of the other are told.

    :param choices: by field of ``rules.duplicates.sides``, whose words are kept; what is missing goes by default
    :param seen: the versions that were on the page
    :raises CannotMerge: when one changed meanwhile, is not public, was merged before, or waits for staff
    """
    keep, other = _held(keep, other, seen)
    ours, theirs = entry_of(keep), entry_of(other)
    theirs = theirs.but(places=_places_for(keep, other, theirs, choices, ours))
    entry = merged(ours, theirs, choices)
    chosen = {side.field: choices.get(side.field, side.default) for side in sides(ours, theirs)}
    if entry != ours:
        keep = publish_entry(service=keep, entry=entry, by=by, now=now)
    _take_over_live_facts(keep, other)
    moved = _lead_to(keep, other)
    _close(other, keep, by=by, now=now)
    record(
        "directory.services_merged",
        keep,
        by=by,
        details={
            "other": str(other.pk),
            "fields": sorted(name for name, choice in chosen.items() if choice != KEEP),
            "moved": moved,
        },
    )
    refresh(service=keep, now=now)
    refresh(service=other, now=now)
    editors = editors_by_organisation([other.organisation_id]).get(other.organisation_id, [])
    notifications.queue_many(messages.services_merged(keep, other, editors))
    return keep


def _held(keep: Service, other: Service, seen: Seen) -> tuple[Service, Service]:
    """Both, locked in one order whichever is kept, so that two people merging them the other way round queue up."""
    if keep.pk == other.pk:
        raise CannotMerge("Choose two different services.")
    pair = {
        each.pk: each for each in Service.objects.select_for_update().filter(pk__in=(keep.pk, other.pk)).order_by("pk")
    }
    if len(pair) < 2:
        raise CannotMerge("One of the two is gone.")
    keep, other = pair[keep.pk], pair[other.pk]
    for service, version in ((keep, seen.keep), (other, seen.other)):
        if service.merged_into_id:
            raise CannotMerge(f"{service} was merged already.")
        if service.state != Service.State.PUBLISHED:
            raise CannotMerge(f"{service} is not public.")
        if service.version != version:
            raise CannotMerge(f"{service} changed since you looked. Look at both again, then choose.")
        if Revision.objects.waiting().filter(service=service).exists():
            raise CannotMerge(f"A change to {service} waits for staff. Decide it first.")
    return keep, other


def _places_for(
    keep: Service, other: Service, theirs: Entry, choices: Mapping[str, str], ours: Entry
) -> tuple[Place, ...]:
    """The other's places as the kept one's organisation has them: its own, or new records of the same houses.

    A place whose address is not shown takes its hidden address along. Without it, the one address nobody can look up
    again would be lost.
    """
    if keep.organisation_id == other.organisation_id:
        return theirs.places
    default = {side.field: side.default for side in sides(ours, theirs)}
    if choices.get("places", default.get("places", KEEP)) == KEEP:
        return theirs.places
    return tuple(_copied(keep, place) for place in theirs.places)


def _copied(keep: Service, place: Place) -> Place:
    if not place.is_confidential:
        return replace(place, id="")
    copy = Location.objects.create(
        organisation_id=keep.organisation_id, kind=place.kind, is_confidential=True, area_id=place.area
    )
    for hidden in ConfidentialAddress.objects.filter(location=place.id):
        ConfidentialAddress.objects.create(location=copy, address=hidden.address, postcode=hidden.postcode)
    return replace(place, id=str(copy.pk))


def _take_over_live_facts(keep: Service, other: Service) -> None:
    if not Availability.objects.filter(service=keep).exists():
        for space in Availability.objects.filter(service=other):
            Availability.objects.create(
                service=keep,
                state=space.state,
                waiting_time=space.waiting_time,
                as_of=space.as_of,
                expires_on=space.expires_on,
            )
    if not Schedule.objects.filter(service=keep).exists():
        there = dict(ServiceAtLocation.objects.filter(service=keep).values_list("location", "pk"))
        for hours in Schedule.objects.filter(service=other).select_related("at_location"):
            place = hours.at_location and there.get(hours.at_location.location_id)
            if hours.at_location is None or place:
                Schedule.objects.filter(pk=hours.pk).update(service=keep, at_location=place)


def _lead_to(keep: Service, other: Service) -> dict[str, int]:
    """Point everything outside the entry at the kept one; how much of each."""
    moved = {
        "steps": _move(StepService, keep, other, beside="step"),
        "shortlists": _move(ShortlistItem, keep, other, beside="user"),
        "suggestions": Suggestion.objects.filter(service=other).update(service=keep),
    }
    for day in ServiceDay.objects.filter(service=other):
        there, _ = ServiceDay.objects.get_or_create(service=keep, day=day.day)
        for count in ("views", "helped", "did_not_help"):
            setattr(there, count, getattr(there, count) + getattr(day, count))
        there.save()
        day.delete()
    if not SourceRecord.objects.filter(service=keep).exists():
        moved["sources"] = SourceRecord.objects.filter(service=other).update(service=keep)
    shared = SharedShortlist.objects.select_for_update().filter(services__contains=[other.pk])
    for shortlist in shared:
        shortlist.services = list(dict.fromkeys(keep.pk if pk == other.pk else pk for pk in shortlist.services))
        shortlist.save(update_fields=["services"])
    moved["shared"] = len(shared)
    return {name: count for name, count in moved.items() if count}


def _move(model, keep: Service, other: Service, *, beside: str) -> int:
    """Rows of which there is one a service and something else: those the kept one has already go."""
    there = model.objects.filter(service=keep).values(beside)
    model.objects.filter(service=other, **{f"{beside}__in": there}).delete()
    return model.objects.filter(service=other).update(service=keep)


def _close(other: Service, keep: Service, *, by: User, now: datetime) -> None:
    """Take the other from the public, leading to the kept one, with all that led to it before."""
    other.state, other.withdrawn_at, other.merged_into = Service.State.ARCHIVED, now, keep
    other.save(update_fields=["state", "withdrawn_at", "merged_into"])
    Service.objects.filter(merged_into=other).update(merged_into=keep)
    Revision.objects.filter(service=other, state=Revision.State.DRAFT).update(
        state=Revision.State.WITHDRAWN, decided_by=by, decided_at=now
    )
    for side in ("first", "second"):
        Lookalike.objects.filter(**{side: other}).delete()


__all__ = ["BOTH", "CannotMerge", "Seen", "look_for_lookalikes", "merge_services", "say_they_are_two"]

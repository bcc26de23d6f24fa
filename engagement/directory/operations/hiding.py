"""Taking the address of a place that could put somebody at risk out of everything but its own encrypted table."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from chatr.accounts.models import Organisation, User
from chatr.audit.operations import record

from ..models import NO_ADDRESS, ConfidentialAddress, Location, Revision, Service
from ..rules.entries import Place
from ..rules.postcodes import compact, spaced
from .listings import refresh


@dataclass(frozen=True)
class HiddenAddress:
    """Where a place is whose address must not be shown. Never in a proposal, a log or a message."""

    address: str = ""
    postcode: str = ""


@transaction.atomic
def keep_hidden_place(
    *, place: Place, organisation: Organisation, address: HiddenAddress | None, by: User | None, now: datetime
) -> Place:
    """The place as a proposal may know it: by its id and its borough. Its address goes into the encrypted table.

    A new place gets its row here, without an address; nobody sees it before a service there is approved.
    """
    location = Location.objects.filter(organisation=organisation, pk=place.id or None).first()
    if location is None:
        location = Location.objects.create(
            organisation=organisation, kind=place.kind, is_confidential=True, area_id=place.area
        )
        record("directory.hidden_place_made", location, by=by, details={"area": place.area})
    if address is not None and (address.address.strip() or address.postcode.strip()):
        ConfidentialAddress.objects.update_or_create(
            location=location,
            defaults={"address": address.address.strip(), "postcode": spaced(address.postcode)},
        )
        record("directory.hidden_address_kept", location, by=by)
    return Place(id=str(location.pk), kind=place.kind, is_confidential=True, area=place.area, access=place.access)


@transaction.atomic
def hide_location(*, location: Location, area: str, by: User | None, now: datetime) -> None:
    """Hide the address of a public place now: from the pages, the search, the feed and every proposal kept.

    Hiding it twice changes nothing.

    :param area: ONS code of the borough it is listed under from now on
    """
    location = Location.objects.select_for_update().get(pk=location.pk)
    if location.is_confidential:
        return
    shown = [part for part in (location.name, location.address_1, location.city) if part]
    forget_address(location)
    ConfidentialAddress.objects.update_or_create(
        location=location, defaults={"address": ", ".join(shown), "postcode": location.postal_code}
    )
    for name, nothing in {**NO_ADDRESS, "name": "", "description": ""}.items():
        setattr(location, name, nothing)
    location.is_confidential, location.area_id = True, area
    location.save()
    services = Service.objects.filter(at_locations__location=location)
    record("directory.address_hidden", location, by=by, details={"services": services.count()})
    for service in services:
        refresh(service=service, now=now)


@transaction.atomic
def remove_unused_places(*, organisation: Organisation, places: Iterable[Place], by: User | None) -> None:
    """Delete the hidden ones of these places, addresses and all, where no service and no open proposal has them."""
    hidden = {place.id for place in places if place.is_confidential and place.id}
    for revision in Revision.objects.open().filter(service__organisation=organisation):
        hidden -= {place.get("id") for place in revision.entry.get("places", [])}
    mine = Location.objects.filter(organisation=organisation, is_confidential=True, pk__in=hidden)
    for location in mine.filter(at_services=None):
        record("directory.hidden_place_removed", location, by=by)
        location.delete()


def forget_address(location: Location) -> None:
    """Take a place's address out of every proposal of its organisation, decided ones too."""
    known = {(compact(location.postal_code), _same(location.address_1))} - {("", "")}
    for revision in Revision.objects.select_for_update().filter(service__organisation=location.organisation_id):
        changed = []
        for name in ("base", "entry"):
            kept = getattr(revision, name)
            places = kept.get("places", [])
            known |= {
                (compact(place.get("postal_code", "")), _same(place.get("address_1", "")))
                for place in places
                if place.get("id") == str(location.pk) and (place.get("postal_code") or place.get("address_1"))
            }
            hidden = [_hidden(place, location) if _is_there(place, location, known) else place for place in places]
            if hidden != places:
                setattr(revision, name, kept | {"places": hidden})
                changed.append(name)
        if changed:
            revision.edit += 1  # whoever looks at the address on an open page must look again
            revision.save(update_fields=[*changed, "edit"])


def _is_there(place: dict, location: Location, known: set) -> bool:
    """Whether a place of a proposal is this one: by its id, or typed anew with the same address."""
    if place.get("id"):
        return place["id"] == str(location.pk)
    return (compact(place.get("postal_code", "")), _same(place.get("address_1", ""))) in known


def _hidden(place: dict, location: Location) -> dict:
    area = location.area_id or place.get("area", "")
    hidden = Place(id=str(location.pk), kind=place.get("kind", "physical"), is_confidential=True, area=area)
    return vars(replace(hidden, access=place.get("access", {})))


def _same(text: str) -> str:
    return " ".join(text.casefold().split())

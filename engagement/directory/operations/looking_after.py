"""What staff decide about a service beside its words: who looks after it, when it is shown, what is hidden."""

from datetime import date, datetime

from django.db import transaction

from chatr.accounts.models import Organisation, User
from chatr.accounts.permissions import Permission
from chatr.audit.operations import record

from ..models import ConfidentialAddress, Keeper, Location, Revision, Service
from ..queries.entries import entry_of
from ..rules.entries import Entry
from ..rules.postcodes import spaced
from .hiding import HiddenAddress
from .listings import refresh
from .revisions import CannotSave, approve_revision, with_places_of_its_own
from .services import CannotPublish, publish_entry, start_service


class CannotLookAfter(Exception):
    """Why staff cannot do this with a service, worded for them."""


@transaction.atomic
def set_keeping(
    *,
    service: Service,
    kept_by: User | None,
    visible_from: date | None,
    visible_to: date | None,
    by: User,
    now: datetime,
) -> Service:
    """Say which member of staff looks after a service, and from when until when the public sees it.

    :param kept_by: None: whoever looks after the directory
    :raises CannotLookAfter: when that person may not, or the last day is before the first
    """
    service = Service.objects.select_for_update().get(pk=service.pk)
    _refuse_who_may_not(kept_by)
    if visible_from and visible_to and visible_to < visible_from:
        raise CannotLookAfter("The last day it is shown must not be before the first.")
    service.kept_by, service.visible_from, service.visible_to = kept_by, visible_from, visible_to
    service.save(update_fields=["kept_by", "visible_from", "visible_to"])
    days = {"from": visible_from, "until": visible_to}
    details = {name: day.isoformat() for name, day in days.items() if day}
    record(
        "directory.keeping_changed",
        service,
        by=by,
        details=details | ({"kept_by": str(kept_by.pk)} if kept_by else {}),
    )
    refresh(service=service, now=now)
    return service


@transaction.atomic
def mark_sensitive(*, service: Service, is_sensitive: bool, by: User, now: datetime) -> Service:
    """Say whether the page of a service offers to be left in a hurry. It is part of the entry, so it counts as one.

    :raises CannotLookAfter: before its first entry is approved
    """
    service = Service.objects.select_for_update().get(pk=service.pk)
    if service.version == 0:
        raise CannotLookAfter("Its first entry waits for approval. Say it there.")
    entry = entry_of(service)
    if entry.is_sensitive == is_sensitive:
        return service
    return _write(service, entry.but(is_sensitive=is_sensitive), by=by, now=now)


@transaction.atomic
def write_for_service(
    *, service: Service, entry: Entry, hidden: dict[int, HiddenAddress], version: int, by: User, now: datetime
) -> Service:
    """Write the entry of a service as staff, public at once where it is public or new.

    :param hidden: addresses that must not be shown, by the number of their place in the entry
    :param version: of the approved entry they began from
    :raises CannotLookAfter: when it changed meanwhile, is no longer public, or names a place that is not its
        organisation's
    """
    service = Service.objects.select_for_update().get(pk=service.pk)
    if service.version != version:
        raise CannotLookAfter("The entry changed while you were writing. Open it again in another window and compare.")
    if service.version == 0 and Revision.objects.waiting().filter(service=service).exists():
        raise CannotLookAfter("Its first entry waits to be approved. Decide that first.")
    return _write(service, _hide(service, entry, hidden, by, now), by=by, now=now)


@transaction.atomic
def approve_as_written(
    *, revision: Revision, entry: Entry, hidden: dict[int, HiddenAddress], edit: int, by: User, now: datetime
) -> Service:
    """Approve a proposal as staff rewrote it. The editors are told that it was changed.

    :param hidden: addresses that must not be shown, by the number of their place in the entry
    :param edit: the saving of the proposal they began from
    :raises CannotDecide: when it does not wait any more or was changed meanwhile
    :raises CannotLookAfter: when it names a place that is not the organisation's
    """
    service = Service.objects.select_for_update().get(pk=revision.service_id)
    if Revision.objects.get(pk=revision.pk).edit == edit:
        entry = _hide(service, entry, hidden, by, now)
        edit = Revision.objects.get(pk=revision.pk).edit  # hiding an address takes it out of the proposal too
    return approve_revision(revision=revision, entry=entry, edit=edit, by=by, now=now)


def _hide(service: Service, entry: Entry, hidden: dict[int, HiddenAddress], by: User, now: datetime) -> Entry:
    try:
        return with_places_of_its_own(service, entry, hidden, by, now)
    except CannotSave as refusal:
        raise CannotLookAfter(str(refusal)) from None


def _write(service: Service, entry: Entry, *, by: User, now: datetime) -> Service:
    if service.state == Service.State.ARCHIVED:
        raise CannotLookAfter(f"{service} is no longer public. Publish it again first.")
    return publish_entry(service=service, entry=entry, by=by, now=now)


@transaction.atomic
def add_service(*, organisation: Organisation, name: str, by: User, now: datetime) -> Service:
    """Start an entry for an organisation that has nobody to write it. It is public when it is written.

    :raises CannotLookAfter: when the organisation is not active, or has a service of that name
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if organisation.status != Organisation.Status.ACTIVE:
        raise CannotLookAfter(f"{organisation} is not active on the portal.")
    if Service.objects.filter(organisation=organisation, name__iexact=name, merged_into=None).exists():
        raise CannotLookAfter(f"{organisation} has a service of this name already.")
    return start_service(organisation=organisation, name=name, by=by, now=now)


@transaction.atomic
def publish_again(*, service: Service, by: User, now: datetime) -> Service:
    """Give a withdrawn service back to the public, as it was. Nothing is verified by it.

    :raises CannotPublish: when it is public, was never approved, or is one with another now
    """
    service = Service.objects.select_for_update().get(pk=service.pk)
    if service.state != Service.State.ARCHIVED:
        raise CannotPublish(f"{service} was not withdrawn.")
    if service.merged_into_id:
        raise CannotPublish(f"{service} was made one with another entry.")
    if service.version == 0:
        raise CannotPublish(f"{service} was never approved.")
    service.state, service.withdrawn_at = Service.State.PUBLISHED, None
    service.published_at = service.published_at or now
    service.save(update_fields=["state", "withdrawn_at", "published_at"])
    record("directory.service_published_again", service, by=by, details={"version": service.version})
    refresh(service=service, now=now)
    return service


@transaction.atomic
def read_hidden_addresses(*, service: Service, by: User) -> dict[Location, ConfidentialAddress | None]:
    """Where the hidden places of a service are, by place, for staff and its editors. That somebody looked is kept."""
    places = Location.objects.filter(at_services__service=service, is_confidential=True)
    found = {
        each: getattr(each, "confidential_address", None)
        for each in places.select_related("area", "confidential_address").order_by("area__place", "pk")
    }
    record("directory.hidden_address_read", service, by=by, details={"places": len(found)})
    return found


@transaction.atomic
def keep_hidden_address(*, location: Location, address: str, postcode: str, by: User) -> None:
    """Keep where a place is whose address nobody is shown. It changes no byte of anything public, so nothing is written
    anew; the audit says only that it was kept.

    :raises CannotLookAfter: when the address of the place is public
    """
    location = Location.objects.select_for_update().get(pk=location.pk)
    if not location.is_confidential:
        raise CannotLookAfter("The address of this place is public. Change it in the entry.")
    ConfidentialAddress.objects.update_or_create(
        location=location, defaults={"address": address.strip(), "postcode": spaced(postcode)}
    )
    record("directory.hidden_address_kept", location, by=by)


@transaction.atomic
def name_keeper(*, user: User, by: User) -> Keeper:
    """Say who of the programme looks after the directory.

    :raises CannotLookAfter: when that person is not active staff who may
    """
    _refuse_who_may_not(user)
    keeper, _ = Keeper.objects.update_or_create(id=Keeper.THE_ONE, defaults={"user": user})
    record("directory.keeper_named", keeper, by=by, details={"user": str(user.pk)})
    return keeper


def _refuse_who_may_not(user: User | None) -> None:
    if user is not None and not (user.is_active and user.may(Permission.MANAGE_DIRECTORY)):
        raise CannotLookAfter(f"{user} may not look after the directory. Choose a member of staff who may.")

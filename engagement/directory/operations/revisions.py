"""Proposed changes: written by editors, decided by staff. The public keeps the approved entry meanwhile."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from chatr.accounts.models import Organisation, User
from chatr.audit.operations import record
from chatr.notifications import operations as notifications

from ..messages import editing as messages
from ..models import Area, Location, Revision, Service, SourceRecord, Term, ThresholdLevel
from ..queries.entries import entry_of
from ..queries.verifying import editors_by_organisation, keeper, kept_by
from ..rules.differences import Names, differences, labels, merge
from ..rules.entries import Entry
from .hiding import HiddenAddress, forget_address, hide_location, keep_hidden_place, remove_unused_places
from .services import publish_entry, start_service

BY_CODE = Names()  # enough to compare


class CannotSave(Exception):
    """Why a proposed entry was not kept, worded for the person who wrote it."""


class EditConflict(CannotSave):
    """Somebody else saved, or staff approved something, since the person opened the page.

    ``theirs`` is their proposal (None: it was decided meanwhile), ``entry`` what counts now, ``edit`` and ``version``
    what to send with the next try.
    """

    def __init__(self, service: Service, theirs: Revision | None):
        super().__init__("Somebody else changed this entry while you were writing.")
        self.theirs = theirs
        self.entry = Entry.from_json(theirs.entry) if theirs else entry_of(service)
        self.edit = theirs.edit if theirs else 0
        self.version = service.version


class CannotSend(Exception):
    """Why a proposal cannot be sent to staff or taken back, worded for the editor."""


class CannotDecide(Exception):
    """Why a proposal cannot be approved or refused, worded for staff. ``fields`` names what stands in the way."""

    def __init__(self, words: str, fields: tuple[str, ...] = ()):
        super().__init__(words)
        self.fields = fields


@transaction.atomic
def add_service(*, organisation: Organisation, name: str, description: str, by: User | None, now: datetime) -> Service:
    """A new service of an organisation, with its first entry begun. Nobody but editors and staff sees it."""
    service = start_service(organisation=organisation, name=name, by=by, now=now)
    save_revision(service=service, entry=Entry(name=name, description=description), edit=0, by=by, now=now)
    return service


@transaction.atomic
def start_revision(*, service: Service, by: User | None, now: datetime) -> Revision:
    """The open proposal of a service, begun from the approved entry where there is none."""
    service = _held(service)
    return _open(service) or _begin(service, _approved(service) or Entry(name=service.name), by, now)


@transaction.atomic
def save_revision(
    *,
    service: Service,
    entry: Entry,
    edit: int,
    by: User | None,
    now: datetime,
    version: int | None = None,
    hidden: dict[int, HiddenAddress] | None = None,
) -> Revision:
    """Keep what an editor wrote as the open proposal. One that waits for staff is taken back by it.

    A place whose address must not be shown is hidden at once, wherever it was public: waiting would be dangerous.

    :param edit: of the open proposal the person began from; 0 where there was none
    :param version: of the approved entry they began from, where there was no proposal
    :param hidden: addresses that must not be shown, by the number of their place in the entry; never in the proposal
    :raises EditConflict: when somebody saved, or staff decided, meanwhile
    :raises CannotSave: when a place is not the organisation's
    """
    service = _held(service)
    revision = _open(service)
    stale_version = revision is None and version is not None and version != service.version
    if (revision.edit if revision else 0) != edit or stale_version:
        raise EditConflict(service, revision)
    entry = with_places_of_its_own(service, entry, hidden or {}, by, now)
    if revision is None:
        revision = _begin(service, entry, by, now)
    else:
        revision.refresh_from_db()  # hiding a place takes its address out of it
        _take_back(revision, by)
        revision.entry, revision.edit = entry.as_json(), revision.edit + 1
        revision.edited_by, revision.edited_at = by, now
        revision.save(update_fields=["entry", "edit", "edited_by", "edited_at"])
    if service.state == Service.State.DRAFT and service.name != entry.name:
        service.name = entry.name
        service.save(update_fields=["name"])
    record("directory.revision_saved", revision, by=by, details=_facts(revision))
    return revision


@transaction.atomic
def submit_revision(*, revision: Revision, by: User | None, now: datetime, edit: int | None = None) -> Revision:
    """Send a proposal to staff. The other editors and whoever looks after the entry are told.

    :param edit: what the person looked at before sending; when not given, what ``revision`` was loaded with
    :raises CannotSend: when it is not being written any more, changed meanwhile, or changes nothing
    """
    service = _held(revision.service)
    seen = revision.edit if edit is None else edit
    revision = Revision.objects.get(pk=revision.pk)
    if revision.state != Revision.State.DRAFT:
        raise CannotSend("This was sent, or thrown away, already.")
    if revision.edit != seen:
        raise CannotSend("Somebody changed it since you looked. Look at it again, then send it.")
    if not _changed_fields(revision):
        raise CannotSend("Nothing in it differs from what is public, so there is nothing to send.")
    if not revision.entry.get("description", "").strip():
        raise CannotSend("Say what the service does before you send it.")
    revision.state, revision.submitted_by, revision.submitted_at = Revision.State.SUBMITTED, by, now
    revision.save(update_fields=["state", "submitted_by", "submitted_at"])
    record("directory.revision_submitted", revision, by=by, details=_facts(revision))
    notifications.queue_many(messages.change_sent(revision, by, _editors(service), kept_by(service, keeper())))
    return revision


@transaction.atomic
def take_back_revision(*, revision: Revision, by: User | None, now: datetime) -> Revision:
    """Take a proposal back from staff, to go on writing. Staff decide nothing about it until it is sent again.

    :raises CannotSend: when it does not wait
    """
    _held(revision.service)
    revision = Revision.objects.get(pk=revision.pk)
    if revision.state != Revision.State.SUBMITTED:
        raise CannotSend("This does not wait for staff any more.")
    _take_back(revision, by)
    return revision


@transaction.atomic
def withdraw_revision(*, revision: Revision, by: User | None, now: datetime) -> Service | None:
    """Throw a proposal away, written or waiting. What is public stays as it is. The other editors are told.

    A service that was never public goes with its first entry. One that came from another directory stays, so that the
    next harvest does not bring it again.

    :returns: the service, where it stays
    :raises CannotSend: when it was decided already
    """
    service = _held(revision.service)
    revision = Revision.objects.get(pk=revision.pk)
    if revision.state not in (Revision.State.DRAFT, Revision.State.SUBMITTED):
        raise CannotSend("This was decided, or thrown away, already.")
    revision.state, revision.decided_by, revision.decided_at = Revision.State.WITHDRAWN, by, now
    revision.save(update_fields=["state", "decided_by", "decided_at"])
    record("directory.revision_withdrawn", revision, by=by, details=_facts(revision))
    remove_unused_places(organisation=service.organisation, places=Entry.from_json(revision.entry).places, by=by)
    if service.state != Service.State.DRAFT or SourceRecord.objects.filter(service=service).exists():
        notifications.queue_many(messages.change_thrown_away(revision, by, _editors(service)))
        return service
    notifications.queue_many(messages.first_entry_thrown_away(service, by, _editors(service)))
    record("directory.draft_removed", service, by=by, details={"organisation": str(service.organisation_id)})
    service.delete()
    return None


@transaction.atomic
def approve_revision(
    *, revision: Revision, by: User, now: datetime, entry: Entry | None = None, edit: int | None = None
) -> Service:
    """Make a proposal public, as it stands or as staff changed it. The editors are told.

    Where the approved entry moved since the proposal was begun, what only one side changed is taken from that side.

    :param entry: the proposal as staff changed it
    :param edit: what staff looked at; when not given, what ``revision`` was loaded with
    :raises CannotDecide: when it does not wait any more, was changed meanwhile, both sides changed the same field, or
        it names a borough, term or level that is gone
    """
    service = _held(revision.service)
    revision = _waiting(revision, revision.edit if edit is None else edit)
    proposed = Entry.from_json(revision.entry)
    final = entry or proposed
    approved = _approved(service)
    if approved is not None:
        base = Entry.from_json(revision.base) if revision.base else None
        merged = merge(base, final, approved)
        if merged.both and entry is None:
            raise CannotDecide(
                f"What is public changed in the same place since this was written: {labels(merged.both)}. "
                "Edit it, so that it says what should be public, then approve it.",
                merged.both,
            )
        final = merged.entry
    _refuse_what_is_gone(final)
    revision.changed_by_staff = bool(entry is not None and differences(proposed, entry, BY_CODE))
    revision.state, revision.decided_by, revision.decided_at = Revision.State.APPROVED, by, now
    revision.entry = final.as_json()
    revision.save(update_fields=["changed_by_staff", "state", "decided_by", "decided_at", "entry"])
    service = publish_entry(service=service, entry=final, by=by, now=now)
    for location in Location.objects.filter(at_services__service=service, is_confidential=True):
        forget_address(location)
    record(
        "directory.revision_approved",
        revision,
        by=by,
        details=_facts(revision) | {"version": service.version, "changed_by_staff": revision.changed_by_staff},
    )
    notifications.queue_many(messages.change_approved(revision, _editors(service)))
    return service


@transaction.atomic
def reject_revision(*, revision: Revision, reason: str, by: User, now: datetime, edit: int | None = None) -> Revision:
    """Refuse a proposal and say why. What is public stays; the editors are told and may write a new one.

    :raises CannotDecide: without a reason, or when it does not wait any more or was changed meanwhile
    """
    if not reason.strip():
        raise CannotDecide("Say why it is not approved, so that the editors know what to change.", ("reason",))
    service = _held(revision.service)
    revision = _waiting(revision, revision.edit if edit is None else edit)
    revision.state, revision.reason = Revision.State.REJECTED, reason.strip()
    revision.decided_by, revision.decided_at = by, now
    revision.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    record("directory.revision_rejected", revision, by=by, details=_facts(revision))
    notifications.queue_many(messages.change_rejected(revision, _editors(service)))
    return revision


def _held(service: Service) -> Service:
    """The service, locked: everything about its proposals queues up here."""
    return Service.objects.select_for_update().get(pk=service.pk)


def _editors(service: Service) -> list[User]:
    return editors_by_organisation([service.organisation_id]).get(service.organisation_id, [])


def _open(service: Service) -> Revision | None:
    return Revision.objects.open().filter(service=service).first()


def _approved(service: Service) -> Entry | None:
    return None if service.version == 0 else entry_of(service)


def _begin(service: Service, entry: Entry, by: User | None, now: datetime) -> Revision:
    approved = _approved(service)
    revision = Revision.objects.create(
        service=service,
        base_version=service.version,
        base=approved.as_json() if approved else {},
        entry=entry.as_json(),
        edited_by=by,
        edited_at=now,
    )
    record("directory.revision_started", revision, by=by, details={"service": str(service.pk)})
    return revision


def _take_back(revision: Revision, by: User | None) -> None:
    if revision.state == Revision.State.SUBMITTED:
        revision.state, revision.submitted_by, revision.submitted_at = Revision.State.DRAFT, None, None
        revision.save(update_fields=["state", "submitted_by", "submitted_at"])
        record("directory.revision_taken_back", revision, by=by, details=_facts(revision))


def _waiting(revision: Revision, seen: int) -> Revision:
    revision = Revision.objects.get(pk=revision.pk)
    if revision.state != Revision.State.SUBMITTED:
        raise CannotDecide("This does not wait any more: it was decided already, or the editors took it back.")
    if revision.edit != seen:
        raise CannotDecide("The editors changed it since you looked. Look at it again, then decide.")
    return revision


def with_places_of_its_own(
    service: Service, entry: Entry, hidden: dict[int, HiddenAddress], by: User | None, now: datetime
) -> Entry:
    """The entry with each hidden place known by its id and its borough alone.

    A place that is hidden stays so, whatever an older page said of it: whoever wants to show an address adds a place.
    """
    mine = {
        str(each.pk): each
        for each in Location.objects.filter(
            organisation=service.organisation_id, pk__in=[place.id for place in entry.places if place.id]
        )
    }
    places = []
    for number, place in enumerate(entry.places):
        if place.id and place.id not in mine:
            raise CannotSave("Choose a place of your own organisation.")
        location = mine.get(place.id)
        if location is not None and location.is_confidential and not place.is_confidential:
            place = replace(place, is_confidential=True, area=location.area_id)
        if place.is_confidential:
            if location is not None and not location.is_confidential:
                hide_location(location=location, area=place.area or location.area_id, by=by, now=now)
            place = keep_hidden_place(
                place=place, organisation=service.organisation, address=hidden.get(number), by=by, now=now
            )
        places.append(place)
    return entry.but(places=tuple(places))


def _refuse_what_is_gone(entry: Entry) -> None:
    areas = {*entry.areas, *(place.area for place in entry.places if place.area)}
    levels = {int(level) for level in entry.levels}
    gone = tuple(
        name
        for name, asked, model, key in (
            ("areas", areas, Area, "gss"),
            ("terms", set(entry.terms), Term, "code"),
            ("levels", levels, ThresholdLevel, "pk"),
        )
        if model.objects.filter(**{f"{key}__in": asked}).count() != len(asked)
    )
    if gone:
        raise CannotDecide(f"It names something that is no longer in the lists: {labels(gone)}. Edit it first.", gone)


def _changed_fields(revision: Revision) -> list[str]:
    before = Entry.from_json(revision.base) if revision.base else None
    return [each.field for each in differences(before, Entry.from_json(revision.entry), BY_CODE)]


def _facts(revision: Revision) -> dict:
    return {"service": str(revision.service_id), "edit": revision.edit, "fields": _changed_fields(revision)}

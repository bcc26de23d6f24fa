"""Taking over services from another directory's feed: what is new waits for staff, what was edited here stays."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from chatr.accounts.models import Borough, Organisation, User
from chatr.audit.operations import record

from ..harvest.mapping import TheirOrganisation, entry_from, organisation_from
from ..harvest.reading import CannotHarvest, Feed, feed_address
from ..models import OrganisationIdentifier, Profile, Revision, Service, Source, SourceOrganisation, SourceRecord
from ..queries.entries import entry_of
from ..queries.harvest import known
from ..rules.differences import labels, merge, take
from ..rules.entries import Entry, Place
from .revisions import save_revision
from .services import publish_entry, start_service

NEW, SAME, CHANGED, CONFLICT, HELD, GONE, BACK, REFUSED = (
    "new, waits for staff",
    "unchanged",
    "changed",
    "changed here and there, waits for staff",
    "changed there, but somebody is writing a change here: left for next time",
    "no longer in the feed",
    "in the feed again",
    "passed over: it has no name, or names no organisation",
)


@dataclass
class Harvest:
    """What a harvest did, or would do: each service with what became of it, and what could not be used."""

    steps: list[tuple[str, str]] = field(default_factory=list)  # what, which service
    problems: list[str] = field(default_factory=list)

    def count(self, what: str) -> int:
        """How many services it became of."""
        return sum(1 for each, _ in self.steps if each == what)


class _DryRun(Exception):
    """Undoes what was tried."""


def harvest(*, address: str, feed: Feed, by: User | None, now: datetime, write: bool) -> Harvest:
    """Hold a feed against what was taken from it before, and take over what changed.

    A new service is a draft whose first entry waits for staff. Later, a field only they changed is taken at once; one
    changed on both sides is a proposal that waits for staff, and what is public stays. A service missing from a whole
    feed is marked and told, never withdrawn. Without ``write`` everything is tried and undone.

    :raises CannotHarvest: when ``address`` is not a web address
    """
    done = Harvest(problems=list(feed.problems))
    try:
        with transaction.atomic():
            _Harvester(feed_address(address), by, now, done).take(feed)
            if not write:
                raise _DryRun
    except _DryRun:
        pass
    return done


class _Harvester:
    """One reading of one feed."""

    def __init__(self, address: str, by: User | None, now: datetime, done: Harvest):
        self.by, self.now, self.done, self.known = by, now, done, known()
        self.source, _ = Source.objects.select_for_update().get_or_create(url=address, defaults={"name": address[:120]})

    def take(self, feed: Feed) -> None:
        """Each service of the feed in turn, then those that are missing."""
        records = {each.external_id: each for each in self.source.records.select_related("service__organisation")}
        for pk, said in feed.services.items():
            if said:  # it could be read
                self._take_one(pk, said, records.get(pk))
        for pk, kept in records.items():
            if pk not in feed.services and (feed.is_whole or pk in feed.withdrawn) and kept.gone_at is None:
                kept.gone_at = self.now
                kept.save(update_fields=["gone_at"])
                self._say(GONE, kept.service.name)
        self.source.harvested_at = self.now
        self.source.save(update_fields=["harvested_at"])
        counts = {what: self.done.count(what) for what in {what for what, _ in self.done.steps}}
        details = {"counts": counts, "problems": len(self.done.problems), "whole": feed.is_whole}
        record("directory.feed_harvested", self.source, by=self.by, details=details)

    def _say(self, what: str, name: str) -> None:
        self.done.steps.append((what, name))

    def _take_one(self, pk: UUID, said: dict, kept: SourceRecord | None) -> None:
        theirs, organisation = entry_from(said, self.known), organisation_from(said)
        if theirs is None or organisation is None:
            self._say(REFUSED, str(pk))
        elif kept is None:
            self._take_new(pk, theirs, organisation)
        else:
            self._take_again(kept, theirs)

    def _take_new(self, pk: UUID, theirs: Entry, organisation: TheirOrganisation) -> None:
        ours = self._organisation(organisation)
        service = start_service(organisation=ours, name=theirs.name, by=self.by, now=self.now)
        self._propose(service, theirs)
        SourceRecord.objects.create(
            source=self.source,
            external_id=pk,
            service=service,
            taken=theirs.as_json(),
            theirs=theirs.as_json(),
            read_at=self.now,
        )
        self._say(NEW, theirs.name)

    def _take_again(self, kept: SourceRecord, theirs: Entry) -> None:
        if kept.gone_at is not None:
            kept.gone_at = None
            self._say(BACK, kept.service.name)
        if theirs.as_json() == kept.taken:
            taken = True
            self._say(SAME, kept.service.name)
        else:
            taken = self._take_changes(kept, theirs)
        kept.theirs, kept.read_at = theirs.as_json(), self.now
        kept.taken = theirs.as_json() if taken else kept.taken
        kept.save(update_fields=["theirs", "taken", "read_at", "gone_at"])

    def _take_changes(self, kept: SourceRecord, theirs: Entry) -> bool:
        """Whether their new words were taken over, at once or as a proposal."""
        service, base = kept.service, Entry.from_json(kept.taken)
        waiting = Revision.objects.open().filter(service=service).first()
        if service.version == 0:
            if waiting is not None and Entry.from_json(waiting.entry) != base:
                self._say(HELD, service.name)
                return False
            self._propose(service, theirs, edit=waiting.edit if waiting else 0)
            self._say(CHANGED, service.name)
            return True
        if waiting is not None or service.state != Service.State.PUBLISHED:
            self._say(HELD, service.name)
            return False
        approved = entry_of(service)
        ours = _without_ids(approved, base)
        merged = merge(base, ours, theirs)
        both = tuple(name for name in merged.both if name != "places" or not _hides(approved))
        if merged.theirs:
            entry = _with_ids(merged.entry, approved)
            publish_entry(service=service, entry=entry, by=self.by, now=self.now)
            service.refresh_from_db()
        if both:
            self._propose(service, _with_ids(take(merged.entry, theirs, both), approved))
            self._say(f"{CONFLICT} ({labels(both)})", service.name)
        else:
            self._say(CHANGED, service.name)
        return True

    def _propose(self, service: Service, entry: Entry, edit: int = 0) -> None:
        """A proposal that waits for staff. Nobody gets a message for each: the harvest itself is read by staff."""
        revision = save_revision(service=service, entry=entry, edit=edit, by=self.by, now=self.now)
        Revision.objects.filter(pk=revision.pk).update(
            state=Revision.State.SUBMITTED, submitted_by=self.by, submitted_at=self.now
        )
        record("directory.revision_submitted", revision, by=self.by, details={"source": self.source.pk})

    def _organisation(self, theirs: TheirOrganisation) -> Organisation:
        """Which organisation one of theirs is: by its numbers, as an earlier harvest said, by its name, or new."""
        external = _uuid(theirs.id)
        found = (
            self._by_number(theirs)
            or self._by_source(external)
            or Organisation.objects.filter(name__iexact=theirs.name).first()
            or self._new_organisation(theirs)
        )
        if external is not None:
            SourceOrganisation.objects.get_or_create(
                source=self.source, external_id=external, defaults={"organisation": found}
            )
        return found

    def _by_number(self, theirs: TheirOrganisation) -> Organisation | None:
        for scheme, _, number in theirs.identifiers:
            if found := OrganisationIdentifier.objects.filter(scheme=scheme, identifier=number).first():
                return found.organisation
        return None

    def _by_source(self, external: UUID | None) -> Organisation | None:
        said = SourceOrganisation.objects.filter(source=self.source, external_id=external)
        return next((each.organisation for each in said.select_related("organisation")), None)

    def _new_organisation(self, theirs: TheirOrganisation) -> Organisation:
        """It works elsewhere until staff say otherwise: nobody can book for it by being named in a feed."""
        made = Organisation.objects.create(
            name=theirs.name, borough=Borough.ELSEWHERE, status=Organisation.Status.ACTIVE
        )
        Profile.objects.create(
            organisation=made,
            description=theirs.description or Profile.NOT_DESCRIBED,
            website=theirs.website,
            email=theirs.email,
        )
        OrganisationIdentifier.objects.bulk_create(
            OrganisationIdentifier(
                id=uuid4(), organisation=made, scheme=scheme, identifier_type=called or scheme, identifier=number
            )
            for scheme, called, number in dict.fromkeys(theirs.identifiers)
        )
        record("directory.organisation_harvested", made, by=self.by, details={"source": self.source.pk})
        return made


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _same_place(one: Place, other: Place) -> bool:
    return (one.name, one.address_1, one.postal_code) == (other.name, other.address_1, other.postal_code)


def _hides(entry: Entry) -> bool:
    return any(place.is_confidential for place in entry.places)


def _without_ids(ours: Entry, base: Entry) -> Entry:
    """Ours, with places as a feed can say them: no id, and nothing that was worked out from the postcode."""
    places = []
    for place in ours.places:
        before = next((each for each in base.places if _same_place(each, place)), None)
        place = replace(place, id="", area="")
        if before is not None and before.latitude is None:
            place = replace(place, latitude=None, longitude=None)
        places.append(place)
    return ours.but(places=tuple(places))


def _with_ids(entry: Entry, ours: Entry) -> Entry:
    """With the ids of those of our places that stay."""
    places = []
    for place in entry.places:
        mine = next((each for each in ours.places if _same_place(each, place)), None)
        if mine is not None:
            place = replace(mine, access=place.access, description=place.description, kind=place.kind)
        places.append(place)
    return entry.but(places=tuple(places))


__all__ = ["CannotHarvest", "Harvest", "harvest"]

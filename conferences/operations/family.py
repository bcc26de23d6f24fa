"""The people of a conference: who they are, who they are to each child, and how to reach them safely."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, ProtectedError

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import (
    Conference,
    ConferenceChild,
    ParentalResponsibility,
    Person,
    PersonContact,
    PersonKind,
    Relationship,
    State,
)
from ..rules.access import is_open


class CannotSavePerson(Exception):
    """Why a person can't be kept as typed, or taken off, worded for whoever tries."""

    def __init__(self, message: str, *, field: str = ""):
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """Who somebody is. Discipline, job, agency and contact with the child are a professional's."""

    name: str
    known_as: str = ""
    pronouns: str = ""
    language: str = ""
    discipline: str = ""
    job: str = ""
    agency: str = ""
    had_direct_contact: bool = False


@dataclass(frozen=True)
class Related:
    """Who somebody is to one child, in their own words. No words: nothing to keep."""

    words: str
    parental_responsibility: str = ParentalResponsibility.NOT_KNOWN


@dataclass(frozen=True, kw_only=True)
class ContactFacts:
    """How to reach somebody, and how it is safe to."""

    safe_contact: str
    safe_contact_note: str = ""
    address: str = ""
    address_is_secret: bool = False
    phone: str = ""
    email: str = ""


@transaction.atomic
def add_person(
    *, conference: Conference, kind: str, facts: PersonFacts, related: Mapping[UUID, Related], by: User, now: datetime
) -> Person:
    """Add somebody. After signing too, so that they can be given a copy; then without saying who they are to a child.

    :param related: by the id of the conference's child
    :raises CannotSavePerson: for a child, who is added by their local id, or once the conference is cancelled
    """
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    if kind == PersonKind.CHILD:
        raise CannotSavePerson("A child is added by their local child id.")
    if conference.state == State.CANCELLED:
        raise CannotSavePerson("This conference was cancelled, so nobody is added to it.")
    last = conference.people.aggregate(last=Max("position"))["last"] or 0
    person = Person(conference=conference, kind=kind, position=last + 1)
    _fill(person, facts)
    person.save(force_insert=True)
    PersonContact.objects.create(conference=conference, person=person)
    if is_open(conference):
        _relate(person, related)
    record("conferences.person_added", conference, by=by, details={"person": str(person.pk), "kind": kind})
    return person


@transaction.atomic
def change_person(
    *, person: Person, facts: PersonFacts, related: Mapping[UUID, Related], by: User, now: datetime
) -> None:
    """Put right who somebody is. A child's name is put right where the child is.

    :raises CannotSavePerson: once the record is closed
    """
    if not is_open(person.conference):
        raise CannotSavePerson("This record is closed, so the people in it stay as they are.")
    _fill(person, facts)
    person.save()
    _relate(person, related)
    record("conferences.person_changed", person.conference, by=by, details={"person": str(person.pk)})


@transaction.atomic
def remove_person(*, person: Person, by: User, now: datetime) -> None:
    """Take somebody off who was added by mistake, with how to reach them and who they are to the children.

    :raises CannotSavePerson: for a child, once the record is closed, or when the record speaks of them already
    """
    if person.kind == PersonKind.CHILD:
        raise CannotSavePerson("A child is taken off on the page about the arrangements.")
    if not is_open(person.conference):
        raise CannotSavePerson("This record is closed, so the people in it stay as they are.")
    record("conferences.person_removed", person.conference, by=by, details={"person": str(person.pk)})
    try:
        with transaction.atomic():
            PersonContact.objects.filter(person=person).delete()
            person.relationships.all().delete()
            person.delete()
    except ProtectedError:
        raise CannotSavePerson(
            "Something in this conference speaks of them already: what they need or chose, a part, a report, words,"
            " or a safety flag. So they stay."
        ) from None


@transaction.atomic
def save_contact(*, person: Person, contact: ContactFacts, by: User, now: datetime) -> None:
    """Write down how somebody is reached safely. After signing too: it is about reaching people, not about the record.

    :raises CannotSavePerson: when the way that is safe has no number or address beside it
    """
    needed = {"email": "email", "post": "address", "phone": "phone", "somebody_else": "safe_contact_note"}
    field = needed.get(contact.safe_contact)
    if field and not getattr(contact, field):
        raise CannotSavePerson(MISSING[field], field=field)
    found = PersonContact.objects.filter(person=person).first()
    found = found or PersonContact(conference_id=person.conference_id, person=person)
    for name, value in vars(contact).items():
        setattr(found, name, value)
    found.save()
    details = {"person": str(person.pk), "safe_contact": contact.safe_contact}
    record("conferences.contact_changed", person.conference, by=by, details=details)


MISSING = {
    "email": "Enter the e-mail address that is safe",
    "address": "Enter the address that is safe for post",
    "phone": "Enter the number that is safe",
    "safe_contact_note": "Say through whom they are reached",
}


def _fill(person: Person, facts: PersonFacts) -> None:
    for name, value in vars(facts).items():
        setattr(person, name, value)
    if person.kind != PersonKind.PROFESSIONAL:
        person.discipline, person.had_direct_contact = "", False


def _relate(person: Person, related: Mapping[UUID, Related]) -> None:
    """Who they are to each child of the conference, as said now; a child of another conference is left out."""
    there = {one.child_id: one for one in person.relationships.all()}
    for child in ConferenceChild.objects.filter(conference_id=person.conference_id, pk__in=related):
        said, one = related[child.pk], there.get(child.pk)
        if not said.words:
            if one is not None:
                one.delete()
            continue
        one = one or Relationship(conference_id=person.conference_id, child=child, person=person)
        one.words, one.parental_responsibility = said.words, said.parental_responsibility
        one.save()

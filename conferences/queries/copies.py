"""Copies: what goes into one, who got which, and whose words were amended since."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from chatr.accounts.models import User
from chatr.help_contacts.models import HelpContact

from ..models import (
    Amendment,
    Assignment,
    AssignmentRole,
    Conference,
    Copy,
    CopyMethod,
    Person,
    PersonContact,
    Withholding,
)
from ..paper.items import Frame, Help, Item, Key
from .items.people import called


def frame_of(
    recipient: Person, items: Sequence[Item], *, written_on: date, talked_about: str, personal: str, with_help: bool
) -> Frame:
    """What stands around these items in this person's copy. Children nothing is said about are not in it."""
    conference = recipient.conference
    about = {item.child for item in items if item.child is not None}
    names = Person.objects.filter(conference=conference, child__in=about).order_by("child__position")
    return Frame(
        name=called(recipient),
        recipient=recipient.pk,
        child=recipient.child_id,
        conference=conference.get_kind_display(),
        held_on=conference.held_on,
        written_on=written_on,
        chair=conference.chair.name,
        chair_title=conference.team.chair_title,
        children=tuple((person.child_id, called(person)) for person in names),
        talked_about=talked_about,
        personal=personal,
        help=tuple(_help()) if with_help else (),
    )


def _help() -> list[Help]:
    return [Help(one.name, one.number, one.what_for, one.hours) for one in HelpContact.objects.shown()]


def contact_of(person: Person) -> PersonContact | None:
    """How to reach a person, if it is written down."""
    return PersonContact.objects.filter(person=person).first()


def is_let_in(person: Person) -> bool:
    """Whether an assignment lets this person's account into the conference now, other than in an emergency."""
    live = Assignment.objects.live().exclude(role=AssignmentRole.BREAK_GLASS)
    return person.user_id is not None and live.filter(conference=person.conference_id, user=person.user_id).exists()


def copies_of(conference: Conference) -> list[Copy]:
    """All copies of a conference with their people, the latest first."""
    return list(
        Copy.objects.filter(conference=conference)
        .select_related("recipient", "prepared_by", "seconded_by", "issued_by", "replaces")
        .order_by("-prepared_at", "pk")
    )


def last_copy(recipient: Person, kind: str) -> Copy | None:
    """The latest copy of a kind for a person, with its content: what was typed for them is offered again."""
    found = Copy.objects.filter(recipient=recipient, kind=kind).select_related("content")
    return found.order_by("-prepared_at").first()


def given_out(recipient: Person, kind: str) -> Copy | None:
    """The latest copy of a kind this person was given: a new one replaces it."""
    found = Copy.objects.filter(recipient=recipient, kind=kind, issued_at__isnull=False)
    return found.order_by("-issued_at").first()


def copies_affected_by(amendment: Amendment) -> list[Copy]:
    """Copies given out and not taken back or replaced, that hold the words an amendment changed, and not the change."""
    return _holding([amendment]).get(amendment.pk, [])


def copies_to_replace(conference: Conference) -> list[tuple[Copy, int]]:
    """Copies whose words were amended since they were given out, each with how many amendments it lacks."""
    counts: dict[UUID, int] = {}
    copies: dict[UUID, Copy] = {}
    for found in _holding(list(Amendment.objects.filter(conference=conference))).values():
        for copy in found:
            copies[copy.pk] = copy
            counts[copy.pk] = counts.get(copy.pk, 0) + 1
    return [(copies[pk], count) for pk, count in counts.items()]


def _holding(amendments: list[Amendment]) -> dict[UUID, list[Copy]]:
    if not amendments:
        return {}
    given_out = (
        Copy.objects.filter(
            conference__in={amendment.conference_id for amendment in amendments},
            issued_at__isnull=False,
            withdrawn_at=None,
        )
        .exclude(replaced_by__issued_at__isnull=False)
        .select_related("recipient", "content")
        .order_by("issued_at", "pk")
    )
    made_of = [(copy, {Key.read(mark) for mark in copy.content.made_of}) for copy in given_out]
    return {
        amendment.pk: [
            copy
            for copy, keys in made_of
            if Key(amendment.object_type, amendment.object_id) in keys and Key("amendment", amendment.pk) not in keys
        ]
        for amendment in amendments
    }


def withholdings_waiting(recipient: Person) -> int:
    """How many things are withheld from a person that no second person has looked at."""
    return Withholding.objects.filter(person=recipient, seconded_by=None).count()


def my_copies(user: User) -> list[Copy]:
    """What somebody was given to read here, the latest first. Of the conference itself they see nothing."""
    return list(_readable(user).order_by("-issued_at"))


def copy_to_read(user: User, copy_id: UUID) -> Copy | None:
    """One of them, with its content; None when it is another's, not given out, or taken back."""
    return _readable(user).select_related("content").filter(pk=copy_id).first()


def _readable(user: User):
    return Copy.objects.filter(reader=user, method=CopyMethod.PORTAL, issued_at__isnull=False, withdrawn_at=None)

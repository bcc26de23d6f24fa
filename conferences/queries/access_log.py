"""Who has seen a record, in plain words: who, as what, what and when; and what a colleague would want to ask about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Func, IntegerField, QuerySet
from django.utils import timezone

from chatr.accounts.models import Membership, User

from ..models import AccessEvent, AssignmentRole, Conference
from .access import MANAGER

MANY_RECORDS = 20  # different ones, opened by one person within an hour
DAY_STARTS, DAY_ENDS = 7, 20  # o'clock in London

ACTIONS = {
    "view": "Opened",
    "preview": "Previewed",
    "copy": "Read a copy",
    "download": "Downloaded",
    "search": "Searched for",
    "emergency": "Opened in an emergency",
    "denied": "Was refused",
}
THINGS = {
    "access-log": "who has seen this record",
    "access-answer": "the answer for a family about who has seen this record",
    "add-amendment": "the page to amend a text",
    "add-challenge": "the page for what is not accurate",
    "agencyreport": "a report",
    "amend": "what was amended",
    "breakglass": "an emergency reading",
    "challenges": "what people say is not accurate",
    "conference": "the overview",
    "conferencechild": "a page about one child",
    "conferencepart": "a part of the meeting",
    "copies": "the list of copies",
    "copy": "a copy",
    "emergency": "this record",
    "feedback-links": "links for saying how it was",
    "holds": "legal holds",
    "person": "a page about one person",
    "record": "the record",
    "room": "the page for the room",
    "safety": "who is kept apart",
    "section": "a section of the record",
    "sign": "what is missing before signing",
    "sign-now": "the page to sign",
    "signedrecord": "the signed record",
}


@dataclass(frozen=True)
class Line:
    """One entry of the access log as people read it. ``marks`` say what is unusual about it."""

    at: datetime
    who: str
    role: str
    what: str
    was_refused: bool
    marks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Seen:
    """That somebody of a role and an organisation saw the record on these days. For a family: no name."""

    role: str
    organisation: str
    days: list[date]


def entries(conference: Conference, person_id: UUID | None = None) -> QuerySet[AccessEvent]:
    """The log of one conference, newest first; of one person only, when given."""
    found = AccessEvent.objects.filter(conference_id=conference.pk).order_by("-at", "-number")
    return found.filter(user_id=person_id) if person_id else found


def with_activity(events: QuerySet[AccessEvent]) -> QuerySet[AccessEvent]:
    """Each entry with ``records``: how many different records the person opened in the hour before it."""
    return events.annotate(
        records=Func(F("id"), function="records_opened_in_the_hour_before", output_field=IntegerField())
    )


def lines(events: Sequence[AccessEvent], people: dict[UUID, str]) -> list[Line]:
    """These entries in words. They come from :func:`with_activity`, the names from :func:`people_in`."""
    return [
        Line(
            at=event.at,
            who=people.get(event.user_id, "Somebody whose account is gone"),
            role=role_in_words(event.role),
            what=what_in_words(event),
            was_refused=event.action == "denied",
            marks=_marks(event),
        )
        for event in events
    ]


def people_in(conference: Conference) -> dict[UUID, str]:
    """Everybody in the log of a conference, in the order of their names."""
    ids = AccessEvent.objects.filter(conference_id=conference.pk).values("user_id")
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}
    return dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))


def who_saw(conference: Conference) -> list[Seen]:
    """The answer to a family that asks who has seen their record: roles and organisations with the days, no names."""
    found = AccessEvent.objects.filter(conference_id=conference.pk).exclude(action="denied").exclude(role="")
    organisations = _organisations(set(found.values_list("user_id", flat=True).distinct()))
    days: dict[tuple[str, str], set[date]] = {}
    for user_id, role, at in found.values_list("user_id", "role", "at").order_by("at"):
        who = (role_in_words(role), organisations.get(user_id) or conference.team.name)
        days.setdefault(who, set()).add(timezone.localdate(at))
    return [Seen(role, organisation, sorted(on)) for (role, organisation), on in sorted(days.items())]


def role_in_words(role: str) -> str:
    """As what somebody was let in."""
    if role == MANAGER:
        return "Chairs' manager"
    return AssignmentRole(role).label if role else "No part in this conference"


def what_in_words(event: AccessEvent) -> str:
    """What somebody did: ``Opened the record``."""
    thing = THINGS.get(event.object_type) or event.object_type.replace("-", " ").replace("_", " ")
    said = ACTIONS.get(event.action) or event.action.replace("_", " ").capitalize()
    return f"{said}: {thing}" if thing else said


def _marks(event: AccessEvent) -> list[str]:
    marks = []
    if not DAY_STARTS <= timezone.localtime(event.at).hour < DAY_ENDS:
        marks.append("Outside 7am to 8pm")
    if event.records > MANY_RECORDS:
        marks.append(f"{event.records} records within an hour")
    return marks


def _organisations(ids: set[UUID]) -> dict[UUID, str]:
    memberships = Membership.objects.live().confirmed().filter(user__in=ids).select_related("organisation")
    return {membership.user_id: membership.organisation.name for membership in memberships.order_by("valid_from")}

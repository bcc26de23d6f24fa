"""Starting the next conference from the last one: people, agencies and flags go with it, and nobody's words."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import (
    SIGNED_STATES,
    Conference,
    ConferenceChild,
    ConferenceKind,
    Person,
    PersonContact,
    PersonKind,
    Reason,
    Relationship,
    SafetyFlag,
    Section47,
    State,
    StrategyDiscussion,
    Team,
)
from .children import CannotSchedule, ChildToBe
from .clocks import set_clocks
from .explanations import explain
from .scheduling import schedule_conference

OVER = (State.CANCELLED, State.ADJOURNED)


@transaction.atomic
def start_review(
    *,
    previous: Conference,
    team: Team,
    chair: User,
    scheduled_at: datetime,
    minutes: int,
    left_out: Mapping[UUID, str],
    key: UUID,
    by: User,
    now: datetime,
    **arrangements,
) -> Conference:
    """Schedule the review of a signed conference, or the new date of one that was adjourned, which keeps its kind.

    People come with who they are to the children, how they are reached safely and who is kept apart from whom. What
    they said, chose and needed does not: they are asked again. Actions are looked at on the page about the plan.

    :param left_out: why a child of the last conference is not part of this one, by the id of that conference's child
    :param key: of the form that was sent; the same one sent twice is one conference
    :param arrangements: more of ``schedule_conference``: mode, place, joining, report_author …
    :raises CannotSchedule: as there; before the last conference is signed or adjourned; if the next was started
        already; with every child left out, or one without a reason
    """
    # Two people who start a review at the same moment queue up here.
    previous = Conference.objects.select_for_update().get(pk=previous.pk)
    if sent_before := Conference.objects.filter(pk=key, created_by=by).first():
        return sent_before
    children = list(previous.children.select_related("child__details").order_by("position"))
    staying = [child for child in children if child.pk not in left_out]
    _refuse(previous, staying, left_out)
    conference = schedule_conference(
        team=team,
        kind=previous.kind if previous.state == State.ADJOURNED else ConferenceKind.REVIEW,
        scheduled_at=scheduled_at,
        minutes=minutes,
        chair=chair,
        children=[ChildToBe(child.child.la_child_id) for child in staying],
        previous=previous,
        notified_on=previous.notified_on,
        key=key,
        by=by,
        now=now,
        **arrangements,
    )
    now_here = {one.child_id: one for one in conference.children.all()}
    places = {child.pk: now_here[child.child_id] for child in staying}
    people = _carry_people(previous, conference, places)
    _carry_contacts(previous, conference, people)
    _carry_relationships(previous, conference, people, places)
    flags = _carry_flags(previous, conference, people)
    if previous.state == State.ADJOURNED:
        _carry_enquiries(conference, places)
        set_clocks(conference=conference, by=by, now=now)
    if left_out:
        said = [f"{child.child.details.name}: {left_out[child.pk]}" for child in children if child.pk in left_out]
        explain(conference=conference, kind=Reason.LEFT_OUT, words="\n".join(said), by=by, now=now)
    details = {"previous": str(previous.pk), "people": len(people), "flags": flags, "left_out": len(left_out)}
    record("conferences.carried", conference, by=by, details=details)
    return conference


def _refuse(previous: Conference, staying: list[ConferenceChild], left_out: Mapping[UUID, str]) -> None:
    if previous.state not in (*SIGNED_STATES, State.ADJOURNED):
        raise CannotSchedule("The next conference starts from this one once it is signed.")
    if not staying:
        raise CannotSchedule("A conference is about at least one child. Leave nobody out, or not everybody.")
    for child in left_out:
        if not left_out[child].strip():
            raise CannotSchedule("Write why this child is left out.", field="why", child=_place(child, previous))
    again = {child.child_id for child in staying}
    if previous.next.exclude(state__in=OVER).filter(children__child__in=again).exists():
        raise CannotSchedule("The next conference was started from this one already.")


def _place(child: UUID, previous: Conference) -> int:
    return previous.children.get(pk=child).position


def _carry_people(previous: Conference, conference: Conference, places: Mapping) -> dict[UUID, Person]:
    """Everybody of the last conference in this one, by who they were there. A child left out is left out."""
    people = {}
    children = {person.child_id: person for person in conference.people.filter(kind=PersonKind.CHILD)}
    for old in previous.people.order_by("position"):
        if old.kind == PersonKind.CHILD:
            if old.child_id not in places:
                continue
            new = children[places[old.child_id].pk]
        else:
            new = Person(conference=conference, kind=old.kind, name=old.name, known_as=old.known_as)
            for name in ("user", "discipline", "had_direct_contact", "job", "agency"):
                setattr(new, name, getattr(old, name))
            new.position = old.position
        new.language, new.pronouns, new.carried_from = old.language, old.pronouns, old
        new.save()
        people[old.pk] = new
    return people


def _carry_contacts(previous: Conference, conference: Conference, people: Mapping[UUID, Person]) -> None:
    names = ("safe_contact", "safe_contact_note", "address", "address_is_secret", "phone", "email")
    PersonContact.objects.bulk_create(
        PersonContact(
            conference=conference, person=people[old.person_id], **{name: getattr(old, name) for name in names}
        )
        for old in previous.contacts.all()
        if old.person_id in people
    )


def _carry_relationships(previous: Conference, conference: Conference, people: Mapping, places: Mapping) -> None:
    Relationship.objects.bulk_create(
        Relationship(
            conference=conference,
            child=places[old.child_id],
            person=people[old.person_id],
            parental_responsibility=old.parental_responsibility,
            words=old.words,
        )
        for old in previous.relationships.all()
        if old.child_id in places and old.person_id in people
    )


def _carry_flags(previous: Conference, conference: Conference, people: Mapping[UUID, Person]) -> int:
    """Those still in force. How many."""
    flags = [
        SafetyFlag(
            conference=conference,
            person_a=people[old.person_a_id],
            person_b=people[old.person_b_id],
            kind=old.kind,
            review_on=old.review_on,
            reason=old.reason,
        )
        for old in previous.safety_flags.filter(ended_at=None)
        if old.person_a_id in people and old.person_b_id in people
    ]
    SafetyFlag.objects.bulk_create(flags)
    return len(flags)


def _carry_enquiries(conference: Conference, places: Mapping[UUID, ConferenceChild]) -> None:
    """An adjourned conference meets again about the same enquiry."""
    Section47.objects.bulk_create(
        Section47(
            conference=conference,
            child=places[old.child_id],
            started_on=old.started_on,
            referral_on=old.referral_on,
            icpc_not_required=old.icpc_not_required,
        )
        for old in Section47.objects.filter(child__in=list(places))
    )
    StrategyDiscussion.objects.bulk_create(
        StrategyDiscussion(
            conference=conference,
            child=places[old.child_id],
            held_on=old.held_on,
            initiated_s47=old.initiated_s47,
        )
        for old in StrategyDiscussion.objects.filter(child__in=list(places))
    )

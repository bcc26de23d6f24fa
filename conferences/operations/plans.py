"""The plan: who does what by when, what came of the last one, who is in the core group, when people meet next."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.workdays.clock import LONDON

from ..models import (
    OPEN_STATES,
    ActionReview,
    Conference,
    ConferenceChild,
    ConferenceKind,
    CoreGroupMember,
    NextDate,
    NextMeeting,
    Person,
    Plan,
    PlanAction,
    Reason,
)
from ..queries.plans import next_limits
from .clocks import set_clocks
from .explanations import explain, take_back


class CannotPlan(Exception):
    """Why something of a plan can't be kept, worded for the person who tries; ``field`` is where it shows."""

    def __init__(self, message: str, *, field: str | None = None):
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class ActionGiven:
    """An action as written down. Only what is done has to be there at once; signing asks for the rest."""

    action: str
    need: str = ""
    outcome: str = ""
    owner: Person | None = None
    due_on: date | None = None
    measure: str = ""
    contingency: str = ""
    plain_words: str = ""


@transaction.atomic
def note_plan(
    *,
    child: ConferenceChild,
    started_on: date,
    initial_categories: Collection[str],
    latest_categories: Collection[str],
    other_authority: bool,
    by: User,
    now: datetime,
) -> Plan:
    """Write down a plan that was open before its first review here, so that this review can continue or end it.

    Call it acting as the chair, or whoever covers for them.

    :raises CannotPlan: unless this is a review after its start, without a category, or if a plan is known here
    """
    conference = _open(child.conference)
    if conference.kind != ConferenceKind.REVIEW:
        raise CannotPlan("Only a review has a plan from before.")
    day = conference.held_on or conference.scheduled_at.astimezone(LONDON).date()
    if started_on >= day:
        raise CannotPlan(f"Enter a day before the review, {day.day} {day:%B %Y}", field="started_on")
    plan = Plan(
        child_id=child.child_id,
        opened_at=conference,
        started_on=started_on,
        initial_categories=list(initial_categories),
        latest_categories=list(latest_categories),
        other_authority=other_authority,
    )
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError:
        raise CannotPlan("A plan of this child is known here for those days already.", field="started_on") from None
    record("conferences.plan_noted", conference, by=by, details={"child": str(child.pk), "started_on": str(started_on)})
    return plan


@transaction.atomic
def save_action(
    *,
    conference: Conference,
    child: ConferenceChild | None,
    given: ActionGiven,
    action: PlanAction | None = None,
    carried_from: PlanAction | None = None,
    by: User,
    now: datetime,
) -> PlanAction:
    """Add an action for one child, or for the whole family where ``child`` is None; or put one right (``action``).

    :raises CannotPlan: without what is done, for a day before the conference, or once the record is signed
    """
    conference = _open(conference)
    if not given.action.strip():
        raise CannotPlan("Write what is done", field="action")
    day = conference.held_on or conference.scheduled_at.astimezone(LONDON).date()
    if given.due_on and given.due_on < day:
        raise CannotPlan(f"Enter a day on or after the conference, {day.day} {day:%B %Y}", field="due_on")
    if action is None:
        last = conference.actions.aggregate(last=Max("position"))["last"] or 0
        action = PlanAction(conference=conference, position=last + 1, carried_from=carried_from)
    action.child = child
    for name, value in vars(given).items():
        setattr(action, name, value)
    action.save()
    record("conferences.action_planned", conference, by=by, details=_about(action))
    return action


@transaction.atomic
def remove_action(*, action: PlanAction, by: User, now: datetime) -> None:
    """Take an action out of the plan, before the record is signed.

    :raises CannotPlan: once it is signed
    """
    conference = _open(action.conference)
    record("conferences.action_removed", conference, by=by, details=_about(action))
    action.delete()


@transaction.atomic
def review_action(
    *,
    conference: Conference,
    action: PlanAction,
    progress: str,
    evidence: str,
    carry_on: bool = False,
    by: User,
    now: datetime,
) -> ActionReview:
    """Say what came of an action of the last conference, and whether it goes on as an action of this one.

    What goes on keeps its words; its owner where they are a person of this conference too, and no date: a new one is
    agreed.

    :raises CannotPlan: without evidence, for an action of another conference, or once the record is signed
    """
    conference = _open(conference)
    if action.conference_id != conference.previous_id:
        raise CannotPlan("This action is not one of the last conference.")
    if not evidence.strip():
        raise CannotPlan("Write what shows it", field="evidence")
    child = _same_child(conference, action)
    review = ActionReview.objects.filter(conference=conference, action=action).first()
    review = review or ActionReview(conference=conference, action=action)
    review.child, review.progress, review.evidence = child, progress, evidence
    review.save()
    if carry_on and not conference.actions.filter(carried_from=action).exists():
        owner = Person.objects.filter(conference=conference, carried_from=action.owner_id).first()
        words = {
            name: getattr(action, name)
            for name in ("need", "outcome", "action", "measure", "contingency", "plain_words")
        }
        save_action(
            conference=conference,
            child=child,
            given=ActionGiven(owner=owner if action.owner_id else None, **words),
            carried_from=action,
            by=by,
            now=now,
        )
    record("conferences.action_reviewed", conference, by=by, details=_about(action) | {"progress": progress})
    return review


def _same_child(conference: Conference, action: PlanAction) -> ConferenceChild | None:
    if action.child_id is None:
        return None
    return conference.children.filter(child_id=action.child.child_id).first()


@transaction.atomic
def set_core_group(
    *, children: Collection[ConferenceChild], members: Collection[Person], lead: Person | None, by: User, now: datetime
) -> None:
    """Say who is in the core group of these children of one conference, and who leads it.

    :raises CannotPlan: without a lead who is in the group, or once the record is signed
    """
    first = next(iter(children))
    conference = _open(first.conference)
    if not members:
        raise CannotPlan("Choose who is in the core group", field="members")
    if lead is None or lead not in members:
        raise CannotPlan("Choose a lead practitioner who is in the core group", field="lead")
    for child in children:
        child.core_group.all().delete()
        CoreGroupMember.objects.bulk_create(
            CoreGroupMember(conference=conference, child=child, person=person, is_lead=person == lead)
            for person in members
        )
    record(
        "conferences.core_group_set",
        conference,
        by=by,
        details={"children": [str(child.pk) for child in children], "members": len(members), "lead": str(lead.pk)},
    )


@transaction.atomic
def set_next_dates(
    *,
    conference: Conference,
    core_group_on: date | None,
    core_group_place: str,
    review_on: date | None,
    review_place: str,
    why_late: str = "",
    by: User,
    now: datetime,
) -> None:
    """Say when the first core group and the next review meet. A day that is empty is taken back.

    :raises CannotPlan: for a day that is not after the conference or at a weekend, after its limit without a reason, or
        once the record is signed
    """
    conference = _open(conference)
    set_clocks(conference=conference, by=by, now=now)
    held_on = conference.held_on or conference.scheduled_at.astimezone(LONDON).date()
    limits, is_late = next_limits(conference), False
    for kind, field, on, place in (
        (NextMeeting.CORE_GROUP, "core_group_on", core_group_on, core_group_place),
        (NextMeeting.REVIEW, "review_on", review_on, review_place),
    ):
        if on is None:
            conference.next_dates.filter(kind=kind).delete()
            continue
        if on <= held_on:
            raise CannotPlan(f"Enter a day after the conference, {held_on.day} {held_on:%B %Y}", field=field)
        if on.isoweekday() > 5:
            raise CannotPlan(f"{on.day} {on:%B %Y} is a {on:%A}. Choose a working day.", field=field)
        due_on = limits[kind].due_on
        if due_on and on > due_on:
            is_late = True
            if not why_late.strip():
                raise CannotPlan(
                    f"The limit is {due_on:%A} {due_on.day} {due_on:%B %Y}. "
                    "Choose an earlier day, or write below why it is later.",
                    field=field,
                )
        date_ = conference.next_dates.filter(kind=kind).first() or NextDate(conference=conference, kind=kind)
        date_.on, date_.place = on, place
        date_.save()
    if is_late:
        explain(conference=conference, kind=Reason.NEXT_DATE_LATE, words=why_late, by=by, now=now)
    else:
        take_back(conference=conference, kind=Reason.NEXT_DATE_LATE, by=by, now=now)
    set_clocks(conference=conference, by=by, now=now)
    record(
        "conferences.next_dates_set",
        conference,
        by=by,
        details={"core_group": str(core_group_on or ""), "review": str(review_on or "")},
    )


def _open(conference: Conference) -> Conference:
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    if conference.state not in OPEN_STATES:
        raise CannotPlan("This record is closed. Add an amendment instead.")
    return conference


def _about(action: PlanAction) -> dict:
    return {"action": str(action.pk), "child": str(action.child_id or ""), "due_on": str(action.due_on or "")}

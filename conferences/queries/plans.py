"""Decisions and plans as their pages show them."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, Q

from ..models import (
    SIGNED_STATES,
    ActionReview,
    Category,
    Clock,
    ClockKind,
    Conference,
    ConferenceChild,
    ConferenceKind,
    Decision,
    Dissent,
    NextDate,
    NextMeeting,
    Outcome,
    Person,
    PersonKind,
    Plan,
    PlanAction,
)
from .amending import with_amendments
from .facts import GOES_ON, decision_of
from .names import child_name


@dataclass
class ChildHere:
    """One child of a conference: what they are called, what is decided, the plan that was open when it was held, and
    the actions of the new one."""

    child: ConferenceChild
    name: str
    decision: Decision | None
    plan: Plan | None
    dissents: list[Dissent] = field(default_factory=list)
    actions: list[PlanAction] = field(default_factory=list)
    reporting_code: str = ""  # what the census takes for the categories, where a page says it

    @property
    def goes_on(self) -> bool:
        """Whether a plan starts or continues."""
        return self.decision is not None and self.decision.outcome in GOES_ON

    @property
    def categories(self) -> list[str]:
        """The categories decided, in words."""
        return [Category(code).label for code in self.decision.categories] if self.decision else []


def children_here(conference: Conference) -> list[ChildHere]:
    """Every child in its order. Two queries."""
    # One that this conference itself started is not one it had before.
    open_plans = Plan.objects.filter(Q(ended_on=None) | Q(ended_at=conference)).exclude(
        opened_at=conference, started_on=conference.held_on
    )
    children = (
        conference.children.select_related("child__details", "decision", "enquiry")
        .prefetch_related(Prefetch("child__plans", queryset=open_plans, to_attr="plans_before"))
        .order_by("position")
    )
    return [
        ChildHere(
            child=child,
            name=child_name(child),
            decision=decision_of(child),
            plan=next(iter(child.child.plans_before), None),
        )
        for child in children
    ]


def with_dissents(children: list[ChildHere], conference: Conference) -> list[Dissent]:
    """Put each dissent with its child; give those about all of them."""
    by_child = {here.child.pk: here for here in children}
    about_all = []
    for dissent in conference.dissents.select_related("person").order_by("person__position", "pk"):
        if dissent.child_id in by_child:
            by_child[dissent.child_id].dissents.append(dissent)
        else:
            about_all.append(dissent)
    return about_all


def with_actions(children: list[ChildHere], conference: Conference) -> list[PlanAction]:
    """Number the actions, put each with its child; give those for the whole family."""
    by_child = {here.child.pk: here for here in children}
    for_all = []
    for number, action in enumerate(conference.actions.select_related("owner").order_by("position", "pk"), 1):
        action.number = number
        (by_child[action.child_id].actions if action.child_id in by_child else for_all).append(action)
    return for_all


@dataclass(frozen=True)
class Decided:
    """Everything that was decided and planned, to read beside the record's words."""

    children: list[ChildHere]
    dissents: list[Dissent]  # about all the children
    actions: list[PlanAction]  # for the whole family
    last: list["LastAction"]
    groups: list[tuple[str, list]]
    next_dates: list[NextDate]


def decided(conference: Conference) -> Decided:
    """Read it all, with the amendments to it: five queries, one more once it is signed, three more in a review."""
    inside = conference.children.select_related("child__details", "decision").order_by("position")
    children = [ChildHere(child, child_name(child), decision_of(child), plan=None) for child in inside]
    groups = core_groups(conference)
    dissents, actions = with_dissents(children, conference), with_actions(children, conference)
    if conference.state in SIGNED_STATES:
        planned = [*actions, *(action for here in children for action in here.actions)]
        with_amendments([*planned, *(here.decision for here in children if here.decision)], conference)
    return Decided(
        children=children,
        dissents=dissents,
        actions=actions,
        last=last_actions(conference),
        groups=[(here.name, groups[here.child.pk]) for here in children if here.child.pk in groups],
        next_dates=list(conference.next_dates.order_by("on")),
    )


@dataclass(frozen=True)
class LastAction:
    """An action of the last conference, what came of it, and whether it was carried on here."""

    action: PlanAction
    name: str  # the child's, or empty for the family
    review: ActionReview | None
    is_carried: bool


def last_actions(conference: Conference) -> list[LastAction]:
    """The actions of the conference before this one, for those who can open it too. Three queries."""
    if conference.kind != ConferenceKind.REVIEW or conference.previous_id is None:
        return []
    reviews = {review.action_id: review for review in conference.action_reviews.all()}
    carried = set(conference.actions.exclude(carried_from=None).values_list("carried_from", flat=True))
    actions = (
        PlanAction.objects.filter(conference=conference.previous_id)
        .select_related("owner", "child__child__details")
        .order_by("position", "pk")
    )
    return [
        LastAction(
            action=action,
            name=child_name(action.child) if action.child else "",
            review=reviews.get(action.pk),
            is_carried=action.pk in carried,
        )
        for action in actions
    ]


def people_to_ask(conference: Conference) -> list[Person]:
    """Those who can have an action, be in a core group, or disagree: professionals, then family, then the others."""
    order = [PersonKind.PROFESSIONAL, PersonKind.FAMILY, PersonKind.SUPPORTER, PersonKind.CHILD]
    return sorted(conference.people.all(), key=lambda person: (order.index(person.kind), person.position, person.name))


@dataclass(frozen=True)
class Limit:
    """When people have to meet next, by the clock, and when they do."""

    kind: NextMeeting
    due_on: date | None
    on: date | None
    place: str


CLOCKS = {NextMeeting.CORE_GROUP: ClockKind.CORE_GROUP, NextMeeting.REVIEW: ClockKind.REVIEW}


def next_limits(conference: Conference) -> dict[NextMeeting, Limit]:
    """The two next dates, each with the limit its clock gives. Two queries."""
    due = dict(Clock.objects.filter(conference=conference, child=None, not_needed=False).values_list("kind", "due_on"))
    dates = {date.kind: date for date in conference.next_dates.all()}
    return {
        kind: Limit(kind, due.get(clock), getattr(dates.get(kind), "on", None), getattr(dates.get(kind), "place", ""))
        for kind, clock in CLOCKS.items()
    }


def core_groups(conference: Conference) -> dict[UUID, list]:
    """The members of each child's core group by the ``ConferenceChild``'s id, the lead first."""
    found: dict[UUID, list] = {}
    for member in conference.core_group.select_related("person").order_by("-is_lead", "person__position", "pk"):
        found.setdefault(member.child_id, []).append(member)
    return found


def has_new_plan(children: list[ChildHere]) -> bool:
    """Whether a plan starts here, so that a first core group meeting is due."""
    return any(here.decision and here.decision.outcome == Outcome.PLAN for here in children)

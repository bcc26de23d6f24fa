"""What the clocks of a conference follow from, and which of them are running."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from chatr.workdays.clock import LONDON

from ..models import (
    AgencyReport,
    Clock,
    ClockKind,
    Conference,
    ConferenceChild,
    Copy,
    CopyKind,
    NextMeeting,
    State,
)


@dataclass(frozen=True)
class Limit:
    """A due date with what it was counted from, and by which rule."""

    start_on: date
    due_on: date
    rule: str
    version: int


@dataclass(frozen=True)
class ChildFacts:
    """What clocks ask of one child of a conference. ``outcome`` is empty until it is decided."""

    id: UUID
    section_47_on: date | None = None  # the strategy discussion that started section 47
    not_required: bool = False
    outcome: str = ""
    born_on: date | None = None
    expected_on: date | None = None
    carried: tuple[Limit, ...] = ()  # from the conference before: its review, or its new date


@dataclass(frozen=True)
class Facts:
    """What the clocks of one conference follow from. Days are London's."""

    kind: str
    state: str
    scheduled_on: date
    held_on: date | None = None
    notified_on: date | None = None
    quorate: bool | None = None
    mother_fit: bool = True
    previous_is_hidden: bool = False
    children: tuple[ChildFacts, ...] = ()
    reports_in_on: date | None = None  # the day the last one came, once all have
    letter_on: date | None = None
    record_on: date | None = None
    core_group_on: date | None = None  # the day it is arranged for
    followed_on: date | None = None  # the day the next conference was held


def facts_of(conference: Conference) -> Facts:
    """Everything the clocks of a conference follow from. At most ten queries."""
    previous = Conference.objects.filter(pk=conference.previous_id).first() if conference.previous_id else None
    return Facts(
        kind=conference.kind,
        state=conference.state,
        scheduled_on=conference.scheduled_at.astimezone(LONDON).date(),
        held_on=conference.held_on,
        notified_on=conference.notified_on,
        quorate=conference.quorate,
        mother_fit=not conference.mother_not_medically_fit,
        previous_is_hidden=conference.previous_id is not None and previous is None,
        children=_children(conference, previous),
        reports_in_on=_reports_in_on(conference),
        letter_on=_given_out_on(conference, CopyKind.DECISION_LETTER),
        record_on=_given_out_on(conference, CopyKind.RECORD),
        core_group_on=conference.next_dates.filter(kind=NextMeeting.CORE_GROUP).values_list("on", flat=True).first(),
        followed_on=conference.next.exclude(held_on=None).order_by("held_on").values_list("held_on", flat=True).first(),
    )


def _children(conference: Conference, previous: Conference | None) -> tuple[ChildFacts, ...]:
    carried = _carried(previous) if previous else {}
    children = ConferenceChild.objects.filter(conference=conference).order_by("position")
    started = dict(
        conference.strategy_discussions.filter(initiated_s47=True).values_list("child_id", "held_on"),
    )
    return tuple(
        ChildFacts(
            id=child.pk,
            section_47_on=started.get(child.pk),
            not_required=bool(getattr(getattr(child, "enquiry", None), "icpc_not_required", False)),
            outcome=getattr(getattr(child, "decision", None), "outcome", ""),
            born_on=getattr(getattr(child.child, "details", None), "born_on", None),
            expected_on=getattr(getattr(child.child, "details", None), "expected_on", None),
            carried=tuple(carried.get(child.child_id, ())) + tuple(carried.get(None, ())),
        )
        for child in children.select_related("child__details", "decision", "enquiry")
    )


def _carried(previous: Conference) -> dict[UUID | None, list[Limit]]:
    """The limits a conference hands on to the next: its reviews by child, and what an adjourned one did not meet."""
    kinds = [ClockKind.RECONVENE]
    if previous.state == State.ADJOURNED:
        kinds.append(ClockKind.CONFERENCE)
    rows = previous.clocks.filter(
        Q(kind=ClockKind.REVIEW, child__isnull=False) | Q(kind__in=kinds, child=None), not_needed=False
    )
    found: dict[UUID | None, list[Limit]] = {}
    for row in rows.select_related("child"):
        found.setdefault(row.child.child_id if row.child else None, []).append(limit_of(row))
    return found


def limit_of(clock: Clock) -> Limit:
    """A stored clock's due date, as it was worked out."""
    return Limit(clock.start_on, clock.due_on, clock.rule, clock.rule_version)


def _reports_in_on(conference: Conference) -> date | None:
    received = list(conference.reports.filter(withdrawn_at=None).values_list("received_at", flat=True))
    return max(received).astimezone(LONDON).date() if received and None not in received else None


def _given_out_on(conference: Conference, kind: str) -> date | None:
    """The day the last of the first copies of a kind was given out; None while one of them waits."""
    issued = list(
        Copy.objects.filter(conference=conference, kind=kind, replaces=None)
        .exclude(issued_at=None, withdrawn_at__isnull=False)
        .values_list("issued_at", flat=True)
    )
    return max(issued).astimezone(LONDON).date() if issued and None not in issued else None


def running(clocks: QuerySet[Clock], today: date) -> QuerySet[Clock]:
    """Those of a set of clocks that somebody still has to meet, soonest first: one for each conference and limit.

    Each child's own clock stands behind the conference's. What the next conference took over is on that one, reports
    are no use after the meeting, and comments on accuracy are the family's to make, so they leave the list on the day.
    A contributor who files the last report can't write clocks, so reports that are all there are left out here.
    """
    reports = AgencyReport.objects.filter(conference=OuterRef("conference"), withdrawn_at=None)
    followed = Conference.objects.exclude(previous=None).exclude(state=State.CANCELLED).values("previous")
    return (
        clocks.filter(met_on=None, not_needed=False)
        .filter(Q(child=None) | Q(kind__in=(ClockKind.BIRTH, ClockKind.BREAK_GLASS)))
        .exclude(kind__in=(ClockKind.REVIEW, ClockKind.RECONVENE), conference__in=followed)
        .exclude(kind=ClockKind.CONFERENCE, conference__state=State.ADJOURNED)
        .exclude(kind=ClockKind.REPORTS, conference__held_on__isnull=False)
        .exclude(Exists(reports), ~Exists(reports.filter(received_at=None)), kind=ClockKind.REPORTS)
        .exclude(kind=ClockKind.ACCURACY, due_on__lt=today)
        .order_by("due_on", "kind", "conference_id")
    )


def conference_clock(conference: Conference) -> Clock | None:
    """By when the conference has to be held, for all its children; None where nothing says so yet."""
    return conference.clocks.filter(kind=ClockKind.CONFERENCE, child=None, not_needed=False).first()


def day_of(conference: Conference, today: date) -> date:
    """The day the conference was held; until then the day it is planned for, or today once that has passed."""
    return conference.held_on or max(today, conference.scheduled_at.astimezone(LONDON).date())


def limit_missed(conference: Conference, today: date) -> Clock | None:
    """The limit a conference was held after, or will be as it is planned now; None when it is in time."""
    clock = conference_clock(conference)
    return clock if clock and day_of(conference, today) > clock.due_on else None

"""What is on a person's desk: their conferences, what runs, what is not in yet, and the few things others come for."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, QuerySet, Subquery

from chatr.accounts.models import User
from chatr.workdays.rules import end_of_day

from ..models import (
    AgencyReport,
    Assignment,
    AssignmentRole,
    Clock,
    Conference,
    ConferenceChild,
    Copy,
    CopyMethod,
    Section,
    State,
    TeamMember,
    TeamRole,
)
from .access import MANAGER, STRONGEST_FIRST
from .clocks import running
from .names import child_name, listed

OPENED_BY = (AssignmentRole.CHAIR, AssignmentRole.COVER, AssignmentRole.MINUTE_TAKER, AssignmentRole.BREAK_GLASS)
FINISHED = (State.DISTRIBUTED, State.CANCELLED)


@dataclass(frozen=True)
class Desk:
    """What lets a person in, as of now: their conferences by what they are in them, and the teams they manage."""

    user: User
    roles: dict[UUID, set[str]] = field(default_factory=dict)
    teams: frozenset[UUID] = frozenset()

    @property
    def is_manager(self) -> bool:
        return bool(self.teams)

    @property
    def opened(self) -> list[UUID]:
        """Those whose record an assignment opens."""
        return [pk for pk, roles in self.roles.items() if roles.intersection(OPENED_BY)]

    def role_in(self, conference: Conference) -> str:
        """As what the person is in a conference, where they are several things the one that lets them do most."""
        held = self.roles.get(conference.pk, set()) | ({MANAGER} if conference.team_id in self.teams else set())
        return next((role for role in STRONGEST_FIRST if role in held), "")


def desk_of(user: User) -> Desk:
    """What lets a person in. Two queries; call it acting as the person."""
    roles: dict[UUID, set[str]] = {}
    for conference_id, role in Assignment.objects.live().filter(user=user).values_list("conference_id", "role"):
        roles.setdefault(conference_id, set()).add(role)
    managed = TeamMember.objects.live().filter(user=user, role=TeamRole.MANAGER)
    return Desk(user, roles, frozenset(managed.values_list("team_id", flat=True)))


def conferences_on(desk: Desk) -> QuerySet[Conference]:
    """Every conference the person may open."""
    return Conference.objects.filter(Q(pk__in=desk.opened) | Q(team__in=desk.teams))


def finished(conferences: QuerySet[Conference]) -> QuerySet[Conference]:
    """Those that are over: copies given out, cancelled, or adjourned with the new one in the diary. Latest first."""
    return conferences.filter(_over()).order_by("-scheduled_at", "pk")


def going_on(conferences: QuerySet[Conference]) -> QuerySet[Conference]:
    """Those that still ask something of somebody, soonest first."""
    return conferences.exclude(_over()).order_by("scheduled_at", "pk")


def _over() -> Q:
    again = Conference.objects.filter(previous=OuterRef("pk")).exclude(state=State.CANCELLED)
    return Q(state__in=FINISHED) | Q(Exists(again), state=State.ADJOURNED)


def for_desk(conferences: QuerySet[Conference]) -> QuerySet[Conference]:
    """With what a row of the desk says, in two queries however many there are."""
    waiting = Q(reports__withdrawn_at=None, reports__received_at=None, reports__isnull=False)
    children = ConferenceChild.objects.select_related("child__details").order_by("position")
    return (
        conferences.select_related("chair")
        .annotate(
            reports_out=Count("reports", filter=waiting, distinct=True),
            undecided=Count("children", filter=Q(children__decision=None), distinct=True),
        )
        .prefetch_related(Prefetch("children", queryset=children, to_attr="named_children"))
    )


def family(conference: Conference) -> str:
    """The children a conference is about, as its readers call them; loaded by :func:`for_desk`."""
    return listed(child_name(child) for child in conference.named_children) or "No child named yet"


def lacking(conference: Conference) -> list[str]:
    """What is not there yet, as far as a list can tell; the page for signing says it in full."""
    found = []
    if conference.state == State.ADJOURNED:
        found.append("no new date yet")
    if conference.reports_out and conference.state == State.SCHEDULED:
        found.append(f"{conference.reports_out} {'report' if conference.reports_out == 1 else 'reports'} not in yet")
    if conference.undecided and conference.state in (State.DRAFT, State.CHECK):
        found.append(f"no decision yet for {conference.undecided} of {len(conference.named_children)}")
    return found


def running_on(desk: Desk, today: date) -> QuerySet[Clock]:
    """The clocks of those conferences that still run, soonest first."""
    mine = Clock.objects.filter(conference__in=conferences_on(desk).values("pk"))
    return running(mine, today).select_related("child__child__details")


# What others come for


@dataclass(frozen=True)
class ForOthers:
    """What somebody is here for who opens no conference: reports to file, copies to read, a child to speak for."""

    reports: int
    next_report_on: date | None
    copies: int
    sections: list[Section]


def for_others(desk: Desk) -> ForOthers:
    """What waits for a contributor, a reader of copies or an advocate. Two queries at most."""
    mine = {"contributor": OuterRef("pk"), "withdrawn_at": None, "received_at": None}
    due = AgencyReport.objects.filter(**mine, conference__state=State.SCHEDULED).order_by()
    copies = Copy.objects.filter(reader=OuterRef("pk"), method=CopyMethod.PORTAL, withdrawn_at=None)
    waiting = User.objects.filter(pk=desk.user.pk).values(
        reports=Subquery(due.values("contributor").annotate(n=Count("pk")).values("n")),
        next_report_on=Subquery(due.values("contributor").annotate(first=Min("due_on")).values("first")),
        copies=Subquery(copies.exclude(issued_at=None).order_by().values("reader").annotate(n=Count("pk")).values("n")),
    )
    found = waiting.get()
    speaks_for = [pk for pk, roles in desk.roles.items() if AssignmentRole.ADVOCATE in roles]
    sections = Section.objects.filter(conference__in=speaks_for).order_by("conference", "position")
    return ForOthers(
        reports=found["reports"] or 0,
        next_report_on=found["next_report_on"],
        copies=found["copies"] or 0,
        sections=list(sections) if speaks_for else [],
    )


SOON = timedelta(days=7)


def something_waits(user: User, today: date) -> bool:
    """Whether there is anything for the person to do or read within a week: outside the area no more is ever said."""
    desk = desk_of(user)
    others = for_others(desk)
    if others.reports or others.copies or others.sections:
        return True
    coming = going_on(conferences_on(desk)).filter(scheduled_at__lt=end_of_day(today + SOON), state=State.SCHEDULED)
    return running_on(desk, today).filter(due_on__lte=today + SOON).exists() or coming.exists()

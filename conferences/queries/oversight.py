"""Figures: of a manager's own teams, whose records they may read anyway; and for programme staff, counts alone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, OuterRef, Q, Value

from chatr.accounts.models import User
from chatr.workdays.clock import LONDON

from ..models import (
    OPEN_STATES,
    AgencyReport,
    Attendance,
    Attending,
    BreakGlass,
    Clock,
    ClockKind,
    Conference,
    ConferenceChild,
    ConferenceKind,
    DisposalProposal,
    ParticipationCode,
    PersonKind,
    SpokeDirectly,
    State,
    Support,
    SupportKind,
    SupportOutcome,
    Team,
    TeamMember,
    TeamRole,
)
from ..quarters import Quarter
from .clocks import running

TIMELY = (ClockKind.CONFERENCE, ClockKind.REVIEW, ClockKind.DECISION_LETTER, ClockKind.RECORD)


@dataclass(frozen=True)
class Share:
    """How many of how many: ``part`` of ``of``."""

    what: str
    part: int
    of: int

    @property
    def row(self) -> tuple[str, int]:
        """For a chart in per cent, with its n. Only where there is something to count."""
        return f"{self.what}: {self.part} of {self.of}", round(100 * self.part / self.of)


@dataclass(frozen=True)
class Timeliness:
    """Of the limits of one kind that fell in the quarter: how many were met in time, late, and not met yet."""

    what: str
    in_time: int = 0
    late: int = 0
    waiting: int = 0

    @property
    def share(self) -> Share:
        """Those met in time of all that were met or should have been."""
        return Share(self.what, self.in_time, self.in_time + self.late + self.waiting)


@dataclass(frozen=True)
class Workload:
    """One chair: conferences not closed yet, of these with a limit that runs and with one that has passed, and how
    many they signed in the quarter."""

    chair: str
    open: int
    due: int
    overdue: int
    signed: int


@dataclass(frozen=True)
class Figures:
    """What a manager sees of their teams for one quarter."""

    held: int
    workload: list[Workload]
    timeliness: list[Timeliness]
    meetings: list[Share]
    reports: list[Share]
    participation: list[tuple[str, int]]
    advocates: list[tuple[str, int]]

    @property
    def table(self) -> Iterable[tuple]:
        """The same as rows of a file: what about, what, how many, of how many."""
        yield "Conferences", "Held", self.held, None
        for one in self.workload:
            yield from (
                (f"Chair: {one.chair}", "Open now", one.open, None),
                (f"Chair: {one.chair}", "Open now with something due", one.due, one.open),
                (f"Chair: {one.chair}", "Open now with something past its day", one.overdue, one.open),
                (f"Chair: {one.chair}", "Signed in the quarter", one.signed, None),
            )
        for one in self.timeliness:
            of = one.share.of
            yield from ((one.what, word, n, of) for word, n in (("In time", one.in_time), ("Late", one.late)))
            yield one.what, "Not yet, and past its day", one.waiting, of
        yield from (("Conferences", one.what, one.part, one.of) for one in self.meetings)
        yield from (("Agency reports", one.what, one.part, one.of) for one in self.reports)
        yield from (("How children took part", what, n, None) for what, n in self.participation)
        yield from (("Advocates for children", what, n, None) for what, n in self.advocates)


def managed_teams(user: User) -> list[Team]:
    """The teams a person manages now, by name."""
    live = TeamMember.objects.live().filter(user=user, role=TeamRole.MANAGER)
    return list(Team.objects.filter(pk__in=live.values("team")).order_by("name"))


def waiting_for_managers(teams: list[Team]) -> dict[str, int]:
    """How many emergency readings nobody has looked at, and how many proposals to dispose wait for agreement."""
    readings = BreakGlass.objects.filter(conference__team__in=teams, reviewed_at=None)
    proposals = DisposalProposal.objects.filter(conference__team__in=teams, declined_at=None, disposed_at=None)
    waiting = readings.values_list(Value("readings")).union(proposals.values_list(Value("proposals")), all=True)
    found = Counter(what for (what,) in waiting)
    return {"readings": found["readings"], "proposals": found["proposals"]}


def figures(teams: list[Team], quarter: Quarter, today: date) -> Figures:
    """Everything about one quarter, in five queries however many conferences there are."""
    present = Attendance.objects.filter(
        conference=OuterRef("pk"), status=Attending.PRESENT, person__kind=PersonKind.FAMILY
    )
    days = (quarter.first, quarter.last)
    of_now_or_then = Q(held_on__range=days) | Q(state__in=OPEN_STATES) | Q(signed_at__date__range=days)
    conferences = list(
        Conference.objects.filter(of_now_or_then, team__in=teams)
        .annotate(family_came=Exists(present))
        .values("pk", "state", "held_on", "signed_at", "quorate", "family_came", "chair", "chair__name")
    )
    held = [one for one in conferences if one["held_on"] and quarter.first <= one["held_on"] <= quarter.last]
    children = _children([one["pk"] for one in held])
    return Figures(
        held=len(held),
        workload=_workload(conferences, teams, quarter, today),
        timeliness=_timeliness(teams, quarter, today),
        meetings=[
            Share("With a quorum", sum(one["quorate"] is True for one in held), len(held)),
            Share("Somebody of the family was there", sum(one["family_came"] for one in held), len(held)),
        ],
        reports=_reports(teams, quarter),
        participation=_took_part(children),
        advocates=_advocates(children),
    )


def _workload(conferences: list[dict], teams: list[Team], quarter: Quarter, today: date) -> list[Workload]:
    work: dict[tuple[str, UUID], Counter] = {}
    for one in conferences:
        counted = work.setdefault((one["chair__name"], one["chair"]), Counter())
        counted["open"] += one["state"] in OPEN_STATES
        signed_on = one["signed_at"] and one["signed_at"].astimezone(LONDON).date()
        counted["signed"] += bool(signed_on and quarter.first <= signed_on <= quarter.last)
    ours = Clock.objects.filter(conference__team__in=teams, conference__state__in=OPEN_STATES)
    due: dict[UUID, set] = {}
    overdue: dict[UUID, set] = {}
    for chair, conference, due_on in running(ours, today).values_list("conference__chair", "conference", "due_on"):
        due.setdefault(chair, set()).add(conference)
        if due_on < today:
            overdue.setdefault(chair, set()).add(conference)
    return [
        Workload(name, counted["open"], len(due.get(chair, ())), len(overdue.get(chair, ())), counted["signed"])
        for (name, chair), counted in sorted(work.items())
    ]


def _timeliness(teams: list[Team], quarter: Quarter, today: date) -> list[Timeliness]:
    rows = Clock.objects.filter(
        conference__team__in=teams,
        due_on__range=(quarter.first, quarter.last),
        kind__in=TIMELY,
        child=None,
        not_needed=False,
    ).exclude(conference__state=State.CANCELLED)
    counts: dict[str, Counter] = {kind: Counter() for kind in TIMELY}
    for kind, due_on, met_on in rows.values_list("kind", "due_on", "met_on"):
        if met_on is not None:
            counts[kind]["in_time" if met_on <= due_on else "late"] += 1
        elif due_on < today:
            counts[kind]["waiting"] += 1
    return [Timeliness(ClockKind(kind).label, **found) for kind, found in counts.items()]


def _reports(teams: list[Team], quarter: Quarter) -> list[Share]:
    rows = list(
        AgencyReport.objects.filter(
            conference__team__in=teams, due_on__range=(quarter.first, quarter.last), withdrawn_at=None
        )
        .exclude(conference__state=State.CANCELLED)
        .values_list("due_on", "received_at", "discussed_on", "spoke_directly")
    )
    in_time = sum(came is not None and came.astimezone(LONDON).date() <= due_on for due_on, came, _, _ in rows)
    return [
        Share("Report on time", in_time, len(rows)),
        Share("Report discussed with the family first", sum(row[2] is not None for row in rows), len(rows)),
        Share("Its writer spoke to the family directly", sum(row[3] == SpokeDirectly.YES for row in rows), len(rows)),
    ]


def _children(conferences: list[UUID]) -> list[tuple[str | None, list[str]]]:
    advocates = Support.objects.filter(person__child=OuterRef("pk"), kind=SupportKind.ADVOCATE)
    return list(
        ConferenceChild.objects.filter(conference__in=conferences)
        .annotate(advocates=ArraySubquery(advocates.values("outcome")))
        .values_list("participation__code", "advocates")
    )


def _took_part(children) -> list[tuple[str, int]]:
    found = Counter(code for code, _ in children)
    return [(f"{code}: {code.label}", found[code]) for code in ParticipationCode] + [("Not said", found[None])]


def _advocates(children) -> list[tuple[str, int]]:
    found = Counter(_with_advocate(outcomes) for _, outcomes in children)
    return [(words, found[code]) for code, words in ADVOCATE.items()]


def _with_advocate(outcomes: list[str]) -> str:
    if not outcomes:
        return "not_offered"
    if set(outcomes) & {SupportOutcome.ARRANGED, SupportOutcome.BRIEFED}:
        return "has"
    return "declined" if SupportOutcome.DECLINED in outcomes else "offered"


# Counts for programme staff

ADVOCATE = {
    "has": "Has an advocate",
    "declined": "Was offered one and chose not to",
    "offered": "Was offered one, not arranged",
    "not_offered": "No offer written down",
}
YES_NO = {"yes": "Yes", "no": "No", "not_said": "Not said"}
IN_TIME = {"in_time": "In time", "late": "Late", "not_yet": "Not yet", "no_limit": "No limit"}
MEASURES = {
    "kind": ("Conferences held", {kind.value: kind.label for kind in ConferenceKind}),
    "conference": ("Conferences held within their limit", {k: v for k, v in IN_TIME.items() if k != "not_yet"}),
    "quorum": ("Conferences with a quorum", YES_NO),
    "family": ("Conferences with somebody of the family there", {"yes": "Yes", "no": "No"}),
    "decision_letter": ("Decision letters", IN_TIME),
    "record": ("Records given out", IN_TIME),
    "report_in_time": ("Agency reports on time", YES_NO | {"not_said": "Not received"}),
    "report_discussed": ("Agency reports discussed with the family first", YES_NO),
    "report_spoke": ("Report writers who spoke to the family directly", YES_NO),
    "participation": (
        "How children took part",
        {code.value: f"{code}: {code.label}" for code in ParticipationCode} | {"not_said": "Not said"},
    ),
    "advocate": ("Children and advocates", ADVOCATE),
}


@dataclass(frozen=True)
class Measure:
    """One measure of all teams: how many of each; None where the number is left out."""

    title: str
    rows: list[tuple[str, int | None]]

    @property
    def is_hidden(self) -> bool:
        """Whether nothing of it can be shown."""
        return all(count is None for _, count in self.rows)

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to count."""
        return all(count == 0 for _, count in self.rows)


def counts(quarter: Quarter) -> list[Measure]:
    """The pilot's measures over every team, for a quarter that is over; nothing for who may not see counts.

    Small numbers are left out by the database, before they reach us.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM conference_counts(%s)", [quarter.first])
        found = {(measure, code): n for measure, code, n in cursor.fetchall()}
    if not found:
        return []
    return [
        Measure(title, [(words, found[measure, code]) for code, words in codes.items()])
        for measure, (title, codes) in MEASURES.items()
    ]

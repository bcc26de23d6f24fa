"""The children of a manager's teams of one census year, with what the census asks."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q

from ..models import Child, Clock, ClockKind, ConferenceChild, Plan, State, Team


@dataclass(frozen=True)
class CensusYear:
    """A year of the census, from 1 April to 31 March."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"1 April {self.first.year} to 31 March {self.last.year}"


def census_year(day: date) -> CensusYear:
    """The census year a day lies in."""
    start = day.year if day >= date(day.year, 4, 1) else day.year - 1
    return CensusYear(date(start, 4, 1), date(start + 1, 3, 31))


@dataclass(frozen=True)
class ChildRows:
    """One child with everything the census asks: their conferences, oldest first, and their plans."""

    child: Child
    conferences: list[ConferenceChild]
    plans: list[Plan]


def children_of_year(teams: list[Team], year: CensusYear) -> list[ChildRows]:
    """The children with a conference of these teams in a census year, or a plan during it. Three queries."""
    theirs = ConferenceChild.objects.filter(conference__team__in=teams).exclude(conference__state=State.CANCELLED)
    held = Q(conference__held_on__range=(year.first, year.last))
    on_plan = Plan.objects.filter(started_on__lte=year.last).filter(Q(ended_on=None) | Q(ended_on__gte=year.first))
    wanted = theirs.filter(held | Q(child__in=on_plan.values("child"))).values("child")
    limits = Clock.objects.filter(kind=ClockKind.CONFERENCE, not_needed=False)
    rows = (
        theirs.filter(child__in=wanted)
        .select_related("child__details", "conference", "enquiry")
        .prefetch_related(Prefetch("clocks", queryset=limits, to_attr="limits"))
        .order_by("child__la_child_id", "conference__held_on", "pk")
    )
    plans = defaultdict(list)
    for plan in Plan.objects.filter(child__in=wanted).order_by("started_on"):
        plans[plan.child_id].append(plan)
    found: dict = {}
    for row in rows:
        found.setdefault(row.child_id, ChildRows(row.child, [], plans[row.child_id])).conferences.append(row)
    return list(found.values())

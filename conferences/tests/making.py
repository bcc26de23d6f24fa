"""The people and conferences of tests: a chair and their team, the next team's chair, a teacher who reports."""

from dataclasses import dataclass
from datetime import date, datetime, time

from chatr.accounts.models import Organisation, User
from chatr.database.acting import acting_as
from chatr.testing.people import make_organisation, make_person
from chatr.workdays.clock import local

from ..models import (
    Conference,
    ConferenceKind,
    Discipline,
    Person,
    PersonKind,
    Team,
    TeamMember,
    TeamRole,
)
from ..operations.scheduling import ChildToBe, schedule_conference

NOW = local(date(2026, 3, 9), time(10))  # a Monday


@dataclass(frozen=True)
class Cast:
    """One team with a chair, another chair, a minute-taker and a manager; the next team with its chair and manager; a
    teacher and a health visitor of different organisations; programme staff."""

    team: Team
    next_team: Team
    chair: User
    colleague: User
    minute_taker: User
    manager: User
    neighbour: User
    next_manager: User
    school: Organisation
    teacher: User
    health_visitor: User
    staff: User


def make_cast() -> Cast:
    """Make them all."""
    school = make_organisation("Mill Lane School", "mill-lane.example.org")
    clinic = make_organisation("Canal Health", "canal.example.org")
    staff = make_person("Eve Marsh", "eve@programme.example.org", None, "programme_administrator")
    people = {
        "chair": make_person("Cleo Hart", "cleo@council.example.org", None, "conference_chair"),
        "colleague": make_person("Dev Shah", "dev@council.example.org", None, "conference_chair"),
        "minute_taker": make_person("Mina Cole", "mina@council.example.org", None, "minute_taker"),
        "manager": make_person("Max Lund", "max@council.example.org", None, "chairs_manager"),
        "neighbour": make_person("Nora Finch", "nora@next.example.org", None, "conference_chair"),
        "next_manager": make_person("Ned Rowe", "ned@next.example.org", None, "chairs_manager"),
    }
    with acting_as(staff.pk):
        team, next_team = Team.objects.create(name="Mill team"), Team.objects.create(name="Canal team")
        for name, role in (
            ("chair", TeamRole.CHAIR),
            ("colleague", TeamRole.CHAIR),
            ("minute_taker", TeamRole.MINUTE_TAKER),
            ("manager", TeamRole.MANAGER),
        ):
            TeamMember.objects.create(team=team, user=people[name], role=role, since=NOW, given_by=staff)
        for name, role in (("neighbour", TeamRole.CHAIR), ("next_manager", TeamRole.MANAGER)):
            TeamMember.objects.create(team=next_team, user=people[name], role=role, since=NOW, given_by=staff)
    return Cast(
        team=team,
        next_team=next_team,
        school=school,
        teacher=make_person("Tess Vale", "tess@mill-lane.example.org", school, "agency_contributor"),
        health_visitor=make_person("Hugo Wren", "hugo@canal.example.org", clinic, "agency_contributor"),
        staff=staff,
        **people,
    )


def make_conference(
    cast: Cast,
    *,
    chair: User | None = None,
    kind: str = ConferenceKind.INITIAL,
    at: datetime | None = None,
    children: int | list[ChildToBe] = 2,
    ids: str = "A",
    now: datetime = NOW,
    **fields,
) -> Conference:
    """A scheduled conference of ``chair`` (the cast's own, when not given) about so many children."""
    chair = chair or cast.chair
    team = cast.next_team if chair == cast.neighbour else cast.team
    if isinstance(children, int):
        children = [
            ChildToBe(f"{ids}{n}", name=f"Child{ids}{n} Example", born_on=date(2015, n, 1))
            for n in range(1, children + 1)
        ]
    with acting_as(chair.pk):
        return schedule_conference(
            team=team,
            kind=kind,
            scheduled_at=at or local(date(2026, 3, 23), time(10)),
            minutes=120,
            chair=chair,
            children=children,
            by=chair,
            now=now,
            **fields,
        )


def make_relative(conference: Conference, name: str = "Rosa Example", *, by: User | None = None, **fields) -> Person:
    """A family member of the conference."""
    with acting_as((by or conference.chair).pk):
        return Person.objects.create(conference=conference, kind=PersonKind.FAMILY, name=name, **fields)


def make_professional(
    conference: Conference, name: str = "Pat Example", discipline: str = Discipline.SCHOOL, **fields
) -> Person:
    """A professional of the conference, who knows the child."""
    fields = {"had_direct_contact": True, "agency": "Example Lane School"} | fields
    with acting_as(conference.chair.pk):
        return Person.objects.create(
            conference=conference, kind=PersonKind.PROFESSIONAL, name=name, discipline=discipline, **fields
        )

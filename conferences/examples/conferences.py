"""The example conferences, one in every state."""

from datetime import date, timedelta

from chatr.accounts.models import User

from ..models import Conference, ConferenceKind, Outcome, Team
from ..operations import states
from ..operations.scheduling import ChildToBe, schedule_conference
from . import stages
from .days import Days
from .stages import Example


def load_all(team: Team, chair: User, days: Days) -> None:
    """Make them all, acting as the chair."""
    soon(team, chair, days)
    expected(team, chair, days)
    moved_here(team, chair, days)
    being_recorded(team, chair, days)
    being_checked(team, chair, days)
    just_signed(team, chair, days)
    reviewed(team, chair, days)
    adjourned(team, chair, days)
    cancelled(team, chair, days)


def _children(family: str, names: str, days: Days) -> list[ChildToBe]:
    """Children of one family, eight years old and younger, with made-up local ids."""
    return [
        ChildToBe(f"EX{family}{number}", name=f"{name} Example", known_as=name, born_on=_years_ago(days, 9 - number))
        for number, name in enumerate(names.split(), 1)
    ]


def _years_ago(days: Days, years: int) -> date:
    return days.today.replace(day=1, month=3, year=days.today.year - years)


def _schedule(
    team: Team, chair: User, days: Days, on: int, family: str, names: str, *, ahead: int = 12, **fields
) -> Example:
    """A conference so many working days from today, written down ``ahead`` working days before."""
    fields = {"kind": ConferenceKind.INITIAL, "children": _children(family, names, days)} | fields
    conference = schedule_conference(
        team=team,
        scheduled_at=days.at(on),
        minutes=120,
        chair=chair,
        place="Example Town Hall, room 2. The window seats are quiet.",
        by=chair,
        now=days.at(on - ahead, 9),
        **fields,
    )
    return Example(conference, chair)


def _ready(team: Team, chair: User, days: Days, on: int, family: str, names: str, **fields) -> Example:
    """Scheduled, with its people, its enquiry, its reports and the family prepared."""
    example = _schedule(team, chair, days, on, family, names, **fields)
    stages.gather(example, days.at(on - 10))
    if example.conference.kind == ConferenceKind.INITIAL:
        stages.enquire(example, days.day(on - 13), days.at(on - 10))
    stages.ask_for_reports(example, days.at(on - 9), come=True)
    stages.prepare(example, days.at(on - 2))
    return example


def soon(team: Team, chair: User, days: Days) -> Conference:
    """Next week: reports are asked for, the meeting with the family is still to come."""
    example = _schedule(team, chair, days, 6, "A", "Rowan Robin")
    stages.gather(example, days.at(-5))
    stages.enquire(example, days.day(-8), days.at(-5))
    stages.ask_for_reports(example, days.at(-4), come=False)
    return example.conference


def expected(team: Team, chair: User, days: Days) -> Conference:
    """About a child who is not born yet."""
    child = ChildToBe("EXB1", name="Baby of Ina Example", expected_on=days.today + timedelta(days=70))
    example = _schedule(team, chair, days, 10, "B", "", kind=ConferenceKind.PRE_BIRTH, children=[child], ahead=11)
    stages.enquire(example, days.day(-2), days.at(-1))
    return example.conference


def moved_here(team: Team, chair: User, days: Days) -> Conference:
    """A family who moved here with a plan of another authority."""
    fields = {"kind": ConferenceKind.TRANSFER_IN, "notified_on": days.day(-4)}
    return _schedule(team, chair, days, 8, "C", "Lumi", **fields).conference


def being_recorded(team: Team, chair: User, days: Days) -> Conference:
    """Held yesterday, half written down."""
    example = _ready(team, chair, days, -1, "D", "Alder Briar Clover")
    stages.meet(example)
    stages.take_down(example, everything=False)
    return example.conference


def being_checked(team: Team, chair: User, days: Days) -> Conference:
    """Held some days ago, written down, and not decided for everybody yet."""
    example = _ready(team, chair, days, -4, "E", "Linden")
    stages.meet(example)
    stages.take_down(example, everything=True)
    states.send_to_check(conference=example.conference, **example.by(days.at(-3)))
    return example.conference


def just_signed(team: Team, chair: User, days: Days) -> Conference:
    """Signed, and its copies not given out yet."""
    example = _ready(team, chair, days, -7, "F", "Hazel Heath")
    _through(example, days, -7)
    return example.conference


def reviewed(team: Team, chair: User, days: Days) -> Conference:
    """Given out two months ago, and its first review in the diary."""
    example = _ready(team, chair, days, -45, "G", "Fern Ash")
    _through(example, days, -45)
    stages.give_out(example, days.at(-42))
    children = [ChildToBe("EXG1"), ChildToBe("EXG2")]
    fields = {"kind": ConferenceKind.REVIEW, "children": children, "previous": example.conference}
    return _schedule(team, chair, days, 12, "G", "", ahead=20, **fields).conference


def _through(example: Example, days: Days, on: int) -> None:
    """Held, written down, decided and signed the day after."""
    stages.meet(example)
    stages.take_down(example, everything=True)
    stages.conclude(example, outcome=Outcome.PLAN, core_group_on=days.day(on + 6), review_on=days.day(on + 57))
    stages.sign(example, days.at(on + 1))


def adjourned(team: Team, chair: User, days: Days) -> Conference:
    """Put off, with its new date still to be found."""
    example = _ready(team, chair, days, -2, "H", "Juniper")
    reason = "The interpreter was ill. The family asked to wait for her."
    states.adjourn(conference=example.conference, reason=reason, **example.by(days.at(-2)))
    return example.conference


def cancelled(team: Team, chair: User, days: Days) -> Conference:
    """Called off."""
    example = _schedule(team, chair, days, 4, "J", "Sorrel")
    reason = "Entered twice: the other one is kept."
    states.cancel(conference=example.conference, reason=reason, **example.by(days.at(-1)))
    return example.conference

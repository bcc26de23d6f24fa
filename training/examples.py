"""An example programme around today: runs over, soon, full, online, on several dates, and bookings in every state."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from chatr.accounts.examples import ExampleAccount, make_account
from chatr.accounts.models import Organisation, User
from chatr.accounts.queries import membership_for_booking
from chatr.workdays.clock import LONDON, local
from chatr.workdays.queries import bank_holidays
from chatr.workdays.rules import is_working_day

from .models import Booking, Course, CourseRun, Place, RunDate, TrainerAssignment, Venue
from .operations import bookings, runs

COURSES = [
    {
        "code": "EX-WELCOME",
        "slug": "example-noticing-and-responding",
        "title": "Example: Noticing trauma and responding well",
        "level": "introductory",
        "summary": "What trauma can look like in everyday work, and what helps in the first minutes, days and weeks.",
        "aims": "Say what trauma is and how it can show itself\nRespond in ways that help people feel safe\n"
        "Know where to turn next",
        "audience": "Anyone working with children, young people or families",
        "content_note": "We talk about harm to children in general terms. There are no case films.",
        "cpd_minutes": 210,
    },
    {
        "code": "EX-ONLINE",
        "slug": "example-six-principles-online",
        "title": "Example: Six principles in one morning, online",
        "level": "introductory",
        "summary": "Safety, trust, choice, collaboration, empowerment, culture: what each changes in a conversation.",
        "aims": "Name the six principles\nTry one of them in a conversation this week",
        "audience": "Anyone new to trauma-informed practice",
        "content_note": "Short written examples of difficult conversations.",
        "cpd_minutes": 120,
    },
    {
        "code": "EX-DEPTH",
        "slug": "example-relationships-that-repair",
        "title": "Example: Relationships that repair",
        "level": "in_depth",
        "summary": "Two days on building trust, noticing rupture and repairing it, with time to practise.",
        "aims": "Recognise your own responses under stress\nPlan for repair after a rupture",
        "audience": "Practitioners who see the same families over time",
        "content_note": "You will be asked to think about your own work, never to share your own history.",
        "cpd_minutes": 720,
        "approval": "manager",
        "needs": "EX-WELCOME",
    },
    {
        "code": "EX-LEAD",
        "slug": "example-leading-a-calm-service",
        "title": "Example: Leading a calm service",
        "level": "in_depth",
        "summary": "Supervision, rest and the small changes that make a whole service feel safer.",
        "aims": "Choose one change for your service and plan it",
        "audience": "Team managers and service leads",
        "content_note": "",
        "cpd_minutes": 360,
        "approval": "staff",
    },
]


@dataclass(frozen=True)
class RunPlan:
    """One example run: its dates are that many days from today (moved to a working day)."""

    ref: str
    course: str
    days: list[int]
    places: int
    starts: time = time(9, 30)
    ends: time = time(13, 0)
    mode: str = "in_person"
    venue: str = "Example Learning Centre"
    link: str = ""
    status: str = "published"
    opens_before: int = 120
    more: dict = field(default_factory=dict)


RUNS = [
    RunPlan("EX-PAST", "EX-WELCOME", [-30], 12),
    RunPlan("EX-SOON", "EX-WELCOME", [4], 16, venue="Example Community Hall"),
    RunPlan("EX-OPEN", "EX-WELCOME", [40], 24),
    RunPlan("EX-FULL", "EX-WELCOME", [54], 3),
    RunPlan("EX-LATER", "EX-WELCOME", [150], 24, opens_before=60),
    RunPlan(
        "EX-WEB-1", "EX-ONLINE", [20], 60, time(10), time(12), "online", "", "https://meet.example.org/six-principles"
    ),
    RunPlan("EX-WEB-2", "EX-ONLINE", [8], 60, time(10), time(12), "online", ""),
    RunPlan("EX-DEPTH-1", "EX-DEPTH", [47, 54], 8, time(9, 30), time(16, 30)),
    RunPlan(
        "EX-DEPTH-2",
        "EX-DEPTH",
        [96, 103],
        8,
        time(9, 30),
        time(16, 30),
        "blended",
        link="https://meet.example.org/repair",
    ),
    RunPlan("EX-LEAD-1", "EX-LEAD", [61], 10, time(10), time(16)),
    RunPlan("EX-CLOSED", "EX-WELCOME", [26], 12, status="closed"),
    RunPlan("EX-OFF", "EX-ONLINE", [33], 20, time(14), time(16), "online", ""),
    RunPlan("EX-DRAFT", "EX-LEAD", [120], 10, time(10), time(16), status="draft"),
]


def load(*, now: datetime) -> bool:
    """Add the example programme and bookings. Nothing happens when it is there already."""
    if Course.objects.filter(code=COURSES[0]["code"]).exists():
        return False
    staff = User.objects.get(email="staff@example.org")
    _load_courses()
    _load_venues()
    made = {plan.ref: _load_run(plan, now) for plan in RUNS}
    _load_bookings(made, staff, now)
    return True


def _load_courses() -> None:
    for facts in COURSES:
        needs = facts.get("needs")
        Course.objects.create(
            **{name: value for name, value in facts.items() if name != "needs"},
            requires=Course.objects.get(code=needs) if needs else None,
            is_published=True,
        )


def _load_venues() -> None:
    Venue.objects.create(
        name="Example Learning Centre",
        address="1 Example Street",
        postcode="E8 1EA",
        arrival_instructions="Use the main door and ask for the training room. Doors open 30 minutes before. "
        "Tea and coffee are in the room.",
        access="Step-free from the street, a lift to every floor, an accessible toilet on each, a hearing loop, "
        "a quiet room and a prayer room.",
    )
    Venue.objects.create(
        name="Example Community Hall", address="2 Example Road", postcode="E5 0EX", access="Step-free."
    )


def _working_day(day: date) -> date:
    """This day, or the next that is neither a weekend nor a bank holiday."""
    holidays = bank_holidays(day, day + timedelta(days=14))
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return day


def _load_run(plan: RunPlan, now: datetime) -> CourseRun:
    days = [_working_day(now.astimezone(LONDON).date() + timedelta(days=n)) for n in plan.days]
    run = CourseRun.objects.create(
        ref=plan.ref,
        course=Course.objects.get(code=plan.course),
        status=plan.status,
        mode=plan.mode,
        online_link=plan.link,
        opens_date=days[0] - timedelta(days=plan.opens_before),
        closes_date=days[0] - timedelta(days=1),
        min_places=min(4, plan.places),
        waiting_list_cap=plan.places,
        places_per_organisation=4,
        cancel_deadline_working_days=5,
    )
    venue = Venue.objects.filter(name=plan.venue).first()
    for number, day in enumerate(days, start=1):
        run_date = RunDate.objects.create(
            run=run, number=number, starts_at=local(day, plan.starts), ends_at=local(day, plan.ends), venue=venue
        )
        TrainerAssignment.objects.create(run_date=run_date, trainer=User.objects.get(email="trainer@example.org"))
    Place.objects.bulk_create(Place(run=run, number=number) for number in range(1, plan.places + 1))
    return run


def _load_bookings(made: dict[str, CourseRun], staff: User, now: datetime) -> None:
    """Bookings in every state, each made by the operation that makes it for real."""
    amina, bolu, cerys, devika, edwin, goran = (
        User.objects.get(email=email)
        for email in (
            "practitioner@example.org",
            "colleague@example.org",
            "teacher@lane-primary.example.org",
            "health.visitor@visiting.example.org",
            "lead@lane-primary.example.org",
            "newcomer@example-mail.example.org",
        )
    )
    crowd = _crowd(now)
    long_ago = now - timedelta(days=60)
    for person in (amina, bolu, cerys, *crowd[:6]):
        _book(made["EX-PAST"], person, long_ago)
    for person in (devika, *crowd[:9]):
        _book(made["EX-SOON"], person, now - timedelta(days=20))
    _book(
        made["EX-OPEN"], amina, now, bookings.NeedsGiven(access="A seat near the door, please.", dietary="Vegetarian")
    )
    for person in crowd[9:14]:
        _book(made["EX-OPEN"], person, now - timedelta(days=3))
    for person in (edwin, *crowd[14:16]):
        _book(made["EX-FULL"], person, now - timedelta(days=6))
    for person in (cerys, bolu):
        _book(made["EX-FULL"], person, now - timedelta(days=2))
    _book(made["EX-OPEN"], goran, now)
    for person in (devika, *crowd[:7]):
        _book(made["EX-WEB-1"], person, now - timedelta(days=5))
    declined = _book(made["EX-LEAD-1"], cerys, now - timedelta(days=8))
    bookings.decline_request(
        booking=declined, reason="This course is for people who manage a team.", by=staff, now=now - timedelta(days=7)
    )
    _book(made["EX-LEAD-1"], edwin, now - timedelta(days=4))
    approved = _book(made["EX-DEPTH-1"], amina, now - timedelta(days=9))
    bookings.approve_request(booking=approved, by=staff, now=now - timedelta(days=8))
    _book(made["EX-DEPTH-1"], devika, now - timedelta(days=1))
    withdrawn = _book(made["EX-DEPTH-2"], cerys, now - timedelta(days=2))
    bookings.cancel_booking(booking=withdrawn, by=cerys, now=now - timedelta(days=1))
    cancelled = _book(made["EX-WEB-1"], amina, now - timedelta(days=10))
    bookings.cancel_booking(booking=cancelled, by=amina, now=now - timedelta(days=9))
    late = _book(made["EX-SOON"], crowd[16], now - timedelta(days=20))
    bookings.cancel_booking(booking=late, by=crowd[16], now=now)
    moving = _book(made["EX-WEB-2"], crowd[17], now - timedelta(days=3))
    bookings.move_booking(booking=moving, to_run=made["EX-WEB-1"], by=staff, now=now, reason="Asked to move.")
    for person in (bolu, crowd[8]):
        _book(made["EX-OFF"], person, now - timedelta(days=4))
    runs.cancel_run(run=made["EX-OFF"], reason="The trainer is not well.", by=staff, now=now - timedelta(days=1))
    freed = Booking.objects.live().get(run=made["EX-FULL"], attendee=crowd[15])
    bookings.cancel_booking(booking=freed, by=crowd[15], now=now - timedelta(hours=2))


def _crowd(now: datetime) -> list[User]:
    """Eighteen more people, from every active organisation in turn."""
    organisations = list(Organisation.objects.active().order_by("name"))
    return [
        make_account(
            ExampleAccount(
                f"person.{number:02}@example.org",
                f"Person {number:02} Example",
                organisations[number % len(organisations)].name,
                job_role="Practitioner",
            ),
            now,
        )
        for number in range(1, 19)
    ]


def _book(run: CourseRun, person: User, now: datetime, needs: bookings.NeedsGiven | None = None) -> Booking:
    return bookings.book_place(
        run=run,
        attendee=person,
        membership=membership_for_booking(person),
        now=now,
        needs=needs or bookings.NeedsGiven(),
    )

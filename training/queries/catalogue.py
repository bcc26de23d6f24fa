"""What anybody may see: the runs to come with the filters over them, one course with its runs, and one run to book."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import F

from chatr.workdays.queries import bank_holidays

from .. import rules
from ..models import Course, CourseRun, RunDate
from ..models.runs import NUMBERS, how_many

FEW = 5  # so many places or fewer are said in amber
TOLD = ("places_total", "places_held", "waiting")  # of the numbers of a run; how many ask is for staff
A_PAGE = 25


@dataclass(frozen=True)
class Availability:
    """What a person can do about a run now: in words, and what the button says when there is something to ask for."""

    words: str
    tone: str = ""
    action: str = ""
    has_places: bool = False


def availability(run: CourseRun, starts_at: datetime, now: datetime) -> Availability:
    """Whether a run loaded ``with_numbers`` can be booked. While anybody waits it is full, even if a place is free."""
    today = rules.local_day(now)
    if run.status == CourseRun.Status.CANCELLED:
        return Availability("Cancelled")
    if starts_at <= now:
        return Availability("Already started")
    if run.status == CourseRun.Status.PUBLISHED and today < run.opens_date:
        return Availability(f"Booking opens {run.opens_date:%A} {run.opens_date.day} {run.opens_date:%B %Y}")
    if run.status != CourseRun.Status.PUBLISHED or today > run.closes_date:
        return Availability("Booking has closed")
    asks = run.course.needs_decision
    free = run.places_total - run.places_held
    if free > 0 and not run.waiting:
        words = "1 place left" if free == 1 else f"{free:,} places left"
        return Availability(words, "amber" if free <= FEW else "", "Ask for a place" if asks else "Book", True)
    if run.waiting < run.waiting_list_cap:
        return Availability("Full: join the waiting list", "amber", "Ask for a place" if asks else "Join waiting list")
    return Availability("Full")


@dataclass
class Row:
    """A run as pages show it."""

    run: CourseRun
    availability: Availability
    dates: list[RunDate]
    cancel_by: datetime | None = None

    @property
    def course(self) -> Course:
        return self.run.course

    @property
    def where(self) -> str:
        return where(self.run, self.dates)


def where(run: CourseRun, dates: Iterable[RunDate]) -> str:
    """The place or places of a run by name, or ``Online``."""
    names = list(dict.fromkeys(run_date.venue.name for run_date in dates if run_date.venue))
    if run.mode == CourseRun.Mode.ONLINE:
        return "Online"
    if run.mode == CourseRun.Mode.BLENDED:
        names.append("online")
    return " and ".join(names) or "Place to be confirmed"


# The list and its filters


@dataclass(frozen=True)
class Filters:
    """What a person narrowed the list down to; an empty one lets everything through."""

    level: str = ""
    month: str = ""  # 2027-01
    mode: str = ""
    places: str = ""  # "yes": only runs with a place left

    @property
    def applied(self) -> list[str]:
        return [name for name, value in vars(self).items() if value]

    def without(self, name: str) -> "Filters":
        return replace(self, **{name: ""})

    def let_through(self, row: Row) -> bool:
        return (
            (not self.level or self.level == row.course.level)
            and (not self.month or self.month == _month(row.run.first_starts_at))
            and (not self.mode or self.mode == row.run.mode)
            and (not self.places or row.availability.has_places)
        )


@dataclass
class Catalogue:
    """Every run to come, and what each filter would leave of them."""

    rows: list[Row]

    def found(self, filters: Filters) -> list[Row]:
        return [row for row in self.rows if filters.let_through(row)]

    def months(self) -> list[str]:
        """The months in which a run begins, in order."""
        return list(dict.fromkeys(_month(row.run.first_starts_at) for row in self.rows))

    def counts(self, filters: Filters, name: str) -> Counter:
        """How many runs each value of one filter leaves, together with the other filters in force; ``""`` is any."""
        left = self.found(filters.without(name))
        counted = Counter(_value(row, name) for row in left)
        counted[""] = len(left)
        return counted


def _month(moment: datetime) -> str:
    return f"{rules.local_day(moment):%Y-%m}"


def _value(row: Row, name: str) -> str:
    if name == "level":
        return row.course.level
    if name == "month":
        return _month(row.run.first_starts_at)
    if name == "mode":
        return row.run.mode
    return "yes" if row.availability.has_places else "no"


def catalogue(now: datetime) -> Catalogue:
    """Every published run whose first date has not begun, soonest first. One query; dates come with ``add_dates``."""
    runs = _to_come(now).filter(course__is_published=True).with_numbers().select_related("course")
    runs = runs.only(
        *("ref", "status", "mode", "opens_date", "closes_date", "waiting_list_cap"),
        *("course__slug", "course__title", "course__level", "course__approval", "course__requires"),
    )
    return Catalogue([Row(run, availability(run, run.first_starts_at, now), []) for run in runs])


def add_dates(rows: list[Row]) -> None:
    """Load the dates and venues of the rows a page shows. One query."""
    of_run = defaultdict(list)
    wanted = RunDate.objects.filter(run__in=[row.run.pk for row in rows])
    for run_date in wanted.in_order().select_related("venue"):
        of_run[run_date.run_id].append(run_date)
    for row in rows:
        row.dates = of_run[row.run.pk]


def add_deadlines(rows: list[Row]) -> None:
    """Work out until when each run can be cancelled in good time. One query, for the bank holidays."""
    if not rows:
        return
    first_days = [rules.local_day(row.dates[0].starts_at) for row in rows]
    most = max(row.run.cancel_deadline_working_days for row in rows)
    holidays = bank_holidays(min(first_days) - timedelta(days=2 * most + 20), max(first_days))
    for row in rows:
        row.cancel_by = rules.cancel_by(row.run, row.dates[0], holidays)


def _to_come(now: datetime):
    """Published runs not begun, soonest first. Adds ``first_starts_at``."""
    runs = CourseRun.objects.published().filter(dates__number=1, dates__starts_at__gt=now)
    return runs.annotate(first_starts_at=F("dates__starts_at")).order_by("first_starts_at", "ref")


def courses_without_dates(catalogue: Catalogue) -> list[Course]:
    """Published courses none of whose runs is to come, by title. One query."""
    with_dates = {row.course.pk for row in catalogue.rows}
    return list(Course.objects.published().exclude(pk__in=with_dates).only("slug", "title", "level").order_by("title"))


# One course, one run


def published_course(slug: str) -> Course | None:
    """A course anybody may read about. One query."""
    return next(iter(Course.objects.published().filter(slug=slug)), None)


# Said in SQL once, because this page is the busiest of all and Django takes longer to compose the query than to run it.
_RUNS_OF_COURSE = f"""
    SELECT run.*, first.starts_at AS first_starts_at,
           {", ".join(f"{NUMBERS[name].format(run='run.id')} AS {name}" for name in TOLD)}
      FROM training_courserun run
      JOIN training_rundate first ON first.run_id = run.id AND first.number = 1
     WHERE run.course_id = %s AND run.status <> %s AND first.starts_at > %s
     ORDER BY first.starts_at, run.ref
"""


def runs_of(course: Course, now: datetime) -> list[Row]:
    """The course's runs to come with numbers, dates and deadlines, the soonest first. Three queries."""
    rows = []
    for run in CourseRun.objects.raw(_RUNS_OF_COURSE, [course.pk, CourseRun.Status.DRAFT, now]):
        run.course = course
        rows.append(Row(run, availability(run, run.first_starts_at, now), []))
    if rows:
        add_dates(rows)
        add_deadlines(rows)
    return rows


def other_runs_to_book(run: CourseRun, now: datetime) -> list[Row]:
    """The course's other runs that somebody could ask for now."""
    return [row for row in runs_of(run.course, now) if row.run.pk != run.pk and row.availability.action]


def bare_run(ref: str) -> CourseRun | None:
    """The key of a run that is no draft, and nothing else: for operations, which read the rest under their lock."""
    return CourseRun.objects.published().filter(ref=ref.upper(), course__is_published=True).only("pk").first()


def run_by_ref(ref: str, now: datetime) -> Row | None:
    """One run that is no draft, whatever the case its reference is typed in, with numbers and dates. One query."""
    of_the_run = RunDate.objects.filter(run__ref=ref.upper(), run__course__is_published=True)
    dates = list(
        of_the_run.exclude(run__status=CourseRun.Status.DRAFT)
        .in_order()
        .select_related("run__course", "venue")
        .annotate(**{name: how_many(NUMBERS[name], F("run")) for name in TOLD})
    )
    if not dates:
        return None
    run = dates[0].run
    for name in TOLD:
        setattr(run, name, getattr(dates[0], name))
    return Row(run, availability(run, dates[0].starts_at, now), dates)


def next_to_book(now: datetime, limit: int) -> list[Row]:
    """The soonest runs with a place left, for the home page."""
    rows = [row for row in catalogue(now).rows if row.availability.has_places][:limit]
    add_dates(rows)
    return rows


def month_in_words(month: str) -> str:
    """``2027-01`` is ``January 2027``."""
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}"

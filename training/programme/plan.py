"""What importing a programme would do: whole good runs held against what is there, before anything is written."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime

from chatr.accounts.models import User
from chatr.workdays.queries import bank_holidays

from .. import rules
from ..models import Course, CourseRun, Venue
from ..operations.runs import DatePlan, schedule_changes
from ..queries import dates_of
from ..queries.desk import who_is_told
from ..words import day
from .rows import COURSE_COLUMNS, ProgrammeRow, read_rows

COURSE_FIELDS = {"course_title": "title", "level": "level", "summary": "summary", "audience": "audience"}
COURSE_FIELDS |= {"cpd_minutes": "cpd_minutes", "approval": "approval"}
RUN_FIELDS = {"mode": "mode", "min_places": "min_places", "waiting_list_cap": "waiting_list_cap"}
RUN_FIELDS |= {
    "places_per_organisation": "places_per_organisation",
    "cancel_deadline_working_days": "cancel_deadline_working_days",
    "booking_opens": "opens_date",
    "booking_closes": "closes_date",
}


@dataclass
class CoursePlan:
    """What becomes of one course."""

    code: str
    values: dict
    course: Course | None
    changes: list[str] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.course is None


@dataclass
class RunPlan:
    """What becomes of one run, all of it or nothing."""

    ref: str
    course_code: str
    values: dict
    rows: list[ProgrammeRow]
    run: CourseRun | None
    changes: list[str] = field(default_factory=list)
    schedule_changes: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.run is None

    @property
    def is_changed(self) -> bool:
        return bool(self.run and (self.changes or self.schedule_changes))


@dataclass
class ProgrammePlan:
    """Everything an import would do, and everything it refuses."""

    courses: list[CoursePlan]
    runs: list[RunPlan]
    refused: list[str]
    refused_runs: list[str]
    warnings: list[str]
    new_trainers: list[str]

    @property
    def dates(self) -> int:
        return sum(len(plan.rows) for plan in self.runs)

    @property
    def places(self) -> int:
        return sum(plan.values["capacity"] for plan in self.runs)

    @property
    def new(self) -> int:
        return sum(plan.is_new for plan in [*self.courses, *self.runs])

    @property
    def changed(self) -> int:
        return sum(bool(plan.changes) for plan in self.courses) + sum(plan.is_changed for plan in self.runs)

    @property
    def drafts(self) -> list[RunPlan]:
        return [plan for plan in self.runs if plan.is_new]

    @property
    def totals(self) -> str:
        """``8 courses, 15 runs, 19 dates, 418 places``."""
        return ", ".join(
            f"{number} {word if number == 1 else word + 's'}"
            for number, word in [
                (len(self.courses), "course"),
                (len(self.runs), "run"),
                (self.dates, "date"),
                (self.places, "place"),
            ]
        )

    @property
    def outcome(self) -> str:
        """``23 new, 0 changed``."""
        return f"{self.new} new, {self.changed} changed"

    @property
    def fingerprint(self) -> str:
        """The same for as long as the import would do the same."""
        said = [
            [(plan.code, plan.is_new, plan.changes) for plan in self.courses],
            [(plan.ref, plan.is_new, plan.changes, plan.schedule_changes, plan.told) for plan in self.runs],
            self.refused,
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def plan_programme(numbered: list[tuple[int, dict[str, str]]], *, now: datetime) -> ProgrammePlan:
    """Compare a programme with the portal and say what importing it would do. Writes nothing.

    One bad row refuses its whole run. Dates match by their order within the run, so calendars can follow a move.
    Runs that are not in the file are not touched.
    """
    known = {course.code: course for course in Course.objects.select_related("requires")}
    rows = read_rows(numbered, set(known))
    by_ref: dict[str, list[ProgrammeRow]] = {}
    for row in rows:
        by_ref.setdefault(row.run_ref, []).append(row)
    there = {
        run.ref: run
        for run in CourseRun.objects.full_details()
        .with_numbers()
        .prefetch_related("dates__trainer_assignments__trainer", "places__booking")
        .filter(ref__in=list(by_ref))
    }
    refused = [row.sentence for row in rows if row.problem]
    bad_refs = {row.run_ref for row in rows if row.problem}
    runs = []
    for ref, its_rows in by_ref.items():
        if ref in bad_refs:
            continue
        plan = _plan_run(ref, its_rows, there.get(ref))
        if refusal := _why_not(plan, now):
            bad_refs.add(ref)
            refused.append(f"Row {its_rows[0].number} ({ref}): {refusal}")
        else:
            runs.append(plan)
    courses = _plan_courses(runs, known)
    return ProgrammePlan(
        courses=courses,
        runs=runs,
        refused=refused,
        refused_runs=sorted(ref for ref in bad_refs if ref),
        warnings=_warnings(runs, known, now),
        new_trainers=_new_trainers(runs),
    )


def _plan_courses(runs: list[RunPlan], known: dict[str, Course]) -> list[CoursePlan]:
    plans: dict[str, CoursePlan] = {}
    for run_plan in runs:
        code = run_plan.course_code
        if code in plans:
            continue
        values = {column: run_plan.values[column] for column in COURSE_COLUMNS}
        plan = plans[code] = CoursePlan(code, values, known.get(code))
        if plan.course:
            plan.changes = _differences(plan.course, values, COURSE_FIELDS)
            needed = plan.course.requires.code if plan.course.requires else ""
            if needed != values["requires_course_code"]:
                plan.changes.append(
                    f"course needed first: {needed or 'none'} → {values['requires_course_code'] or 'none'}"
                )
    return list(plans.values())


def _plan_run(ref: str, rows: list[ProgrammeRow], run: CourseRun | None) -> RunPlan:
    plan = RunPlan(ref, rows[0].values["course_code"], rows[0].values, rows, run)
    if run is None:
        return plan
    plan.changes = _differences(run, plan.values, RUN_FIELDS)
    planned = sum(not place.is_extra for place in run.places.all())
    if planned != plan.values["capacity"]:
        plan.changes.append(f"places: {planned} → {plan.values['capacity']}")
    trainers_then = [{a.trainer.email for a in d.trainer_assignments.all()} for d in dates_of(run)]
    trainers_now = [{row.values["trainer_email"]} - {""} for row in rows]
    if trainers_then != trainers_now:
        plan.changes.append("trainers")
    plan.changes += _address_changes(plan)
    date_plans = date_plans_of(plan, venues=None)
    lost = dates_of(run)[len(rows) :]
    plan.schedule_changes = schedule_changes(date_plans, lost) + _venue_changes(plan)
    if plan.schedule_changes:
        plan.told = who_is_told(run)
    return plan


def date_plans_of(plan: RunPlan, venues: dict[tuple[str, str], Venue] | None) -> list[DatePlan]:
    """The dates as the operation takes them. Without ``venues`` each keeps its own: they are made only when writing."""
    dates = dates_of(plan.run) if plan.run else []
    plans = []
    for index, row in enumerate(plan.rows):
        run_date = dates[index] if index < len(dates) else None
        if venues is None:
            venue = run_date.venue if run_date else None
        else:
            venue = venues.get(venue_key(row))
        plans.append(DatePlan(starts_at=row.starts_at, ends_at=row.ends_at, venue=venue, run_date=run_date))
    return plans


def venue_key(row: ProgrammeRow) -> tuple[str, str]:
    """What tells one venue from another: its name and postcode."""
    return row.values["venue"], row.values["postcode"]


def _venue_changes(plan: RunPlan) -> list[str]:
    changes = []
    for row, run_date in zip(plan.rows, dates_of(plan.run), strict=False):
        then = (run_date.venue.name, run_date.venue.postcode) if run_date.venue else ("", "")
        if then != venue_key(row):
            changes.append(f"{day(row.starts_at)}: the place is now {row.values['venue'] or 'online'}.")
    return changes


def _address_changes(plan: RunPlan) -> list[str]:
    """A known venue written with another address: the venue changes, and nobody is told."""
    known = {(d.venue.name, d.venue.postcode): d.venue.address for d in dates_of(plan.run) if d.venue}
    written = {venue_key(row): row.values["address"] for row in plan.rows if row.values["address"]}
    return [
        f"address of {key[0]}: {known[key] or 'none'} → {address}"
        for key, address in written.items()
        if key in known and known[key] != address
    ]


def _differences(thing, values: dict, fields: dict[str, str]) -> list[str]:
    return [
        f"{thing._meta.get_field(attribute).verbose_name}: {getattr(thing, attribute)} → {values[column]}"
        for column, attribute in fields.items()
        if getattr(thing, attribute) != values[column]
    ]


def _why_not(plan: RunPlan, now: datetime) -> str:
    """Why a run that is there cannot become what the file says; empty when it can."""
    run = plan.run
    if run is None:
        return ""
    if run.course.code != plan.course_code:
        return f"{plan.ref} is a run of {run.course.code} on the portal, not of {plan.course_code}."
    if not (plan.changes or plan.schedule_changes):
        return ""
    if run.status == CourseRun.Status.CANCELLED:
        return f"{plan.ref} has been cancelled, so it cannot be changed. Use a new reference."
    held = sum(not place.is_extra and hasattr(place, "booking") for place in run.places.all())
    if plan.values["capacity"] < held:
        people = "1 person holds" if held == 1 else f"{held} people hold"
        return f"{people} a place, so it cannot have {plan.values['capacity']}."
    people = run.places_held + run.waiting + run.requests
    if people and len(plan.rows) < len(dates_of(run)):
        return f"it has bookings and {len(dates_of(run))} dates on the portal, so a date cannot be taken away here."
    if plan.schedule_changes and any(d.starts_at <= now for d in dates_of(run)):
        return "it has already begun, so its dates cannot be changed."
    return ""


def _warnings(runs: list[RunPlan], known: dict[str, Course], now: datetime) -> list[str]:
    warnings = []
    days = {rules.local_day(row.starts_at): row for plan in runs for row in plan.rows}
    holidays = bank_holidays(min(days), max(days)) if days else frozenset()
    ends = _earliest_ends(runs, now)
    for plan in runs:
        for row in plan.rows:
            if rules.local_day(row.starts_at) in holidays:
                warnings.append(f"Row {row.number} ({plan.ref}): {day(row.starts_at)} is a bank holiday.")
        needed = plan.values["requires_course_code"]
        if needed and not (needed in ends and ends[needed] <= plan.rows[0].starts_at):
            warnings.append(
                f"Row {plan.rows[0].number} ({plan.ref}): nobody can finish {needed}, which it needs first, "
                f"before {day(plan.rows[0].starts_at)}, unless they did so earlier."
            )
        if plan.rows[0].values["booking_closes"] > rules.local_day(plan.rows[0].starts_at):
            warnings.append(f"Row {plan.rows[0].number} ({plan.ref}): booking closes after the run has begun.")
    return warnings


def _earliest_ends(runs: list[RunPlan], now: datetime) -> dict[str, datetime]:
    """When each course can first be finished from now on, by the file and by the portal."""
    ends: dict[str, datetime] = {}
    over = [(plan.course_code, plan.rows[-1].ends_at) for plan in runs]
    over += [
        (run.course.code, max(d.ends_at for d in run.dates.all()))
        for run in CourseRun.objects.exclude(status=CourseRun.Status.CANCELLED)
        .filter(dates__ends_at__gt=now)
        .select_related("course")
        .prefetch_related("dates")
        .distinct()
    ]
    for code, moment in over:
        ends[code] = min(moment, ends.get(code, moment))
    return ends


def _new_trainers(runs: list[RunPlan]) -> list[str]:
    emails = {row.values["trainer_email"] for plan in runs for row in plan.rows} - {""}
    return sorted(emails - set(User.objects.filter(email__in=emails).values_list("email", flat=True)))

"""Importing a training programme: whole good runs, as drafts, with nobody told anything the preview did not say."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import Course, CourseRun, Place, Venue
from ..programme.plan import COURSE_FIELDS, RUN_FIELDS, CoursePlan, ProgrammePlan, RunPlan, date_plans_of, venue_key
from .bookings import lock, lock_all
from .runs import CannotChangeRun, set_places, set_schedule, trainer_by_email


@dataclass
class Imported:
    """What an import wrote."""

    new_runs: list[CourseRun] = field(default_factory=list)
    changed_runs: list[CourseRun] = field(default_factory=list)


@transaction.atomic
def import_programme(*, plan: ProgrammePlan, by: User, now: datetime) -> Imported:
    """Write what the plan says: courses, then each run whole, new ones as drafts.

    :raises CannotChangeRun: when the portal changed since the plan was made, so that nothing is written
    """
    lock_all(run_plan.run.pk for run_plan in plan.runs if run_plan.run)
    done = Imported()
    wanted = [p for p in plan.courses if p.is_new or p.changes]
    for course_plan in wanted:
        _write_course(course_plan)
    for course_plan in wanted:  # once all are there, because one in the file may need another in the file
        _write_course_needed_first(course_plan)
    for run_plan in plan.runs:
        if run_plan.is_new:
            done.new_runs.append(_write_run(run_plan, by=by, now=now))
        elif run_plan.is_changed:
            done.changed_runs.append(_change_run(run_plan, by=by, now=now))
    record(
        "training.programme_imported",
        None,
        by=by,
        details={
            "new": [run.ref for run in done.new_runs],
            "changed": [run.ref for run in done.changed_runs],
            "refused": plan.refused_runs,
        },
    )
    return done


def _write_course(plan: CoursePlan) -> None:
    course = plan.course or Course(code=plan.code)
    for column, attribute in COURSE_FIELDS.items():
        setattr(course, attribute, plan.values[column])
    if plan.is_new:
        course.slug = _free_slug(course.title, plan.code)
    course.save()
    plan.course = course


def _write_course_needed_first(plan: CoursePlan) -> None:
    needed = plan.values["requires_course_code"]
    plan.course.requires = Course.objects.get(code=needed) if needed else None
    plan.course.save(update_fields=["requires"])


def _free_slug(title: str, code: str) -> str:
    slug = slugify(title)[:100] or slugify(code)
    return slug if not Course.objects.filter(slug=slug).exists() else f"{slug}-{slugify(code)}"[:120]


def _write_run(plan: RunPlan, *, by: User, now: datetime) -> CourseRun:
    run = CourseRun(ref=plan.ref, course=Course.objects.get(code=plan.course_code))
    _fill(run, plan)
    run.save(force_insert=True)
    Place.objects.bulk_create(Place(run=run, number=n) for n in range(1, plan.values["capacity"] + 1))
    plan.run = run
    _write_dates(plan, by=by, now=now)
    record("training.run_drafted", run, by=by, details={"run": run.ref})
    return run


def _change_run(plan: RunPlan, *, by: User, now: datetime) -> CourseRun:
    run = lock(plan.run)
    _fill(run, plan)
    run.save()
    set_places(run=run, places=plan.values["capacity"], by=by)
    told = _write_dates(plan, by=by, now=now)
    if bool(told) != bool(plan.schedule_changes):
        raise CannotChangeRun(f"{plan.ref} changed on the portal meanwhile. Look at the preview again.")
    record("training.run_imported_again", run, by=by, details={"run": run.ref, "changed": len(plan.changes)})
    return run


def _fill(run: CourseRun, plan: RunPlan) -> None:
    for column, attribute in RUN_FIELDS.items():
        setattr(run, attribute, plan.values[column])


def _write_dates(plan: RunPlan, *, by: User, now: datetime) -> list[str]:
    venues = {venue_key(row): _venue(row) for row in plan.rows if row.values["venue"]}
    date_plans = date_plans_of(plan, venues)
    for row, date_plan in zip(plan.rows, date_plans, strict=True):
        email = row.values["trainer_email"]
        date_plan.trainers = [trainer_by_email(email, by=by)] if email else []
    return set_schedule(run=plan.run, plans=date_plans, by=by, now=now)


def _venue(row) -> Venue:
    """The venue of this name and postcode. A new address in the file is taken over; instructions staff wrote stay."""
    name, postcode = venue_key(row)
    venue, made = Venue.objects.get_or_create(name=name, postcode=postcode, defaults={"address": row.values["address"]})
    if not made and row.values["address"] and venue.address != row.values["address"]:
        venue.address = row.values["address"]
        venue.save(update_fields=["address"])
    return venue

"""The rows of a programme spreadsheet, read one by one and then held against each other."""

from dataclasses import dataclass, field
from datetime import datetime

from chatr.workdays.clock import NoSuchTime, local

from ..models import Course, CourseRun
from . import cells
from .cells import BadCell

COURSE_COLUMNS = ["course_title", "level", "summary", "audience", "cpd_minutes", "requires_course_code", "approval"]
RUN_COLUMNS = [
    "course_code",
    "mode",
    "capacity",
    "min_places",
    "waiting_list_cap",
    "places_per_organisation",
    "cancel_deadline_working_days",
    "booking_opens",
    "booking_closes",
]
DATE_COLUMNS = ["date", "start_time", "end_time", "venue", "address", "postcode", "trainer_email"]
COLUMNS = ["course_code", *COURSE_COLUMNS, "run_ref", *DATE_COLUMNS, *RUN_COLUMNS[1:]]
NAMES = {
    "course_code": "course code",
    "course_title": "course title",
    "cpd_minutes": "CPD minutes",
    "requires_course_code": "course needed first",
    "run_ref": "run reference",
    "capacity": "places",
    "min_places": "fewest people to go ahead",
    "waiting_list_cap": "longest waiting list",
    "places_per_organisation": "places for each organisation",
    "cancel_deadline_working_days": "working days to cancel",
    "booking_opens": "the day booking opens",
    "booking_closes": "the day booking closes",
    "date": "the date",
    "start_time": "start time",
    "end_time": "end time",
    "trainer_email": "trainer's e-mail",
    "mode": "mode (in person or online)",
    "approval": "approval",
}
REQUIRED = [
    "course_code",
    "course_title",
    "level",
    "run_ref",
    "date",
    "start_time",
    "end_time",
    "mode",
    "capacity",
    "booking_opens",
    "booking_closes",
]


@dataclass
class ProgrammeRow:
    """One date of one run, or the sentence that says why it cannot be."""

    number: int
    typed: dict[str, str]
    values: dict = field(default_factory=dict)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    problem: str = ""

    @property
    def run_ref(self) -> str:
        return self.typed["run_ref"].upper()

    @property
    def course_code(self) -> str:
        return self.typed["course_code"].upper()

    @property
    def sentence(self) -> str:
        where = f" ({self.run_ref})" if self.run_ref else ""
        return f"Row {self.number}{where}: {self.problem}"

    def refuse(self, problem: str) -> None:
        """Keep the first thing that is wrong: one sentence a row."""
        self.problem = self.problem or problem


def name_of(column: str) -> str:
    """The column in words."""
    return NAMES.get(column, column.replace("_", " "))


def read_rows(numbered: list[tuple[int, dict[str, str]]], known_courses: set[str]) -> list[ProgrammeRow]:
    """Read every row, then hold rows of one run and one course against each other.

    ``numbered`` are (row number as the spreadsheet shows it, cells by column); ``known_courses`` are the codes
    already there, for the course needed first. Rows with a problem carry it; nothing is raised.
    """
    rows = [
        ProgrammeRow(number, {column: (typed.get(column) or "").strip() for column in COLUMNS})
        for number, typed in numbered
    ]
    for row in rows:
        try:
            _read(row)
        except BadCell as bad:
            row.refuse(str(bad))
    _check_courses_needed_first(rows, known_courses | {row.course_code for row in rows})
    _check_runs_agree(rows)
    _check_courses_agree(rows)
    return rows


def _read(row: ProgrammeRow) -> None:
    typed, values = row.typed, row.values
    for column in ("course_title", "summary", "audience", "venue", "address"):
        values[column] = cells.words(typed[column], name_of(column))
    for column in REQUIRED:
        if not typed[column]:
            raise BadCell(f"{name_of(column)} is missing.")
    values["course_code"] = cells.code(typed["course_code"], "course code")
    values["run_ref"] = cells.code(typed["run_ref"], "run reference")
    values["level"] = cells.choice(typed["level"], "level", Course.Level)
    values["mode"] = cells.choice(typed["mode"], "mode", CourseRun.Mode)
    values["approval"] = cells.choice(typed["approval"] or "none", "approval", Course.Approval)
    values["capacity"] = cells.whole_number(typed["capacity"], "places", least=1)
    for column in ("cpd_minutes", "min_places", "waiting_list_cap", "cancel_deadline_working_days"):
        most = 60 if column == "cancel_deadline_working_days" else 100_000 if column == "cpd_minutes" else 5000
        values[column] = cells.whole_number(typed[column] or "0", name_of(column), most=most)
    limit = typed["places_per_organisation"]
    values["places_per_organisation"] = cells.whole_number(limit, name_of("places_per_organisation")) if limit else None
    values["requires_course_code"] = typed["requires_course_code"].upper()
    values["trainer_email"] = cells.email(typed["trainer_email"], "trainer's e-mail") if typed["trainer_email"] else ""
    values["postcode"] = cells.postcode(typed["postcode"], "postcode") if typed["postcode"] else ""
    values["booking_opens"] = cells.day(typed["booking_opens"], "the day booking opens")
    values["booking_closes"] = cells.day(typed["booking_closes"], "the day booking closes")
    _read_times(row)
    _check_lengths(row)
    if values["booking_opens"] > values["booking_closes"]:
        raise BadCell("booking closes before it opens.")
    if values["min_places"] > values["capacity"]:
        raise BadCell(
            f"the fewest people to go ahead ({values['min_places']}) is more than the places ({values['capacity']})."
        )
    if values["mode"] != CourseRun.Mode.ONLINE and not values["venue"]:
        raise BadCell("the venue is missing, and the run is in person.")


def _read_times(row: ProgrammeRow) -> None:
    day = cells.day(row.typed["date"], "the date")
    starts, ends = (cells.clock(row.typed[c], name_of(c)) for c in ("start_time", "end_time"))
    try:
        row.starts_at, row.ends_at = local(day, starts), local(day, ends)
    except NoSuchTime as skipped:
        raise BadCell(str(skipped)) from None
    if row.ends_at <= row.starts_at:
        raise BadCell(f"it ends at {ends:%H:%M}, which is not after it starts at {starts:%H:%M}.")


def _check_lengths(row: ProgrammeRow) -> None:
    for column, longest in {
        "course_title": 200,
        "audience": 300,
        "venue": 200,
        "address": 300,
        "summary": 4000,
    }.items():
        if len(row.values[column]) > longest:
            raise BadCell(f"the {name_of(column)} is longer than {longest} letters.")


def _check_courses_needed_first(rows: list[ProgrammeRow], courses: set[str]) -> None:
    for row in rows:
        needed = row.typed["requires_course_code"].upper()
        if needed and needed == row.course_code:
            row.refuse("a course cannot need itself first.")
        elif needed and needed not in courses:
            row.refuse(
                f"it needs the course {needed} first, and there is no such course in this file or on the portal."
            )


def _check_runs_agree(rows: list[ProgrammeRow]) -> None:
    first_of: dict[str, ProgrammeRow] = {}
    last_of: dict[str, ProgrammeRow] = {}
    for row in rows:
        first = first_of.setdefault(row.run_ref, row)
        for column in RUN_COLUMNS:
            if row.typed[column].upper() != first.typed[column].upper():
                row.refuse(
                    f"{name_of(column)}: “{row.typed[column]}” here but “{first.typed[column]}” in row "
                    f"{first.number}; rows of one run must say the same."
                )
                break
        earlier = last_of.get(row.run_ref)
        if earlier and row.starts_at and row.starts_at < earlier.ends_at:
            row.refuse(f"it starts before the date in row {earlier.number} has ended; put the dates of a run in order.")
        if row.ends_at:
            last_of[row.run_ref] = row


def _check_courses_agree(rows: list[ProgrammeRow]) -> None:
    first_of: dict[str, ProgrammeRow] = {}
    for row in rows:
        if row.problem:
            continue
        first = first_of.setdefault(row.course_code, row)
        for column in COURSE_COLUMNS:
            if row.values[column] != first.values[column]:
                row.refuse(
                    f"{name_of(column)} is not the same as in row {first.number}, "
                    f"which is the same course, {row.course_code}."
                )
                break

"""The timescales of child protection conferences as data: how much, of what, from which event, and who says so.

Each due date is stored with the code and version of its rule. To change a timescale, add the next version with the
day it comes into force: dates already given keep theirs. The rules restate Working Together to Safeguard Children
through the published procedures named beside them, and the council confirms them before real use.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# Bank holidays are kept from this day on, so nothing is counted from an earlier one.
FIRST_DAY = date(2025, 1, 1)


class Unit(StrEnum):
    WORKING_DAYS = "working days"
    CALENDAR_DAYS = "days"
    MONTHS = "months"
    HOURS = "hours"


class Direction(StrEnum):
    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One timescale. ``amount`` is in ``unit``; a limit in months may also be one of ``at_most_days`` calendar days.

    ``code`` and ``version`` identify it for good. ``in_force_from`` is the first event day this version is used for.
    """

    code: str
    name: str
    amount: int
    unit: Unit
    source: str
    note: str
    direction: Direction = Direction.AFTER
    at_most_days: int | None = None
    version: int = 1
    in_force_from: date = FIRST_DAY

    def __str__(self) -> str:
        """``within 15 working days``, ``at least 3 working days before``."""
        amount = f"{self.amount} {self.unit if self.amount > 1 else self.unit.removesuffix('s')}"
        if self.direction is Direction.BEFORE:
            return f"at least {amount} before"
        return f"within {amount}" + (f" and at most {self.at_most_days} days" if self.at_most_days else "")


RULES = (
    Rule(
        code="initial_conference",
        name="Initial conference",
        amount=15,
        unit=Unit.WORKING_DAYS,
        source="Working Together, as restated by Devon and East Riding; standard safeguarding dataset ICPC004A",
        note="From the strategy discussion that started section 47, not the first or the last one. Also before birth.",
    ),
    Rule(
        code="transfer_in_conference",
        name="Transfer-in conference",
        amount=15,
        unit=Unit.WORKING_DAYS,
        source="Norfolk 3.8; Tees 2",
        note="From written notification. The other authority stays responsible until it has been held.",
    ),
    Rule(
        code="core_group_first",
        name="First core group",
        amount=10,
        unit=Unit.WORKING_DAYS,
        source="Norfolk 3.6; Rotherham",
        note="From the conference that made the plan.",
    ),
    Rule(
        code="core_group_next",
        name="Next core group",
        amount=1,
        unit=Unit.MONTHS,
        source="Local practice; Rotherham says at least monthly",
        note="From the core group before. How often is decided locally.",
    ),
    Rule(
        code="first_review",
        name="First review conference",
        amount=3,
        unit=Unit.MONTHS,
        at_most_days=91,
        source="Working Together, as restated by Tees and Leeds; 91 days in the standard safeguarding dataset extract",
        note="From the conference that made the plan. The earlier of the two limits, so both ways of counting hold.",
    ),
    Rule(
        code="later_review",
        name="Next review conference",
        amount=6,
        unit=Unit.MONTHS,
        at_most_days=183,
        source="Working Together, as restated by Tees and Leeds; 183 days in the standard safeguarding dataset extract",
        note="From the review before. The earlier of the two limits, so both ways of counting hold.",
    ),
    Rule(
        code="after_birth",
        name="Review or core group after the birth",
        amount=10,
        unit=Unit.CALENDAR_DAYS,
        source="London procedures 4.1.22 (2018), as quoted by Bromley",
        note="From the birth, in calendar days as London says. Tees counts 10 working days and Liverpool 20.",
    ),
    Rule(
        code="after_birth_mother_unfit",
        name="Review or core group after the birth",
        amount=20,
        unit=Unit.CALENDAR_DAYS,
        source="London procedures 4.1.22 (2018), as quoted by Bromley",
        note="From the birth, where the mother is not medically fit sooner.",
    ),
    Rule(
        code="new_initial_date",
        name="New date for an initial conference without a quorum",
        amount=10,
        unit=Unit.WORKING_DAYS,
        source="Sussex 7.8; Swindon",
        note="From the day it could not go ahead. The new date is set at once, with an interim plan.",
    ),
    Rule(
        code="new_date",
        name="New date for a conference without a quorum",
        amount=1,
        unit=Unit.MONTHS,
        source="Sussex 7.8; Swindon: usually within a month",
        note="From the day it could not go ahead. The new date is set at once, with an interim plan.",
    ),
    Rule(
        code="reports_before_initial",
        name="Reports to the family",
        amount=3,
        unit=Unit.WORKING_DAYS,
        direction=Direction.BEFORE,
        source="Sussex 5.11 and October 2025",
        note="Before the conference. East Riding and West Berkshire say 48 hours.",
    ),
    Rule(
        code="reports_before_review",
        name="Reports to the family",
        amount=5,
        unit=Unit.WORKING_DAYS,
        direction=Direction.BEFORE,
        source="Sussex 5.11 and October 2025",
        note="Before the conference. East Riding says 3 working days, West Berkshire 5.",
    ),
    Rule(
        code="decision_letter",
        name="Decision letter",
        amount=1,
        unit=Unit.WORKING_DAYS,
        source="Sussex 8.8",
        note="From the conference. Decision, reasons, outline plan, lead social worker, next dates, how to complain.",
    ),
    Rule(
        code="record",
        name="Record of the conference",
        amount=15,
        unit=Unit.WORKING_DAYS,
        source="A local procedure; Wales counts 20 working days as good practice",
        note="From the conference, to everybody entitled to a copy.",
    ),
    Rule(
        code="inaccuracy_comments",
        name="Comments on accuracy",
        amount=10,
        unit=Unit.WORKING_DAYS,
        source="Wales Safeguarding Procedures",
        note="From the day the record was received, to the chair.",
    ),
    Rule(
        code="exclusion_request",
        name="Request to exclude somebody",
        amount=3,
        unit=Unit.WORKING_DAYS,
        direction=Direction.BEFORE,
        source="Sussex 7.10",
        note="Before the conference, to the chair.",
    ),
    Rule(
        code="formal_dissent",
        name="Formal dissent",
        amount=72,
        unit=Unit.HOURS,
        source="Sussex 5.7",
        note="From the end of the conference, whatever day it is. The decision stands meanwhile.",
    ),
)

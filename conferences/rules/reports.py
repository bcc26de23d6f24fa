"""Agency reports: when they are due, how one stands, what it still lacks, and until when it can be changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from chatr.workdays.clock import LONDON, local
from chatr.workdays.rules import nth_working_day_after, nth_working_day_before

from ..models import OPEN_STATES, AgencyReport, Conference, ReportPartKind, SpokeDirectly
from .timescales import Step, days_late_in_working_days, due_in_words, due_on, rule_for

Part = ReportPartKind

# In the order a report is written and read: strengths before worries, what was seen apart from what is thought of it.
PARTS = (
    Part.CONTACT,
    Part.CHILD_SAYS,
    Part.STRENGTHS,
    Part.FACTS,
    Part.WORRIES,
    Part.HELP,
    Part.DISCUSSION,
    Part.FAMILY_SAYS,
)
# The writer is asked about what "you" know; whoever reads it is told what "they" know.
HEADINGS = {kind: kind.label for kind in PARTS} | {
    Part.CONTACT: "How they know the child and family",
    Part.FACTS: "What they have seen or know: facts",
    Part.WORRIES: "What they are worried about: their view",
    Part.HELP: "What would help, and what they offer",
    Part.DISCUSSION: "Discussing it with the family",
}
REMIND_BEFORE = 3  # working days before a report is due
REMIND_AT = time(9)

# What a report is not filed without, and what to write where there is nothing to say.
NEEDED = {
    Part.CONTACT: "Write how you know the child and family.",
    Part.STRENGTHS: "Write what is going well. If you know of nothing, say so and why.",
    Part.FACTS: "Write what you have seen or know. If there is nothing, say so.",
    Part.WORRIES: "Write what you are worried about. If nothing worries you, say so and why.",
}


def due(kind: str, held: date, holidays: Collection[date]) -> tuple[date, str]:
    """By when the family has the reports for a conference of this kind on this day, and by which version of which rule.

    :raises NoTimescale: for a day before limits are counted
    """
    rule = rule_for(kind, Step.REPORTS, held)
    return due_on(rule, held, holidays), f"{rule.code} {rule.version}"


def reminders(due_day: date, holidays: Collection[date]) -> dict[str, datetime]:
    """When somebody who has not filed is reminded: before the day, on it, and once when it has passed."""
    days = {
        "before": nth_working_day_before(due_day, REMIND_BEFORE, holidays),
        "on_day": due_day,
        "late": nth_working_day_after(due_day, 1, holidays),
    }
    return {which: local(day, REMIND_AT) for which, day in days.items()}


def can_be_written(conference: Conference) -> bool:
    """Whether contributors can still file or change their reports: until the conference is held."""
    return conference.state in OPEN_STATES and conference.held_on is None


@dataclass(frozen=True)
class Standing:
    """How one report stands, in words. ``late_by`` is in working days; a weekend counts as none."""

    word: str
    is_late: bool
    late_by: int
    due: str
    family_saw_late: bool


def standing(report: AgencyReport, now: datetime, holidays: Collection[date]) -> Standing:
    """On time, late, or not received yet. It stays what it was when the report was first filed, whatever changed since.

    The family saw it late when it came late, or was discussed with them after the day they should have had it.
    """
    today = now.astimezone(LONDON).date()
    day = report.received_at.astimezone(LONDON).date() if report.received_at else today
    is_late = day > report.due_on
    late_by = days_late_in_working_days(report.due_on, day, holidays) if is_late else 0
    if report.received_at is None:
        word = "Late, not received yet" if is_late else "Not received yet"
    elif not is_late:
        word = "On time"
    else:
        word = f"Late, by {late_by} working day{'' if late_by == 1 else 's'}" if late_by else "Late"
    discussed_late = report.discussed_on is not None and report.discussed_on > report.due_on
    return Standing(word, is_late, late_by, due_in_words(report.due_on, today, holidays), is_late or discussed_late)


def lacks(report: AgencyReport, words: Mapping[str, str]) -> dict[str, str]:
    """What a report still needs before it is filed: a sentence for each field of its form. Empty: it can be filed."""
    found = {kind.value: sentence for kind, sentence in NEEDED.items() if not words.get(kind, "").strip()}
    if report.discussed_on is None and not report.not_discussed:
        found["discussed"] = "Say whether you have discussed this report with the family."
    elif report.not_discussed and not words.get(Part.DISCUSSION, "").strip():
        found[Part.DISCUSSION.value] = "Say why you have not discussed this report with the family."
    if report.spoke_directly == SpokeDirectly.NOT_ASKED:
        found["spoke_directly"] = "Say whether you spoke to the family directly."
    return found

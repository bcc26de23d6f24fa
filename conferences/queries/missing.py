"""What a record still needs before it can be signed, in plain words with the page to put it right.

The database itself asks for the rest: the ground of an exclusion, the categories of a plan, the reasons of a decision.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chatr.workdays.queries import bank_holidays
from chatr.workdays.rules import DAY, is_working_day

from ..models import (
    Attending,
    ClockKind,
    Conference,
    ConferenceChild,
    ConferenceKind,
    NextMeeting,
    Outcome,
    ParticipationCode,
    Reason,
    SectionKind,
)
from .facts import Facts, decision_of, facts_of
from .names import child_name, listed

WITHOUT_WORDS = (ParticipationCode.PN0, ParticipationCode.PN7)


@dataclass(frozen=True)
class Missing:
    """One thing to put right, and the page for it.

    ``code`` names the rule; ``child_id`` is the ``ConferenceChild`` it is about, ``section_id`` the section to open
    (``url_name`` is then ``section``), or None. The page takes the conference's id, then what is ``named``.
    """

    code: str
    sentence: str
    child_id: UUID | None = None
    url_name: str = "record"
    section_id: UUID | None = None

    @property
    def named(self) -> tuple[UUID, ...]:
        """What the address of its page names after the conference."""
        if self.url_name == "section":
            return (self.section_id,)
        return (self.child_id,) if self.url_name == "take-part" else ()


@dataclass(frozen=True)
class Checklist:
    """What keeps a record from being signed, and what the chair should have looked at before signing."""

    missing: list[Missing]
    notices: list[Missing]


def missing(conference: Conference, today: date) -> list[Missing]:
    """Everything that keeps this record from being signed, in the order of the record. Empty: it can be signed."""
    return checklist(conference, today).missing


def checklist(conference: Conference, today: date) -> Checklist:
    """What is missing and what to look at. Ten queries, and one more where something was late."""
    facts = facts_of(conference)
    found = [
        *_held(facts, today),
        *_room(facts),
        *_family(facts),
        *(one for child in facts.children for one in _child(facts, child)),
        *_plan(facts),
        *_next(facts),
    ]
    return Checklist(found, list(_notices(facts)))


def _held(facts: Facts, today: date) -> Iterator[Missing]:
    held_on, due_on = facts.conference.held_on, facts.due.get(ClockKind.CONFERENCE)
    if held_on is None:
        yield Missing("held_on", "The day the conference was held", url_name="begin")
    elif held_on > today:
        yield Missing("held_on", "The conference has not been held yet", url_name="begin")
    elif due_on and held_on > due_on:
        late = _working_days_late(due_on, held_on)
        if not facts.says(Reason.LATE):
            yield Missing("late_reason", f"Why the conference was {late} late", url_name="late")
        if facts.conference.late_agreed_by_id is None:
            yield Missing("late_agreed_by", "Which manager agreed that it was late", url_name="late")
        if not facts.says(Reason.INTERIM_PROTECTION):
            yield Missing("interim_protection", Reason.INTERIM_PROTECTION.label, url_name="late")
    if facts.conference.independence_overridden_by_id and not facts.says(Reason.INDEPENDENCE):
        yield Missing("independence", Reason.INDEPENDENCE.label, url_name="change-conference")


def _room(facts: Facts) -> Iterator[Missing]:
    conference = facts.conference
    waiting = list(dict.fromkeys(one.person.name for one in facts.attendance if one.status == Attending.INVITED))
    if waiting:
        yield Missing("attendance", f"Whether {listed(waiting)} came", url_name="room")
    elif not any(one.status == Attending.PRESENT for one in facts.attendance):
        yield Missing("attendance", "Who was there", url_name="room")
    if conference.in_break:
        yield Missing("break", "When the break ended", url_name="room")
    if conference.quorate is None:
        yield Missing("quorum", "Whether there was a quorum", url_name="room")
    elif not conference.quorate:
        if not conference.inquorate_grounds:
            yield Missing("inquorate_grounds", "On what ground it went ahead without a quorum", url_name="room")
        for kind in (Reason.INQUORATE, Reason.INTERIM_PLAN):
            if not facts.says(kind):
                yield Missing(kind.value, kind.label, url_name="room")
    if conference.has_late_reports and not facts.says(Reason.LATE_REPORTS):
        sentence = "What the family chose when a report came late: to go on, or to adjourn"
        yield Missing("late_reports", sentence, url_name="reports")


def _family(facts: Facts) -> Iterator[Missing]:
    without = facts.not_prepared
    if (without or not facts.family) and not facts.says(Reason.NO_PREPARATION):
        who = f" with {listed(without)}" if without else ""
        sentence = f"Why there was no preparation meeting{who}, and what is offered now"
        yield Missing("no_preparation", sentence, url_name="explanations")


def _child(facts: Facts, child: ConferenceChild) -> Iterator[Missing]:
    name = child_name(child)
    yield from _words(facts, child, name)
    strengths, worries = (facts.has_words(kind, child) for kind in (SectionKind.STRENGTHS, SectionKind.WORRIES))
    for has_words, kind, reason, what in (
        (strengths, SectionKind.STRENGTHS, Reason.NO_STRENGTHS, "What is going well for"),
        (worries, SectionKind.WORRIES, Reason.NO_WORRIES, "What people are worried about for"),
    ):
        if not has_words and not facts.says(reason, child):
            yield _in_section(facts, kind.value, f"{what} {name}, or why nothing is written down", kind, child)
    if decision_of(child) is None:
        yield Missing("decision", f"A decision for {name}", child.pk, "decisions")
    elif not decision_of(child).family_view and not decision_of(child).family_view_not_given:
        yield Missing("family_view", f"What the family thinks of the decision for {name}", child.pk, "decisions")


def _words(facts: Facts, child: ConferenceChild, name: str) -> Iterator[Missing]:
    """The child's own words; without them only if they are under 4 or conveyed no views, why, and what comes next."""
    participation = getattr(child, "participation", None)
    if participation is None:
        yield Missing("participation", f"How {name} took part", child.pk, "take-part")
    if facts.has_words(SectionKind.CHILD_WORDS, child):
        return
    if participation is None or participation.code not in WITHOUT_WORDS:
        sentence = f"The words of {name}; without them, how {name} took part must say that no views were conveyed"
        yield _in_section(facts, "child_words", sentence, SectionKind.CHILD_WORDS, child)
        return
    if not facts.says(Reason.NO_CHILD_WORDS, child):
        yield Missing("no_child_words", f"Why there are no words of {name}", child.pk, "explanations")
    if not participation.next_step:
        yield Missing("next_step", f"What is done next so that {name} is heard", child.pk, "take-part")


def _plan(facts: Facts) -> Iterator[Missing]:
    conference = facts.conference
    if conference.has_unreviewed:
        yield Missing("action_reviews", "What came of each action of the last conference", None, "plan")
    for child in facts.planned:
        if not any(action.child_id in (child.pk, None) for action in facts.actions):
            yield Missing("actions", f"An action in the plan for {child_name(child)}", child.pk, "plan")
    for number, action in enumerate(facts.actions, 1):
        lacks = [
            word
            for word, there in (
                ("who does it", action.owner_id),
                ("by when", action.due_on),
                ("a day that is not before the conference", not _is_before(action.due_on, conference.held_on)),
                ("the sentence to the child or family", action.plain_words),
            )
            if not there
        ]
        if lacks:
            yield Missing("action", f"In action {number}: {listed(lacks)}", action.child_id, "plan")
    for child in facts.planned:
        group = [is_lead for child_id, is_lead in facts.core_group if child_id == child.pk]
        if not any(group):
            what = "Who leads the core group" if group else "The core group, and who leads it,"
            yield Missing("core_group", f"{what} for {child_name(child)}", child.pk, "core-group")
    if conference.kind == ConferenceKind.REVIEW and conference.quorate is False:
        for child in facts.children:
            if decision_of(child) and decision_of(child).outcome == Outcome.END:
                sentence = f"Another decision for {child_name(child)}: without a quorum a plan can't end"
                yield Missing("end_without_quorum", sentence, child.pk, "decisions")


def _next(facts: Facts) -> Iterator[Missing]:
    new = any(decision_of(child).outcome == Outcome.PLAN for child in facts.planned)
    for needed, kind, clock, what in (
        (new, NextMeeting.CORE_GROUP, ClockKind.CORE_GROUP, "first core group meeting"),
        (facts.planned, NextMeeting.REVIEW, ClockKind.REVIEW, "review conference"),
    ):
        on, due_on = facts.next_dates.get(kind), facts.due.get(clock)
        if needed and on is None:
            yield Missing(f"next_{kind.value}", f"The date of the {what}", url_name="next-dates")
        elif needed and (on == facts.conference.held_on or _is_before(on, facts.conference.held_on)):
            yield Missing("next_date_early", f"A date of the {what} after this conference", url_name="next-dates")
        elif needed and due_on and on > due_on and not facts.says(Reason.NEXT_DATE_LATE):
            yield Missing("next_date_late", f"Why the {what} is after the limit", url_name="next-dates")


def _notices(facts: Facts) -> Iterator[Missing]:
    """What does not keep anybody from signing: the family may not have wanted to hear their words again."""
    for section in facts.sections.values():
        name = f" ({child_name(child)})" if (child := facts.child(section.child_id)) else ""
        where = f"{SectionKind(section.kind).label}{name}"
        if section.not_read_back:
            yield Missing(
                "read_back", f"{where}: words that were not read back", section.child_id, "section", section.id
            )
        if section.in_break:
            yield Missing("in_break", f"{where}: words saved during a break", section.child_id, "section", section.id)
    for number, action in enumerate(facts.actions, 1):
        if not (action.outcome and action.measure and action.contingency):
            sentence = f"Action {number} does not say what will be different, how we know, or what if it is not done"
            yield Missing("action_thin", sentence, action.child_id, "plan")


def _in_section(facts: Facts, code: str, sentence: str, kind: str, child: ConferenceChild) -> Missing:
    return Missing(code, sentence, child.pk, "section", facts.section_id(kind, child))


def _is_before(day: date | None, held_on: date | None) -> bool:
    """Whether a day that was agreed fell behind the conference, because the day it was held was put right later."""
    return day is not None and held_on is not None and day < held_on


def _working_days_late(due_on: date, held_on: date) -> str:
    holidays = bank_holidays(due_on, held_on)
    days = sum(is_working_day(due_on + DAY * n, holidays) for n in range(1, (held_on - due_on).days + 1))
    return f"{days} working day{'' if days == 1 else 's'}"

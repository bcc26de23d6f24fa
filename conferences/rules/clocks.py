"""Which limits run for a conference, from which day, and whether they have been met: from its facts alone."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ..models import ClockKind, ConferenceKind, Outcome, State
from ..queries.clocks import ChildFacts, Facts, Limit
from . import timescales
from .limits import Rule
from .timescales import Step

# A clock's place: its kind, and the child it is about or None.
Place = tuple[str, UUID | None]
GOES_ON = (Outcome.PLAN, Outcome.CONTINUE)
OVER = (State.ADJOURNED, State.CANCELLED)


@dataclass(frozen=True)
class Wanted:
    """A clock as it should stand."""

    kind: str
    limit: Limit
    child_id: UUID | None = None
    met_on: date | None = None
    not_needed: bool = False

    @property
    def place(self) -> Place:
        return self.kind, self.child_id


Count = Callable[[str, UUID | None, date, Rule], Limit]


def clocks(facts: Facts, known: Mapping[Place, Limit], holidays: Collection[date]) -> list[Wanted]:
    """Every clock a conference should have now.

    :param known: what was worked out before; a limit with the same start and the same rule keeps its date, whatever
        has become of the rule or the bank holidays since
    :param holidays: those around every day in ``facts`` (:func:`days_of`)
    :raises NoTimescale: if something is said to have happened before limits are counted at all
    """

    def count(kind: str, child_id: UUID | None, start: date, rule: Rule) -> Limit:
        before = known.get((kind, child_id))
        if before and (before.start_on, before.rule) == (start, rule.code):
            return before
        return Limit(start, timescales.due_on(rule, start, holidays), rule.code, rule.version)

    return [
        *_conference(facts, count),
        *_reports(facts, count),
        *_after(facts, count),
        *_reviews(facts, count),
        *_new_date(facts, count),
        *_births(facts, count),
    ]


def days_of(facts: Facts) -> list[date]:
    """Every day a limit of this conference may be counted from."""
    found = [facts.scheduled_on, facts.held_on, facts.notified_on, facts.record_on]
    for child in facts.children:
        found += [child.section_47_on, child.born_on]
    return [day for day in found if day is not None]


def _conference(facts: Facts, count: Count) -> Iterator[Wanted]:
    """When it has to be held: for each child, and for all of them the earliest."""
    state = {
        "met_on": facts.followed_on if facts.state == State.ADJOURNED else facts.held_on,
        "not_needed": facts.state == State.CANCELLED,
    }
    found = []
    for child in facts.children:
        limits = list(child.carried)
        if child.section_47_on and facts.kind in (ConferenceKind.INITIAL, ConferenceKind.PRE_BIRTH):
            rule = timescales.rule_for(facts.kind, Step.HOLD, child.section_47_on)
            limits.append(count(ClockKind.CONFERENCE, child.id, child.section_47_on, rule))
        if limits:
            earliest = min(limits, key=_due)
            found.append(Wanted(ClockKind.CONFERENCE, earliest, child.id, **state))
            if child.not_required:
                found[-1] = Wanted(ClockKind.CONFERENCE, earliest, child.id, not_needed=True)
    yield from found
    counted = [wanted.limit for wanted in found if not wanted.not_needed or state["not_needed"]]
    if facts.kind == ConferenceKind.TRANSFER_IN and facts.notified_on:
        rule = timescales.rule_for(facts.kind, Step.HOLD, facts.notified_on)
        counted.append(count(ClockKind.CONFERENCE, None, facts.notified_on, rule))
    if counted:
        yield Wanted(ClockKind.CONFERENCE, min(counted, key=_due), **state)


def _reports(facts: Facts, count: Count) -> Iterator[Wanted]:
    rule = timescales.rule_for(facts.kind, Step.REPORTS, facts.scheduled_on)
    yield Wanted(
        ClockKind.REPORTS,
        count(ClockKind.REPORTS, None, facts.scheduled_on, rule),
        met_on=facts.reports_in_on,
        not_needed=facts.state in OVER,
    )


def _after(facts: Facts, count: Count) -> Iterator[Wanted]:
    """What follows from having been held: letter, record, comments on it, and the first core group of a new plan."""
    if facts.held_on is None or facts.state in OVER:
        return
    for kind, code, met_on in (
        (ClockKind.DECISION_LETTER, "decision_letter", facts.letter_on),
        (ClockKind.RECORD, "record", facts.record_on),
    ):
        rule = timescales.current(code, facts.held_on)
        yield Wanted(kind, count(kind, None, facts.held_on, rule), met_on=met_on)
    if facts.record_on:
        rule = timescales.current("inaccuracy_comments", facts.record_on)
        yield Wanted(ClockKind.ACCURACY, count(ClockKind.ACCURACY, None, facts.record_on, rule))
    if any(child.outcome == Outcome.PLAN for child in facts.children):
        rule = timescales.current("core_group_first", facts.held_on)
        limit = count(ClockKind.CORE_GROUP, None, facts.held_on, rule)
        yield Wanted(ClockKind.CORE_GROUP, limit, met_on=facts.core_group_on)


def _reviews(facts: Facts, count: Count) -> Iterator[Wanted]:
    """The next review: for each child whose plan goes on, and for the family the earliest."""
    if facts.held_on is None or facts.state in OVER:
        return
    limits = []
    for child in facts.children:
        rule = timescales.next_review(facts.kind, child.outcome, facts.held_on)
        if rule is not None:
            limits.append(count(ClockKind.REVIEW, child.id, facts.held_on, rule))
            yield Wanted(ClockKind.REVIEW, limits[-1], child.id, met_on=facts.followed_on)
    if limits:
        yield Wanted(ClockKind.REVIEW, min(limits, key=_due), met_on=facts.followed_on)


def _new_date(facts: Facts, count: Count) -> Iterator[Wanted]:
    """The new date of a conference that was adjourned or had no quorum, unless it decided all the same."""
    outcomes = [child.outcome for child in facts.children]
    adjourned = facts.state == State.ADJOURNED or Outcome.ADJOURN in outcomes
    undecided = facts.quorate is False and not all(outcomes)
    if facts.state == State.CANCELLED or not (adjourned or undecided):
        return
    start = facts.held_on or facts.scheduled_on
    rule = timescales.rule_for(facts.kind, Step.NEW_DATE, start)
    limit = count(ClockKind.RECONVENE, None, start, rule)
    yield Wanted(ClockKind.RECONVENE, limit, met_on=facts.followed_on)


def _births(facts: Facts, count: Count) -> Iterator[Wanted]:
    """After the birth of a child a conference was about before, unless it was decided that no plan goes on."""
    for child in facts.children:
        if not (child.born_on and child.expected_on) or facts.state in OVER or not _was_expected(facts, child):
            continue
        rule = timescales.after_birth(facts.mother_fit, child.born_on)
        met = [day for day in (facts.core_group_on, facts.followed_on) if day and day >= child.born_on]
        limit = count(ClockKind.BIRTH, child.id, child.born_on, rule)
        yield Wanted(ClockKind.BIRTH, limit, child.id, met_on=min(met, default=None))


def _was_expected(facts: Facts, child: ChildFacts) -> bool:
    if facts.held_on is None:
        return facts.kind == ConferenceKind.PRE_BIRTH
    undecided = facts.kind == ConferenceKind.PRE_BIRTH and not child.outcome
    return child.born_on >= facts.held_on and (undecided or child.outcome in GOES_ON)


def _due(limit: Limit) -> date:
    return limit.due_on

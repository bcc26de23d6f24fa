"""Asking for agency reports: who is asked, by when, sending the e-mail again, taking it back."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from chatr.accounts.models import User
from chatr.accounts.operations.invitations import CannotInvite, invite_person
from chatr.accounts.operations.roles import ensure_role
from chatr.audit.operations import record
from chatr.notifications import operations as notifications
from chatr.workdays.clock import LONDON
from chatr.workdays.queries import bank_holidays

from ..messages import reports as messages
from ..models import (
    AgencyReport,
    Assignment,
    AssignmentChild,
    AssignmentRole,
    Conference,
    ConferenceChild,
    Person,
    PersonKind,
    ReportChild,
)
from ..rules import reports as rules
from ..rules.timescales import holidays_around
from .clocks import set_clocks

ROLE = "agency_contributor"
WRITES_THE_RECORD = (AssignmentRole.CHAIR, AssignmentRole.COVER, AssignmentRole.MINUTE_TAKER)


class CannotAsk(Exception):
    """Why a report can't be asked for or taken back, worded for the person who tries."""

    def __init__(self, message: str, *, field: str | None = None):
        super().__init__(message)
        self.field = field


@transaction.atomic
def invite_contributor(
    *,
    conference: Conference,
    person: Person,
    email: str,
    children: Collection[ConferenceChild],
    by: User,
    now: datetime,
) -> AgencyReport:
    """Ask for a report: whoever has the e-mail address is let in to it and to nothing else. Call it acting as ``by``.

    The account is found or made, wherever they work; they need no organisation that takes part.

    :param person: the professional of the conference whose report it is
    :param children: those the report is about, whose names the contributor will see
    :raises CannotAsk: after the conference was held, without a child, for somebody asked before, for an account that
        was closed, or for somebody who writes the record itself
    """
    report = new_report(conference=conference, person=person, children=children, now=now)
    report.contributor = _account(conference, person, email, by, now)
    report.invited_at = now
    report.save(update_fields=["contributor", "invited_at"])
    _link(person, report.contributor)
    _let_in(conference, report.contributor, by, now)
    holidays = bank_holidays(*holidays_around(report.due_on))
    notifications.queue_many([messages.asked(report, now), *messages.reminders(report, now, holidays)])
    record(
        "conferences.report_asked",
        report,
        by=by,
        details={"children": len(children), "due": f"{report.due_on:%Y-%m-%d}"},
    )
    set_clocks(conference=conference, by=by, now=now)
    return report


def new_report(
    *, conference: Conference, person: Person, children: Collection[ConferenceChild], now: datetime
) -> AgencyReport:
    """A report of a professional about these children, with the day it is due. Nobody is asked for it yet.

    :raises CannotAsk: after the conference was held, without a child, or if there is one of theirs already
    """
    if not rules.can_be_written(conference):
        raise CannotAsk("The conference has been held or cancelled, so no report can be asked for.")
    if person.kind != PersonKind.PROFESSIONAL:
        raise CannotAsk("Only a professional of this conference is asked for a report.")
    if not children:
        raise CannotAsk("Choose at least one child.", field="children")
    due_on, due_rule = _due(conference)
    report = AgencyReport(
        conference=conference, person=person, discipline=person.discipline, due_on=due_on, due_rule=due_rule
    )
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError:
        raise CannotAsk("A report was asked of this professional already.") from None
    ReportChild.objects.bulk_create(ReportChild(conference=conference, report=report, child=one) for one in children)
    return report


def _due(conference: Conference) -> tuple[date, str]:
    day = conference.scheduled_at.astimezone(LONDON).date()
    return rules.due(conference.kind, day, bank_holidays(*holidays_around(day)))


def _account(conference: Conference, person: Person, email: str, by: User, now: datetime) -> User:
    try:
        user = invite_person(name=person.name, email=email, by=by, reason=None, now=now)
    except CannotInvite as refusal:
        raise CannotAsk(str(refusal), field="email") from None
    inside = Assignment.objects.live().filter(conference=conference, user=user, role__in=WRITES_THE_RECORD)
    if user == by or inside.exists():
        raise CannotAsk("This is the address of somebody who records this conference.", field="email")
    # Without the usual mail: it would say what the role is for, and ours must not.
    ensure_role(user=user, role=ROLE, by=by, tell=False)
    return user


def _link(person: Person, user: User, *, instead_of: User | None = None) -> None:
    if person.user_id in (None, instead_of.pk if instead_of else None):
        person.user = user
        person.save(update_fields=["user"])


def _let_in(conference: Conference, user: User, by: User, now: datetime) -> None:
    """Let somebody in for the children of the reports asked of them, and for no other; out when there is none."""
    wanted = set(
        ReportChild.objects.filter(
            conference=conference, report__contributor=user, report__withdrawn_at=None
        ).values_list("child_id", flat=True)
    )
    assignment = (
        Assignment.objects.live().filter(conference=conference, user=user, role=AssignmentRole.CONTRIBUTOR).first()
    )
    if not wanted:
        if assignment is not None:
            assignment.until = now
            assignment.save(update_fields=["until"])
        return
    if assignment is None:
        assignment = Assignment.objects.create(
            conference=conference,
            user=user,
            role=AssignmentRole.CONTRIBUTOR,
            all_children=False,
            since=now,
            given_by=by,
        )
    there = dict(assignment.for_children.values_list("child_id", "pk"))
    AssignmentChild.objects.filter(pk__in=[there[one] for one in there.keys() - wanted]).delete()
    AssignmentChild.objects.bulk_create(
        AssignmentChild(conference=conference, assignment=assignment, child_id=one) for one in wanted - there.keys()
    )


@transaction.atomic
def send_again(*, report: AgencyReport, by: User, now: datetime) -> None:
    """Write to the contributor once more, with a new link.

    :raises CannotAsk: if nothing is wanted of them any more
    """
    report = _open(report)
    if report.contributor is None:
        raise CannotAsk("Nobody was asked by e-mail.")
    notifications.queue_many([messages.asked(report, now)])
    record("conferences.report_asked_again", report, by=by)


@transaction.atomic
def withdraw_report(*, report: AgencyReport, by: User, now: datetime) -> None:
    """Ask no longer: the contributor is let out, and reminders stop.

    :raises CannotAsk: once it was received, because it is part of the record then
    """
    report = _open(report)
    _take_back(report, by, now)
    set_clocks(conference=report.conference, by=by, now=now)


@transaction.atomic
def change_contributor(
    *, report: AgencyReport, email: str, children: Collection[ConferenceChild], by: User, now: datetime
) -> AgencyReport:
    """Ask somebody else instead, or about other children. What the first one had typed stays theirs alone.

    :raises CannotAsk: as ``invite_contributor`` and ``withdraw_report`` do
    """
    report = _open(report)
    before, person = report.contributor, report.person
    _take_back(report, by, now)
    new = invite_contributor(
        conference=report.conference, person=person, email=email, children=children, by=by, now=now
    )
    _link(person, new.contributor, instead_of=before)
    return new


def _open(report: AgencyReport) -> AgencyReport:
    found = (
        AgencyReport.objects.select_for_update(of=("self",))
        .select_related("conference", "person", "contributor")
        .get(pk=report.pk)
    )
    if found.withdrawn_at:
        raise CannotAsk("This report is not asked for any more.")
    if found.received_at:
        raise CannotAsk("This report has been received, so it stays in the record.")
    if not rules.can_be_written(found.conference):
        raise CannotAsk("The conference has been held or cancelled.")
    return found


def _take_back(report: AgencyReport, by: User, now: datetime) -> None:
    report.withdrawn_at = now
    report.save(update_fields=["withdrawn_at"])
    if report.contributor is not None:
        _let_in(report.conference, report.contributor, by, now)
    notifications.suppress(about=report, reason="It is not asked for any more.")
    record("conferences.report_withdrawn", report, by=by)


@transaction.atomic
def move_due_dates(*, conference: Conference, by: User, now: datetime) -> int:
    """After a conference was given another day: the new due date of each report still to come, with new reminders.

    Those received keep theirs. Says how many moved. Call it acting as ``by``.
    """
    due_on, due_rule = _due(conference)
    waiting = AgencyReport.objects.filter(conference=conference, withdrawn_at=None, received_at=None)
    moved = list(waiting.exclude(due_on=due_on, due_rule=due_rule).select_related("contributor"))
    for report in moved:
        report.due_on, report.due_rule = due_on, due_rule
        report.save(update_fields=["due_on", "due_rule"])
        record("conferences.report_due_moved", report, by=by, details={"due": f"{due_on:%Y-%m-%d}"})
    _remind(moved, now)
    return len(moved)


def _remind(reports: Iterable[AgencyReport], now: datetime) -> None:
    for report in reports:
        if report.contributor is not None:
            holidays = bank_holidays(*holidays_around(report.due_on))
            notifications.queue_many(messages.reminders(report, now, holidays))

"""Writing agency reports: drafts, filing, changes after that, and reports that came on paper."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import connection, transaction

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.notifications import operations as notifications
from chatr.workdays.clock import LONDON, local

from ..models import AgencyReport, Conference, ConferenceChild, Person, ReportChild, ReportPart, SpokeDirectly
from ..queries.reports import with_words
from ..rules import reports as rules
from .clocks import set_clocks
from .report_requests import CannotAsk, new_report

YES, NO = "yes", "no"


class CannotReport(Exception):
    """Why a report can't be kept or filed, worded for whoever writes it."""

    def __init__(self, message: str, *, field: str | None = None):
        super().__init__(message)
        self.field = field


class ReportChanged(Exception):
    """It was saved elsewhere since this page was opened: what is kept now stands in ``saved``."""

    def __init__(self, saved: AgencyReport, words: Mapping[str, str]):
        super().__init__("This report was saved in another tab or window since you opened this page.")
        self.saved = saved
        self.words = dict(words)


@dataclass(frozen=True)
class Answers:
    """What a report says. ``discussed`` is yes, no or empty; words that are not given stay as they are."""

    words: Mapping[str, str] = field(default_factory=dict)
    discussed: str = ""
    discussed_on: date | None = None
    spoke_directly: str = SpokeDirectly.NOT_ASKED


@transaction.atomic
def save_report(*, report: AgencyReport, answers: Answers, version: int, by: User, now: datetime) -> AgencyReport:
    """Keep what the contributor has written. Once it was filed, this notes that it was changed.

    :param version: of the report as the page showed it
    :raises CannotReport: once the conference was held, or for a day in the future
    :raises ReportChanged: if it was saved elsewhere meanwhile; nothing is written then
    """
    report = _own(report)
    if report.version != version:
        raise ReportChanged(report, with_words([report])[0].words)
    if not _write(report, answers, now):
        return report
    report.version += 1
    if report.received_at is not None:
        report.changed_at = now
        record("conferences.report_changed", report, by=by)
    report.save()
    return report


@transaction.atomic
def file_report(*, report: AgencyReport, version: int, by: User, now: datetime) -> AgencyReport:
    """The contributor hands the report in, as their page showed it.

    :raises CannotReport: while something is missing, once filed, or once the conference was held
    :raises ReportChanged: if it was saved elsewhere since
    """
    report = _own(report)
    words = with_words([report])[0].words
    if report.version != version:
        raise ReportChanged(report, words)
    if report.received_at is not None:
        raise CannotReport("This report was filed already.")
    for name, sentence in rules.lacks(report, words).items():
        raise CannotReport(sentence, field=name)
    report.received_at = now
    report.version += 1
    report.save(update_fields=["received_at", "version"])
    _came(report, by)
    with connection.cursor() as cursor:  # whoever reports sees no clock, so the database itself says it is met
        cursor.execute("SELECT report_came(%s)", [str(report.conference_id)])
    return report


def _own(report: AgencyReport) -> AgencyReport:
    """The report, locked. Its conference is not: who only reports may not hold it up."""
    found = (
        AgencyReport.objects.select_for_update(of=("self",))
        .select_related("conference")
        .filter(pk=report.pk, withdrawn_at=None)
        .first()
    )
    if found is None:
        raise CannotReport("This report is not asked of you any more.")
    if not rules.can_be_written(found.conference):
        raise CannotReport("The conference has been held or cancelled, so this report can't be changed any more.")
    if found.typed_by_id is not None:
        raise CannotReport("This report came on paper and was typed in for you. Tell the chair what is wrong in it.")
    return found


def _write(report: AgencyReport, answers: Answers, now: datetime) -> bool:
    """Put the answers into the report and its parts; whether anything is different."""
    if answers.discussed == YES and answers.discussed_on and answers.discussed_on > now.astimezone(LONDON).date():
        raise CannotReport("Enter the day you discussed it: today or earlier.", field="discussed_on")
    new = {
        "discussed_on": answers.discussed_on if answers.discussed == YES else None,
        "not_discussed": answers.discussed == NO,
        "spoke_directly": answers.spoke_directly,
    }
    changed = any(getattr(report, name) != value for name, value in new.items())
    for name, value in new.items():
        setattr(report, name, value)
    parts = {part.kind: part for part in report.parts.all()}
    for kind, words in answers.words.items():
        part = parts.get(kind)
        if part is None and words:
            ReportPart.objects.create(conference_id=report.conference_id, report=report, kind=kind, words=words)
            changed = True
        elif part is not None and part.words != words:
            part.words = words
            part.save(update_fields=["words"])
            changed = True
    return changed


def _came(report: AgencyReport, by: User) -> None:
    notifications.suppress(about=report, reason="It has been received.")
    day = report.received_at.astimezone(LONDON).date()
    record("conferences.report_received", report, by=by, details={"late": day > report.due_on})


@transaction.atomic
def take_from_paper(
    *,
    conference: Conference,
    person: Person,
    children: Collection[ConferenceChild],
    answers: Answers,
    received_on: date,
    by: User,
    now: datetime,
) -> AgencyReport:
    """Type in a report that came on paper, or correct what was typed. It is marked as typed in, and by whom.

    :param received_on: the day the paper came
    :raises CannotReport: for a day in the future, once the conference was held, without a child, or if the contributor
        has filed it themselves
    """
    if received_on > now.astimezone(LONDON).date():
        raise CannotReport("Enter the day it came: today or earlier.", field="received_on")
    if not rules.can_be_written(conference):
        raise CannotReport("The conference has been held or cancelled, so nothing can be added to its reports.")
    report = _paper(conference, person, children, now)
    if report.received_at is not None and report.typed_by_id is None:
        raise CannotReport("This report has been filed in the portal already.")
    is_new = report.received_at is None
    if _write(report, answers, now) and not is_new:
        report.changed_at = now
    report.received_at, report.typed_by = local(received_on, time(12)), by
    report.version += 1
    report.save()
    if is_new:
        _came(report, by)
    else:
        record("conferences.report_changed", report, by=by)
    set_clocks(conference=conference, by=by, now=now)
    return report


def _paper(conference: Conference, person: Person, children: Collection[ConferenceChild], now: datetime):
    """The report already asked of a professional, or a new one; about these children."""
    report = (
        AgencyReport.objects.select_for_update().filter(conference=conference, person=person, withdrawn_at=None).first()
    )
    if report is None:
        try:
            return new_report(conference=conference, person=person, children=children, now=now)
        except CannotAsk as refusal:
            raise CannotReport(str(refusal), field=refusal.field) from None
    if not children:
        raise CannotReport("Choose at least one child.", field="children")
    there = {one.child_id: one for one in ReportChild.objects.filter(report=report)}
    wanted = {child.pk for child in children}
    ReportChild.objects.filter(pk__in=[there[one].pk for one in there.keys() - wanted]).delete()
    ReportChild.objects.bulk_create(
        ReportChild(conference=conference, report=report, child_id=one) for one in wanted - there.keys()
    )
    return report

"""What contributors are written: that something waits for them, and never what, about whom, where or when.

Whether it still holds is read from the report's dates when the message is sent; a background job sees no more.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from chatr.accounts.models import User
from chatr.accounts.operations import invitations
from chatr.database.acting import acting_as_job
from chatr.notifications.kinds import Composed, Kind, Suppress, register
from chatr.notifications.operations import Draft

from ..models import AgencyReport
from ..queries.reports import ASKED, REMINDER
from ..rules import reports as rules

URGENCY = {
    "before": "It is needed soon.",
    "on_day": "It is needed today.",
    "late": "It has not reached us yet, and it still matters.",
}


# What is due


def asked(report: AgencyReport, now: datetime) -> Draft:
    """To whoever is to write a report, now. Asked for twice within a minute it leaves once."""
    key = f"{ASKED}:{report.pk}:{report.contributor_id}:{now:%Y%m%d%H%M}"
    return Draft(ASKED, report.contributor, report, key)


def reminders(report: AgencyReport, now: datetime, holidays: Collection[date]) -> list[Draft]:
    """Those still to come, for the day the report is due by now."""
    due = f"{report.due_on:%Y-%m-%d}"
    return [
        Draft(
            REMINDER,
            report.contributor,
            report,
            f"{REMINDER}:{report.pk}:{report.contributor_id}:{which}:{due}",
            due_at=at,
            facts={"which": which, "due_on": due},
        )
        for which, at in rules.reminders(report.due_on, holidays).items()
        if at > now
    ]


# What they say


def report_asked(message, now: datetime) -> Composed:
    """You were asked: one link through accepting the account and the second step, straight to the report."""
    return _composed(message, _still_wanted(message), now)


def report_reminder(message, now: datetime) -> Composed:
    """It is still waiting."""
    report = _still_wanted(message)
    if message.facts["due_on"] != f"{report.due_on:%Y-%m-%d}":
        raise Suppress("The day has changed since.")
    if now - message.due_at > timedelta(days=1):
        raise Suppress("The day it speaks of has passed.")
    return _composed(message, report, now, urgency=URGENCY[message.facts["which"]])


def _still_wanted(message) -> AgencyReport:
    with acting_as_job("mail"):
        report = AgencyReport.objects.select_related("conference").filter(pk=message.about_id).first()
    if report is None or report.withdrawn_at or report.contributor_id != message.recipient_id:
        raise Suppress("It is not asked of this person any more.")
    if report.received_at:
        raise Suppress("It has been received.")
    if not rules.can_be_written(report.conference):
        raise Suppress("It is not needed any more.")
    return report


def _composed(message, report: AgencyReport, now: datetime, **more) -> Composed:
    path = reverse("conferences:file-report", args=[report.pk])
    return Composed({"page_url": settings.SITE_URL + path, **more}, secret_links=_accept(message.recipient, path, now))


def _accept(user: User, path: str, now: datetime) -> dict[str, str]:
    """For somebody without an account yet, the link that gives them one and leads on to the page."""
    if invitations.has_accepted(user):
        return {}
    page = reverse("accounts:accept-invitation", args=[invitations.make_link(user, now=now)])
    return {"accept": f"{settings.SITE_URL}{page}?{urlencode({'next': path})}"}


def register_kinds() -> None:
    """Make them known. Private: who writes reports is nobody's business but the conference's."""
    register(Kind(ASKED, "Report asked for", report_asked, private=True))
    register(Kind(REMINDER, "Reminder of a report", report_reminder, private=True))

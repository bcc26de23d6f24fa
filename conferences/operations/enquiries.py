"""The section 47 enquiry of each child: the strategy discussions, and the one that started it and its fifteen days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.workdays.clock import LONDON

from ..models import Conference, ConferenceChild, Section47, StrategyDiscussion
from ..rules.access import is_open
from .clocks import set_clocks


class CannotRecordEnquiry(Exception):
    """Why an enquiry can't be kept, worded for whoever writes it down."""

    def __init__(self, message: str, *, field: str = "", discussion: int | None = None):
        super().__init__(message)
        self.field = field
        self.discussion = discussion


@dataclass(frozen=True)
class Discussed:
    """One strategy discussion, and whether section 47 was started at it."""

    held_on: date
    initiated_s47: bool = False


@transaction.atomic
def record_enquiry(
    *,
    conference: Conference,
    children: Sequence[ConferenceChild],
    started_on: date,
    referral_on: date | None,
    discussions: Sequence[Discussed],
    not_required: bool = False,
    by: User,
    now: datetime,
) -> None:
    """Keep the enquiry of these children as it is known now, and work out their clocks again.

    :param not_required: the enquiry found that no initial conference is needed for the child
    :raises CannotRecordEnquiry: for days that cannot be (census rules 8615 and 1104), two discussions on one day, or
        anything but exactly one discussion that started section 47
    """
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    if not is_open(conference):
        raise CannotRecordEnquiry("This record is closed, so its dates stay as they are.")
    _refuse(conference, started_on, referral_on, discussions, now)
    for child in children:
        _keep(conference, child, started_on, referral_on, discussions, not_required, by)
    set_clocks(conference=conference, by=by, now=now)


def _refuse(conference: Conference, started_on, referral_on, discussions, now: datetime) -> None:
    held = conference.held_on or conference.scheduled_at.astimezone(LONDON).date()
    if started_on > held:
        raise CannotRecordEnquiry("Section 47 starts on or before the day of the conference", field="started_on")
    if started_on > now.astimezone(LONDON).date():
        raise CannotRecordEnquiry("This day has not come yet", field="started_on")
    if referral_on and referral_on > started_on:
        raise CannotRecordEnquiry("The referral comes before section 47 starts", field="referral_on")
    days = [one.held_on for one in discussions]
    for n, one in enumerate(discussions, 1):
        if one.held_on > min(held, now.astimezone(LONDON).date()):
            raise CannotRecordEnquiry(
                "A strategy discussion is on a day that has come, before the conference", field="held_on", discussion=n
            )
        if one.held_on in days[: n - 1]:
            raise CannotRecordEnquiry("This day is in the list twice", field="held_on", discussion=n)
    if sum(one.initiated_s47 for one in discussions) != 1:
        raise CannotRecordEnquiry("Choose the one discussion at which section 47 was started", field="initiated")


def _keep(conference, child, started_on, referral_on, discussions, not_required, by: User) -> None:
    found = Section47.objects.filter(child=child).first() or Section47(conference=conference, child=child)
    found.started_on, found.referral_on, found.icpc_not_required = started_on, referral_on, not_required
    found.save()
    before = child.strategy_discussions.filter(initiated_s47=True).values_list("held_on", flat=True).first()
    child.strategy_discussions.all().delete()
    StrategyDiscussion.objects.bulk_create(
        StrategyDiscussion(conference=conference, child=child, held_on=one.held_on, initiated_s47=one.initiated_s47)
        for one in discussions
    )
    after = next(one.held_on for one in discussions if one.initiated_s47)
    details = {
        "child": str(child.pk),
        "discussions": len(discussions),
        "old": f"{before:%Y-%m-%d}" if before else "",
        "new": f"{after:%Y-%m-%d}",
    }
    record("conferences.enquiry_recorded", conference, by=by, details=details)

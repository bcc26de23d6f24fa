"""Handing out links to say how a conference was, and taking the answers.

Who answered must not be known to the team. So an answer has a cohort and a day, no person and no time; it is written by
a job and read by nobody, except as counts; a code disappears when it is used; and taking an answer writes no audit
event, because its time would tie the answer to a moment. What remains: the web server's own log of addresses and times,
and the order in which the database laid the rows down. Neither is within the team's reach.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.database.acting import acting_as_job
from chatr.notifications import operations as notifications

from .. import questions
from ..messages.listening import asked
from ..models import Cohort, Conference, Feedback, FeedbackCode, FeedbackLink
from ..rules import listening as rules

JOB = "feedback"


class CannotHandOut(Exception):
    """Why no link can be made, worded for the person who tries."""

    def __init__(self, message: str, *, field: str | None = None):
        super().__init__(message)
        self.field = field


class CannotGiveFeedback(Exception):
    """The code was used, has ended, or never was one: nobody learns which."""


@transaction.atomic
def make_link(
    *, conference: Conference, cohort: str, by: User, now: datetime, send_to: User | None = None
) -> tuple[FeedbackLink, str]:
    """Make a code that works once, for fourteen days, and give it back; it is kept nowhere. Call it acting as ``by``.

    :param send_to: a professional who gets it by e-mail; families get theirs printed or handed over
    :raises CannotHandOut: before the meeting or after it was cancelled, or to e-mail anybody but a professional
    """
    if not rules.can_hand_out(conference):
        raise CannotHandOut("Links are handed over after the meeting. This one has not begun, or was cancelled.")
    if send_to is not None and cohort != Cohort.PROFESSIONAL:
        raise CannotHandOut("Only professionals get their link by e-mail. Print it, or hand it over.", field="send_to")
    today = timezone.localdate(now)
    until = today + rules.WORKS_FOR
    link = FeedbackLink.objects.create(conference=conference, cohort=cohort, made_on=today, until=until)
    code = questions.new_code()
    FeedbackCode.objects.create(conference=conference, cohort=cohort, digest=questions.digest(code), until=until)
    if send_to is not None:
        notifications.queue_many([asked(send_to, code=code, key=str(link.pk), until=until)])
    record(
        "conferences.feedback_link_made",
        conference,
        by=by,
        details={"cohort": cohort, "until": until.isoformat(), "by_email": send_to is not None},
    )
    return link, code


def give_feedback(*, code: str, answers: Mapping[str, str], now: datetime) -> None:
    """Take somebody's answers, once. Unknown questions and answers are left out.

    :raises CannotGiveFeedback: when the code was used before, has ended, or never was one
    """
    today = timezone.localdate(now)
    with acting_as_job(JOB):
        live = FeedbackCode.objects.filter(digest=questions.digest(code), until__gte=today)
        found = live.first()
        # Of two at the same moment one removes the row; the other finds nothing left to remove.
        if found is None or not live.delete()[0]:
            raise CannotGiveFeedback
        asked_of_them = {question.code for question in questions.QUESTIONS[Cohort(found.cohort)]}
        kept = {
            name: answer for name, answer in answers.items() if name in asked_of_them and answer in questions.ANSWERS
        }
        Feedback.objects.create(conference_id=found.conference_id, cohort=found.cohort, answers=kept, received_on=today)


def forget_ended_codes(before: date) -> int:
    """Remove the codes whose last day was before this one. They have stopped working already."""
    with acting_as_job(JOB):
        return FeedbackCode.objects.filter(until__lt=before).delete()[0]

"""Links that were made, whom a code is for, and what people answered: as counts alone."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Count

from chatr.accounts.models import User
from chatr.database.acting import acting_as_job

from .. import questions
from ..models import Cohort, Conference, FeedbackCode, Person, PersonKind
from ..quarters import Quarter


def links_made(conference: Conference) -> list[dict]:
    """How many links were made for whom on which day, latest first. Nothing says which were used."""
    return list(
        conference.feedback_links.values("cohort", "made_on", "until")
        .annotate(how_many=Count("pk"))
        .order_by("-made_on", "cohort")
    )


def professionals_with_an_account(conference: Conference) -> list[Person]:
    """Those of the conference's professionals who can be written to."""
    people = Person.objects.filter(conference=conference, kind=PersonKind.PROFESSIONAL).exclude(user=None)
    return list(people.select_related("user").order_by("position", "pk"))


def cohort_of(code: str, today: date) -> str | None:
    """Whom a code is for; None when it was used, has ended, or never was one."""
    with acting_as_job("feedback"):
        live = FeedbackCode.objects.filter(digest=questions.digest(code), until__gte=today)
        return live.values_list("cohort", flat=True).first()


@dataclass(frozen=True)
class Asked:
    """One question and how many chose each answer; None where the number is left out."""

    words: str
    rows: list[tuple[str, int | None]]

    @property
    def has_gaps(self) -> bool:
        """Whether any number is left out."""
        return any(count is None for _, count in self.rows)


@dataclass(frozen=True)
class Heard:
    """What one cohort answered in a quarter. ``people`` is None where fewer than five did, and then that is all."""

    cohort: str
    people: int | None
    asked: list[Asked]

    @property
    def label(self) -> str:
        """The cohort in words."""
        return Cohort(self.cohort).label


def heard(team: UUID | None, quarter: Quarter) -> list[Heard]:
    """What each cohort answered, in a team or (None) in all of them. Call it acting as who wants to know.

    The database leaves out small numbers, and everything while the quarter lasts; a person it does not mean to tell
    sees that nobody answered.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM feedback_counts(%s, %s)", [team, quarter.first])
        found = {(cohort, question, answer): people for cohort, question, answer, people in cursor.fetchall()}
    return [_heard(cohort, found) for cohort in Cohort]


def _heard(cohort: Cohort, found: dict[tuple[str, str, str], int | None]) -> Heard:
    people = found.get((cohort, "", ""), 0)
    if not people:
        return Heard(cohort, people, [])
    names = questions.answers_for(cohort) | {questions.SKIPPED: "Did not answer"}
    asked = []
    for question in questions.QUESTIONS[cohort]:
        nobody_answered = (cohort, question.code, questions.SKIPPED) not in found
        counts = {questions.SKIPPED: people} if nobody_answered else {}
        rows = [
            (words, counts.get(answer, 0) if nobody_answered else found[cohort, question.code, answer])
            for answer, words in names.items()
        ]
        asked.append(Asked(question.words, rows))
    return Heard(cohort, people, asked)


def may_be_written_to(conference: Conference, person_id: UUID) -> User | None:
    """The account of one of the conference's professionals."""
    return next((one.user for one in professionals_with_an_account(conference) if one.pk == person_id), None)

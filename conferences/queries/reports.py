"""Reading agency reports: those of one conference, those somebody is to write, and their words."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from chatr.accounts.models import User
from chatr.notifications.models import Message

from ..models import (
    AgencyReport,
    Assignment,
    Conference,
    ConferenceChild,
    Person,
    PersonKind,
    ReportChild,
    ReportPart,
    ReportPartKind,
)

ASKED, REMINDER = "conferences/report_asked", "conferences/report_reminder"

_CHILDREN = Prefetch(
    "children",
    queryset=ReportChild.objects.select_related("child__child__details").order_by("child__position"),
    to_attr="about",
)


@dataclass(frozen=True)
class Asked:
    """A professional of a conference, and the report asked of them, if it was."""

    person: Person
    report: AgencyReport | None
    not_delivered: bool  # the last e-mail that asked for it could not be sent


@dataclass(frozen=True)
class Written:
    """A report with what is written in it, as far as the acting person may read it."""

    report: AgencyReport
    words: dict[str, str] = field(default_factory=dict)

    @property
    def children(self) -> list[str]:
        """The names of the children it is about."""
        return [full_name(one.child) for one in self.report.about]


def full_name(child: ConferenceChild) -> str:
    """A child's whole name, so that nobody reports on another; load it with ``select_related("child__details")``."""
    details = child.child.details
    if details.name and details.known_as and details.known_as not in (details.name, details.name.split()[0]):
        return f"{details.name}, known as {details.known_as}"
    return details.name or details.known_as or f"Child {child.position}"


def professionals(conference: Conference) -> list[Asked]:
    """Every professional of a conference, with what was asked of them."""
    reports = {report.person_id: report for report in _live(conference)}
    people = conference.people.filter(kind=PersonKind.PROFESSIONAL).order_by("position", "id")
    failed = _not_delivered(report.pk for report in reports.values())
    return [Asked(one, reports.get(one.pk), _id(reports.get(one.pk)) in failed) for one in people]


def _id(report: AgencyReport | None) -> str:
    return str(report.pk) if report else ""


def _live(conference: Conference) -> QuerySet[AgencyReport]:
    return (
        AgencyReport.objects.filter(conference=conference, withdrawn_at=None)
        .select_related("person", "contributor", "typed_by")
        .prefetch_related(_CHILDREN)
    )


def _not_delivered(report_ids) -> set[str]:
    """The reports whose newest e-mail asking for them the portal gave up on."""
    newest = (
        Message.objects.filter(
            kind=ASKED, about_type=AgencyReport._meta.label_lower, about_id__in=[str(one) for one in report_ids]
        )
        .order_by("about_id", "-created_at")
        .distinct("about_id")
        .only("about_id", "state")
    )
    bad = (Message.State.FAILED, Message.State.UNCERTAIN)
    return {message.about_id for message in newest if message.state in bad}


def report_in(conference: Conference, report_id: UUID) -> Written | None:
    """One report of a conference, with every part the acting person may read; None if there is none."""
    report = _live(conference).filter(pk=report_id).first()
    return with_words([report])[0] if report else None


def received_reports(conference: Conference) -> list[Written]:
    """The reports that came, without what is for the chair alone, in the order of the professionals."""
    reports = _live(conference).filter(received_at__isnull=False).order_by("person__position", "id")
    return with_words(list(reports), but=(ReportPartKind.CHAIR_ONLY,))


def with_words(reports: list[AgencyReport], *, but: tuple[str, ...] = ()) -> list[Written]:
    """The reports with their words: one query for all of them."""
    written = {report.pk: Written(report) for report in reports}
    for part in ReportPart.objects.filter(report__in=written).exclude(kind__in=but):
        written[part.report_id].words[part.kind] = part.words
    return list(written.values())


# The contributor's own


def reports_of(user: User) -> list[AgencyReport]:
    """The reports somebody was asked for and may still open, the next due first. Call it acting as them."""
    return list(_mine(user).order_by("due_on", "id"))


def own_report(user: User, report_id: UUID) -> Written | None:
    """One of them with its words; None for any other, there or not."""
    report = _mine(user).filter(pk=report_id).first()
    return with_words([report])[0] if report else None


def _mine(user: User) -> QuerySet[AgencyReport]:
    # Without the person the report stands for: contributors see no list of people.
    live = Assignment.objects.live().filter(user=user).values("conference_id")
    return (
        AgencyReport.objects.filter(contributor=user, withdrawn_at=None, conference__in=live)
        .select_related("conference")
        .prefetch_related(_CHILDREN)
    )

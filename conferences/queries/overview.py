"""How far each part of one conference is, in counts."""

from dataclasses import dataclass

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ..models import (
    AccuracyChallenge,
    AgencyReport,
    Amendment,
    Block,
    ChallengeOutcome,
    Conference,
    ConferenceChild,
    ConferencePart,
    Copy,
    CopyKind,
    CoreGroupMember,
    Decision,
    FeedbackLink,
    NextDate,
    Person,
    PersonKind,
    PlanAction,
    Preparation,
    SafetyFlag,
    Section,
    Section47,
    SectionKind,
)
from .names import child_name

# Sections whose words stand elsewhere: the count that says whether there are any.
WRITTEN_ELSEWHERE = {
    SectionKind.AGENCIES: "reports_in",
    SectionKind.PLAN: "actions",
    SectionKind.DECISION: "decisions",
    SectionKind.NEXT: "next_dates",
}


@dataclass(frozen=True)
class SectionState:
    """One section of the record, and whether anything is written in it."""

    section: Section
    name: str
    is_written: bool


def counts_of(conference: Conference) -> dict[str, int]:
    """How many there are of what a conference is made of, as far as the person may see. One query."""
    reports = AgencyReport.objects.filter(withdrawn_at=None)
    copies = Copy.objects.filter(withdrawn_at=None)
    things = {
        "children": ConferenceChild.objects,
        "people": Person.objects.exclude(kind=PersonKind.CHILD),
        "flags": SafetyFlag.objects.filter(ended_at=None),
        "enquiries": Section47.objects,
        "prepared": Preparation.objects,
        "parts": ConferencePart.objects,
        "reports": reports,
        "reports_in": reports.exclude(received_at=None),
        "invitations": copies.filter(kind=CopyKind.INVITATION),
        "invited": copies.filter(kind=CopyKind.INVITATION).exclude(issued_at=None),
        "decisions": Decision.objects,
        "actions": PlanAction.objects,
        "core_group": CoreGroupMember.objects,
        "next_dates": NextDate.objects,
        "copies": copies.exclude(kind=CopyKind.INVITATION),
        "given_out": copies.exclude(kind=CopyKind.INVITATION).exclude(issued_at=None),
        "challenges": AccuracyChallenge.objects.filter(outcome=ChallengeOutcome.WAITING),
        "amendments": Amendment.objects,
        "links": FeedbackLink.objects,
    }
    counted = Conference.objects.filter(pk=conference.pk).values(
        **{f"number_of_{name}": _number(rows.filter(conference=OuterRef("pk"))) for name, rows in things.items()}
    )
    return {name.removeprefix("number_of_"): number for name, number in counted.get().items()}


def _number(rows: QuerySet) -> Coalesce:
    """How many rows, as a subquery of its own: joined together they would multiply each other."""
    counted = rows.order_by().values("conference").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def sections_of(conference: Conference, counts: dict[str, int]) -> list[SectionState]:
    """The sections in their order, each child's under the child's name. One query."""
    blocks = Block.objects.filter(section=OuterRef("pk"), removed_at=None)
    sections = (
        Section.objects.filter(conference=conference)
        .annotate(is_written=Exists(blocks))
        .select_related("child__child__details")
        .order_by("position")
    )
    return [
        SectionState(one, _name(one), one.is_written or bool(counts.get(WRITTEN_ELSEWHERE.get(one.kind, ""))))
        for one in sections
    ]


def _name(section: Section) -> str:
    label = SectionKind(section.kind).label
    return f"{label}: {child_name(section.child)}" if section.child else label

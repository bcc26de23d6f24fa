"""What signing asks about, read once: codes, dates, and whether there are words, but none of the record's words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Length, TruncDate

from chatr.workdays.clock import LONDON

from ..models import (
    ActionReview,
    AgencyReport,
    AuthorKind,
    Break,
    Conference,
    ConferenceChild,
    Decision,
    Outcome,
    Person,
    PersonKind,
    PlanAction,
    ReadBack,
)

GOES_ON = (Outcome.PLAN, Outcome.CONTINUE)
THEIR_OWN = (AuthorKind.CHILD, AuthorKind.FAMILY)


@dataclass
class SectionFacts:
    """A section: whether somebody said something, did not hear it read back, or said it during a break."""

    id: UUID
    kind: str
    child_id: UUID | None
    has_words: bool = False
    not_read_back: bool = False
    in_break: bool = False


@dataclass(frozen=True)
class Facts:
    """A conference as signing looks at it."""

    conference: Conference  # with in_break, has_unreviewed and has_late_reports
    children: list[ConferenceChild]
    explained: set[tuple[str, UUID | None]]
    sections: dict[tuple[str, UUID | None], SectionFacts]
    family: list[Person]
    attendance: list
    actions: list[PlanAction]
    core_group: list[tuple[UUID, bool]]
    next_dates: dict[str, date]
    due: dict[str, date]

    @property
    def planned(self) -> list[ConferenceChild]:
        """The children with a plan that starts or continues."""
        return [child for child in self.children if (found := decision_of(child)) and found.outcome in GOES_ON]

    @property
    def not_prepared(self) -> list[str]:
        """The names of those in the family who neither met the chair before nor chose not to."""
        return [person.name for person in self.family if getattr(person, "preparation", None) is None]

    def says(self, kind: str, child: ConferenceChild | None = None) -> bool:
        """Whether something was explained."""
        return (kind, child.pk if child else None) in self.explained

    def has_words(self, kind: str, child: ConferenceChild) -> bool:
        """Whether there is anything in a child's section."""
        section = self.sections.get((kind, child.pk))
        return section is not None and section.has_words

    def section_id(self, kind: str, child: ConferenceChild) -> UUID | None:
        """A child's section of a kind."""
        section = self.sections.get((kind, child.pk))
        return section.id if section else None

    def child(self, child_id: UUID | None) -> ConferenceChild | None:
        """A child by the id of its ``ConferenceChild``."""
        return next((child for child in self.children if child.pk == child_id), None)


def decision_of(child: ConferenceChild) -> Decision | None:
    """The decision for a child, loaded with it."""
    return getattr(child, "decision", None)


def facts_of(conference: Conference) -> Facts:
    """Read it all: ten queries."""
    return Facts(
        conference=_conference(conference),
        children=list(
            conference.children.select_related("child__details", "participation", "decision").order_by("position")
        ),
        explained=set(conference.explanations.values_list("kind", "child_id")),
        sections={(section.kind, section.child_id): section for section in _sections(conference)},
        family=list(
            conference.people.filter(kind=PersonKind.FAMILY).select_related("preparation").order_by("position", "pk")
        ),
        attendance=list(conference.attendances.select_related("person").order_by("person__position", "person_id")),
        actions=list(conference.actions.order_by("position")),
        core_group=list(conference.core_group.values_list("child_id", "is_lead")),
        next_dates=dict(conference.next_dates.values_list("kind", "on")),
        due=dict(conference.clocks.filter(child=None, not_needed=False).values_list("kind", "due_on")),
    )


def _conference(conference: Conference) -> Conference:
    looked_at = ActionReview.objects.filter(action=OuterRef("pk"), conference=OuterRef(OuterRef("pk")))
    unreviewed = PlanAction.objects.filter(~Exists(looked_at), conference=OuterRef("previous_id"))
    late = (
        AgencyReport.objects.filter(conference=OuterRef("pk"), withdrawn_at=None)
        .annotate(received_on=TruncDate("received_at", tzinfo=LONDON))
        .filter(received_on__gt=F("due_on"))
    )
    return (
        Conference.objects.select_related("previous")
        .annotate(
            in_break=Exists(Break.objects.filter(conference=OuterRef("pk"), ended_at=None)),
            has_unreviewed=Exists(unreviewed),
            has_late_reports=Exists(late),
        )
        .get(pk=conference.pk)
    )


def _sections(conference: Conference) -> Iterator[SectionFacts]:
    """The sections in their order, with what their blocks say of themselves. Words are measured, not read."""
    found: dict[UUID, SectionFacts] = {}
    rows = conference.sections.order_by("position").values_list(
        "pk",
        "kind",
        "child_id",
        "blocks__removed_at",
        "blocks__author_kind",
        "blocks__read_back",
        "blocks__in_break",
        Length("blocks__words"),
    )
    for pk, kind, child_id, removed_at, author, read_back, in_break, length in rows:
        section = found.setdefault(pk, SectionFacts(pk, kind, child_id))
        if removed_at is None and length:
            section.has_words = True
            section.not_read_back |= author in THEIR_OWN and read_back == ReadBack.NOT_YET
            section.in_break |= bool(in_break)
    return iter(found.values())

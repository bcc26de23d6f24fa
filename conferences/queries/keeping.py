"""What is held, what has been kept long enough, and what came of it. Call these acting as who asks."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from ..models import Conference, DisposalProposal, KeepingRule, Kept, LegalHold


@dataclass(frozen=True)
class PastKeeping:
    """Something that was kept as long as its rule says, and whether a legal hold keeps it all the same."""

    conference: UUID
    team: UUID
    rule: UUID
    kind: str
    kept_until: date
    held: bool

    @property
    def what(self) -> str:
        """What it is, in words."""
        return Kept(self.kind).label


def past_keeping(today: date) -> list[PastKeeping]:
    """All of it for the job that proposes; for a manager, that of their teams; nothing for anybody else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT conference, team, rule, kind, kept_until, held FROM past_keeping(%s)", [today])
        return [PastKeeping(*row) for row in cursor.fetchall()]


def held(today: date) -> list[PastKeeping]:
    """What would be proposed if nobody held it."""
    return [one for one in past_keeping(today) if one.held]


def to_propose(today: date, *, declined_before: datetime) -> list[PastKeeping]:
    """What nobody holds, is not proposed yet, and nobody said no to since ``declined_before``."""
    asked = DisposalProposal.objects.filter(disposed_at=None)
    answered = asked.filter(declined_at__gte=declined_before)
    taken = set(asked.filter(declined_at=None).values_list("conference_id", flat=True))
    declined = set(answered.values_list("conference_id", "rule__kind"))
    found = {}
    for one in past_keeping(today):
        if not one.held and one.conference not in taken and (one.conference, one.kind) not in declined:
            found.setdefault(one.conference, one)  # one question at a time about a conference
    return list(found.values())


def open_proposals() -> QuerySet[DisposalProposal]:
    """Those waiting for one or two people, oldest first."""
    return (
        DisposalProposal.objects.filter(declined_at=None, disposed_at=None)
        .select_related("conference", "rule", "first_by")
        .order_by("proposed_on", "pk")
    )


def tombstones() -> QuerySet[DisposalProposal]:
    """What remains of what was disposed of: ids, days, and who agreed. Latest first."""
    return (
        DisposalProposal.objects.exclude(disposed_at=None)
        .select_related("rule", "first_by", "second_by")
        .order_by("-disposed_at", "pk")
    )


def rules_of_keeping() -> QuerySet[KeepingRule]:
    """Every rule that was agreed, the one in force first for each kind."""
    return KeepingRule.objects.select_related("agreed_by").order_by("kind", "-in_force_from")


def holds_on(conference: Conference) -> QuerySet[LegalHold]:
    """Every hold on a record, those in force first."""
    return conference.legal_holds.select_related("placed_by", "lifted_by").order_by("-lifted_at", "-placed_at")

"""What lets a person into a conference."""

from dataclasses import dataclass
from uuid import UUID

from chatr.accounts.models import User

from ..models import Assignment, AssignmentRole, Conference, TeamMember, TeamRole

MANAGER = "manager"


@dataclass(frozen=True)
class Access:
    """Why somebody may open a conference: an assignment, or that they manage its team."""

    role: str
    assignment: Assignment | None = None

    @property
    def is_emergency(self) -> bool:
        return self.role == AssignmentRole.BREAK_GLASS

    @property
    def title(self) -> str:
        """The role in words."""
        return "Chairs' manager" if self.role == MANAGER else AssignmentRole(self.role).label


# Where somebody holds several, the one that lets them do most.
STRONGEST_FIRST = (
    AssignmentRole.CHAIR,
    AssignmentRole.COVER,
    AssignmentRole.MINUTE_TAKER,
    MANAGER,
    AssignmentRole.BREAK_GLASS,
    AssignmentRole.ADVOCATE,
    AssignmentRole.CONTRIBUTOR,
)


def conference_for(user: User, conference_id: UUID) -> tuple[Conference, Access] | None:
    """The conference and why the person may open it; None when nothing lets them in. Call it acting as the person."""
    conference = (
        Conference.objects.select_related("team", "chair", "arrangements", "previous").filter(pk=conference_id).first()
    )
    if conference is None:
        return None
    assignments = Assignment.objects.live().filter(conference=conference, user=user)
    found = {assignment.role: Access(assignment.role, assignment) for assignment in assignments}
    if manages(user, conference):
        found[MANAGER] = Access(MANAGER)
    return next(((conference, found[role]) for role in STRONGEST_FIRST if role in found), None)


def manages(user: User, conference: Conference) -> bool:
    """Whether the person manages the team of this conference now."""
    return TeamMember.objects.live().filter(team_id=conference.team_id, user=user, role=TeamRole.MANAGER).exists()


def team_of(user: User) -> TeamMember | None:
    """The live membership by which a person schedules conferences: as chair, minute-taker or manager."""
    return TeamMember.objects.live().filter(user=user).select_related("team").order_by("since").first()


def managers_of(conference: Conference) -> list[User]:
    """Those who manage the team of this conference now, by name."""
    live = TeamMember.objects.live().filter(team_id=conference.team_id, role=TeamRole.MANAGER)
    return [member.user for member in live.select_related("user").order_by("user__name")]

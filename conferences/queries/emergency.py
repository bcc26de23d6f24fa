"""Emergency readings: one's own, and those a manager looks at."""

from django.db.models import QuerySet

from chatr.accounts.models import User

from ..models import AccessEvent, BreakGlass, TeamMember, TeamRole
from .access_log import Line, lines, with_activity


def may_break_glass(user: User) -> bool:
    """Whether the person chairs in a team or manages one now."""
    part = TeamMember.objects.live().filter(user=user, role__in=[TeamRole.CHAIR, TeamRole.MANAGER])
    return part.exists()


def readings_by(user: User) -> QuerySet[BreakGlass]:
    """Somebody's own, newest first, with what the manager made of them."""
    return BreakGlass.objects.filter(user=user).order_by("-at")


def readings_managed_by(user: User) -> QuerySet[BreakGlass]:
    """Those in the records of the teams somebody manages: not looked at yet first, then newest first."""
    teams = TeamMember.objects.live().filter(user=user, role=TeamRole.MANAGER).values("team")
    found = BreakGlass.objects.filter(conference__team__in=teams).exclude(user=user)
    return found.select_related("user", "conference", "reviewed_by").order_by("-reviewed_at", "-at")


def opened_in(reading: BreakGlass) -> list[Line]:
    """What was opened in one reading, oldest first."""
    events = AccessEvent.objects.filter(conference_id=reading.conference_id, assignment_id=reading.assignment_id)
    return lines(with_activity(events.order_by("at")), {reading.user_id: str(reading.user)})

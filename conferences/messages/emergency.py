"""What the chairs' managers are written about emergency reading and their team. No name, no child, no place."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from chatr.notifications.kinds import Composed, Kind, register
from chatr.notifications.operations import Draft

from ..models import BreakGlass, TeamMember, TeamRole

OPENED = "conferences/opened_in_emergency"
NEW_MANAGER = "conferences/new_manager"


def opened(reading: BreakGlass) -> list[Draft]:
    """To every manager of the record's team, at once."""
    managers = _managers(reading.conference.team_id).exclude(user=reading.user_id)
    return [Draft(OPENED, one.user, reading, f"{OPENED}:{reading.pk}:{one.user_id}") for one in managers]


def new_manager(member: TeamMember) -> list[Draft]:
    """To the team's other managers."""
    others = _managers(member.team_id).exclude(user=member.user_id)
    return [Draft(NEW_MANAGER, one.user, member, f"{NEW_MANAGER}:{member.pk}:{one.user_id}") for one in others]


def _managers(team_id):
    return TeamMember.objects.live().filter(team=team_id, role=TeamRole.MANAGER).select_related("user")


def _opened(message, now: datetime) -> Composed:
    return Composed({"page_url": settings.SITE_URL + reverse("conferences:emergency-review")})


def _new_manager(message, now: datetime) -> Composed:
    return Composed({"page_url": settings.SITE_URL + reverse("conferences:desk")})


def register_kinds() -> None:
    """Make them known. Private: who manages and who looked is the team's business."""
    register(Kind(OPENED, "Emergency reading", _opened, private=True))
    register(Kind(NEW_MANAGER, "New manager of a chairs' team", _new_manager, private=True))

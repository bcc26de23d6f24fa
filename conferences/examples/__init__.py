"""Example conferences around today: one team, made-up families, one conference in every state.

Each is made by the operations that make it for real, at the time they would have been used. Nobody in them exists.
"""

from datetime import datetime

from django.conf import settings

from chatr.accounts.models import User
from chatr.database.acting import acting_as

from ..models import Team, TeamMember, TeamRole
from ..operations import teams
from . import conferences
from .days import Days

TEAM = "Example chairs’ team"
MEMBERS = (
    ("chair@example.org", TeamRole.CHAIR),
    ("minutes@example.org", TeamRole.MINUTE_TAKER),
    ("chairs.manager@example.org", TeamRole.MANAGER),
)


def load(*, now: datetime) -> bool:
    """Add the example team and its conferences. Nothing happens when they are there already, or the area is closed."""
    if not settings.CONFERENCES_ENABLED:
        return False
    administrator = User.objects.get(email="administrator@example.org")
    with acting_as(administrator.pk):
        if Team.objects.filter(name=TEAM).exists():
            return False
        team = teams.save_team(team=Team(name=TEAM), by=administrator)
        for email, role in MEMBERS:
            member = TeamMember(team=team, user=User.objects.get(email=email), role=role)
            teams.add_member(member=member, by=administrator, now=now)
    chair = User.objects.get(email=MEMBERS[0][0])
    with acting_as(chair.pk):
        conferences.load_all(team, chair, Days(now))
    return True

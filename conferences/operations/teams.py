"""Teams of chairs: who belongs to one and as what. Named by staff who look after accounts, never by the person."""

from datetime import datetime

from django.db import IntegrityError, transaction

from chatr.accounts.models import User
from chatr.accounts.permissions import Permission
from chatr.audit.operations import record
from chatr.database.acting import acting_as_job
from chatr.notifications import operations as notifications

from ..messages.emergency import new_manager
from ..models import Assignment, AssignmentRole, State, Team, TeamMember, TeamRole

NEEDED = {
    TeamRole.CHAIR: Permission.CHAIR_CONFERENCES,
    TeamRole.MINUTE_TAKER: Permission.TAKE_MINUTES,
    TeamRole.MANAGER: Permission.MANAGE_CHAIRS,
}


class CannotChangeTeam(Exception):
    """Why a team can't be changed, worded for staff."""


@transaction.atomic
def save_team(*, team: Team, by: User) -> Team:
    """Keep a new or renamed team. Call it acting as ``by``."""
    is_new = team._state.adding
    team.save()
    record("conferences.team_added" if is_new else "conferences.team_changed", team, by=by)
    return team


@transaction.atomic
def add_member(*, member: TeamMember, by: User, now: datetime) -> TeamMember:
    """Put a person into a team; its other managers are told of a new manager. Call it acting as ``by``.

    :param member: an unsaved one with its team, user and role
    :raises CannotChangeTeam: for oneself, for somebody who lacks the role this needs, or who has this part already
    """
    if member.user_id == by.pk:
        raise CannotChangeTeam("Nobody can put themselves into a team. Ask a colleague.")
    needed = NEEDED[TeamRole(member.role)]
    if not member.user.is_active or not member.user.may(needed):
        raise CannotChangeTeam(
            f"{member.user} first needs a role that allows: {needed.label}. Give it on the person's page."
        )
    member.given_by, member.since, member.until = by, now, None
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError:
        raise CannotChangeTeam("This person has that part in the team already.") from None
    record(
        "conferences.team_member_added",
        member,
        by=by,
        details={"team": str(member.team_id), "person": str(member.user_id), "role": member.role},
    )
    if member.role == TeamRole.MANAGER:
        notifications.queue_many(new_manager(member))
    return member


@transaction.atomic
def take_out(*, member: TeamMember, by: User, now: datetime) -> int:
    """End a membership, and say how many conferences the person still has in that part: those are to be handed over.

    :raises CannotChangeTeam: for oneself, or if it ended already
    """
    if member.user_id == by.pk:
        raise CannotChangeTeam("Nobody can take themselves out of a team. Ask a colleague.")
    if not TeamMember.objects.live().filter(pk=member.pk).update(until=now):
        raise CannotChangeTeam("This ended already.")
    left = to_hand_over(member)
    record(
        "conferences.team_member_taken_out",
        member,
        by=by,
        details={"person": str(member.user_id), "role": member.role, "to_hand_over": left},
    )
    return left


def to_hand_over(member: TeamMember) -> int:
    """How many conferences of the team the person still chairs or takes minutes of. A number: staff see no more."""
    if member.role == TeamRole.MANAGER:
        return 0
    roles = {
        TeamRole.CHAIR: [AssignmentRole.CHAIR, AssignmentRole.COVER],
        TeamRole.MINUTE_TAKER: [AssignmentRole.MINUTE_TAKER],
    }[TeamRole(member.role)]
    with acting_as_job("teams"):
        return (
            Assignment.objects.live()
            .filter(user=member.user_id, role__in=roles, conference__team=member.team_id)
            .exclude(conference__state__in=[State.DISTRIBUTED, State.CANCELLED])
            .values("conference")
            .distinct()
            .count()
        )

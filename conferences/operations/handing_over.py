"""Handing a conference over to another chair or minute-taker, and letting somebody cover for the chair."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..messages.handing_over import handed_over
from ..models import Assignment, AssignmentRole, Conference, Reason, TeamMember, TeamRole
from ..rules.access import is_open
from .explanations import explain

TEAM_ROLES = {
    AssignmentRole.CHAIR: [TeamRole.CHAIR],
    AssignmentRole.COVER: [TeamRole.CHAIR, TeamRole.MANAGER],
    AssignmentRole.MINUTE_TAKER: [TeamRole.MINUTE_TAKER],
}


class CannotHandOver(Exception):
    """Why a conference can't be handed over, worded for the person who tries."""

    def __init__(self, message: str, *, field: str = ""):
        super().__init__(message)
        self.field = field


@transaction.atomic
def hand_over(*, conference: Conference, role: str, to: TeamMember, reason: str, by: User, now: datetime) -> Assignment:
    """Somebody else chairs or takes the minutes from now on, or covers for the chair; who did so before is let out.

    A cover comes beside the chair, who stays. The new person is told that something waits for them, and no more.

    :raises CannotHandOver: to somebody who does not do that in this team, to who does it already, to a chair who is not
        independent, without a reason, or for a chair of a signed record
    """
    conference = Conference.objects.select_for_update(of=("self",)).get(pk=conference.pk)
    if not reason.strip():
        raise CannotHandOver("Say why it is handed over.", field="reason")
    if to.until or to.team_id != conference.team_id or to.role not in TEAM_ROLES[role]:
        raise CannotHandOver("Choose somebody of this team who does this.", field="to")
    if role in (AssignmentRole.CHAIR, AssignmentRole.COVER) and to.user_id == conference.report_author_id:
        raise CannotHandOver(
            "They wrote the social work report or manage the case, so they do not chair. Choose somebody else.",
            field="to",
        )
    if role == AssignmentRole.CHAIR and not is_open(conference):
        raise CannotHandOver("The chair who signed stays its chair. Let somebody cover instead.", field="role")
    if Assignment.objects.live().filter(conference=conference, role=role, user=to.user).exists():
        raise CannotHandOver("They do this already.", field="to")
    if is_open(conference):  # while this person can still write here
        # Whoever covers may sign, and the record says why it was not the chair.
        kind = Reason.COVER_SIGNS if role == AssignmentRole.COVER else Reason.HANDOVER
        explain(conference=conference, kind=kind, words=reason, by=by, now=now)
    details = {"role": role, "to": str(to.user_id)}
    record("conferences.handed_over", conference, by=by, details=details)
    hand = _to_another_chair if role == AssignmentRole.CHAIR else _to_somebody
    assignment = hand(conference, role, to.user, by, now)
    handed_over(assignment)
    return assignment


def _to_another_chair(conference: Conference, role: str, user: User, by: User, now: datetime) -> Assignment:
    """In the database itself, in one step: there is always one chair, and who hands over is let out by it.

    The family's earlier conferences go along as far as they are this person's to hand over, because a review is chaired
    by somebody who can read the conference before. Who signed those stays written down.
    """
    earlier = _earlier(conference)
    try:
        new_id = _hand_over_chair(conference, user)
    except DatabaseError:
        raise CannotHandOver(
            "Only the chair, who covers for them or the manager hands over, and not to themselves.", field="to"
        ) from None
    for before in earlier:
        with suppress(DatabaseError):  # somebody else's by now
            _hand_over_chair(before, user)
    return Assignment(pk=new_id, conference=conference, user=user, role=role, since=now, given_by=by)


def _earlier(conference: Conference) -> list[Conference]:
    """The conferences before this one that can be seen, the last first, as far back as they are shown."""
    found, before = [], conference.previous
    while before is not None:
        found.append(before)
        before = before.previous
    return found


def _hand_over_chair(conference: Conference, user: User) -> UUID:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT hand_over_chair(%s, %s)", [conference.pk, user.pk])
        return cursor.fetchone()[0]


def _to_somebody(conference: Conference, role: str, user: User, by: User, now: datetime) -> Assignment:
    if role == AssignmentRole.MINUTE_TAKER:
        live = Assignment.objects.live().filter(conference=conference, role=role)
        for before in live.select_for_update(of=("self",)):
            before.until = max(now, before.since)
            before.save(update_fields=["until"])
    assignment = Assignment(conference=conference, user=user, role=role, since=now, given_by=by)
    try:
        with transaction.atomic():
            assignment.save(force_insert=True)
    except DatabaseError:
        raise CannotHandOver("The chair or the manager decides who takes part.", field="to") from None
    return assignment


@transaction.atomic
def end_cover(*, assignment: Assignment, by: User, now: datetime) -> None:
    """Nobody covers for the chair any more.

    :raises CannotHandOver: if it ended already, or is no cover
    """
    assignment = Assignment.objects.select_for_update(of=("self",)).select_related("conference").get(pk=assignment.pk)
    if assignment.role != AssignmentRole.COVER or assignment.until:
        raise CannotHandOver("This cover has ended already.")
    assignment.until = max(now, assignment.since)
    assignment.save(update_fields=["until"])
    record("conferences.cover_ended", assignment.conference, by=by, details={"of": str(assignment.user_id)})

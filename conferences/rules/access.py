"""Who may do what in a conference, by what lets them in. The database draws the same lines (``conferences.walls``)."""

from datetime import timedelta

from chatr.accounts.models import User
from chatr.accounts.permissions import Permission

from ..models import SIGNED_STATES, AssignmentRole, Conference, State
from ..queries.access import MANAGER, Access

ENTERING = (
    Permission.CHAIR_CONFERENCES,
    Permission.TAKE_MINUTES,
    Permission.MANAGE_CHAIRS,
    Permission.CONTRIBUTE_REPORTS,
)
IDLE = timedelta(minutes=15)  # without a request, then signed out
LONGEST = timedelta(hours=10)  # since signing in, however busy

_CHAIRING = {AssignmentRole.CHAIR, AssignmentRole.COVER}
_RECORDING = _CHAIRING | {AssignmentRole.MINUTE_TAKER}


def may_enter(user: User) -> bool:
    """Whether the person has any part in conferences; which of them is another question."""
    return any(user.may(permission) for permission in ENTERING)


def can_schedule(user: User) -> bool:
    """Chairs, minute-takers and managers; they also need a team."""
    return any(user.may(permission) for permission in ENTERING[:3])


def can_read_record(access: Access) -> bool:
    """The record itself, also while it is a draft."""
    return access.role in _RECORDING | {MANAGER, AssignmentRole.BREAK_GLASS}


def can_prepare(access: Access) -> bool:
    """People, safety, support, invitations: everything before the meeting."""
    return access.role in _RECORDING | {MANAGER}


def can_write_record(access: Access) -> bool:
    """Write sections, attendance and the plan."""
    return access.role in _RECORDING


def can_write_child_words(access: Access) -> bool:
    """An advocate writes the words of the child they speak for, if the child asks."""
    return can_write_record(access) or access.role == AssignmentRole.ADVOCATE


def can_decide(access: Access) -> bool:
    """Decide, clear, withhold, sign and issue: the chair's alone, or their cover's."""
    return access.role in _CHAIRING


def can_amend(access: Access) -> bool:
    """Add an amendment to a signed record."""
    return access.role in _CHAIRING | {MANAGER}


def can_prepare_copies(access: Access) -> bool:
    """Prepare and preview copies; giving them out is another matter."""
    return access.role in _RECORDING | {MANAGER}


def can_second(access: Access) -> bool:
    """Be the second person who looks at a copy or a withholding."""
    return access.role in _CHAIRING | {MANAGER}


def can_manage(access: Access) -> bool:
    """Manage the team of this conference."""
    return access.role == MANAGER


def can_hand_over(access: Access) -> bool:
    """Say who chairs, covers and takes the minutes: the chair, who covers for them, and the manager."""
    return access.role in _CHAIRING | {MANAGER}


def can_see_access_log(access: Access) -> bool:
    """Who has seen this record: the chair and the manager."""
    return access.role in _CHAIRING | {MANAGER}


def is_open(conference: Conference) -> bool:
    """Whether it can still be written in."""
    return conference.state in (State.SCHEDULED, State.DRAFT, State.CHECK)


def is_signed(conference: Conference) -> bool:
    """Whether it is closed by a signature."""
    return conference.state in SIGNED_STATES

"""When somebody may be asked how a conference was, and for how long."""

from datetime import timedelta

from ..models import Conference, State

WORKS_FOR = timedelta(days=14)
AFTER_THE_MEETING = (State.DRAFT, State.CHECK, State.ADJOURNED, State.SIGNED, State.DISTRIBUTED)


def can_hand_out(conference: Conference) -> bool:
    """Links are for after the meeting has begun."""
    return conference.state in AFTER_THE_MEETING

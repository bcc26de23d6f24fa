"""Who may hold, and who agrees that a record goes."""

from datetime import timedelta

from chatr.accounts.models import User

from ..models import DisposalProposal
from ..queries.access import Access
from .access import can_amend, can_manage

# Somebody looked and said no: it is not asked again every day.
ASK_AGAIN_AFTER = timedelta(days=365)
LONGEST = 120  # years; nothing about a person has to be kept longer


def can_place_hold(access: Access) -> bool:
    """The chair, their cover, and the team's manager."""
    return can_amend(access)


def can_lift_hold(access: Access) -> bool:
    """The team's manager alone."""
    return can_manage(access)


def is_second(proposal: DisposalProposal) -> bool:
    """Whether one person has agreed, so that the next one decides."""
    return proposal.first_by_id is not None


def may_agree(user: User, proposal: DisposalProposal) -> bool:
    """Anybody who manages the team, but nobody twice."""
    return proposal.first_by_id != user.pk

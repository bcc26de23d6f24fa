"""Who sees figures, and of what."""

from chatr.accounts.models import User
from chatr.accounts.permissions import Permission


def can_see_counts(user: User) -> bool:
    """Programme staff, who see counts and nothing else. The database asks the same (``walls/counts.sql``)."""
    return user.may(Permission.ENTER_ADMIN) and user.may(Permission.MANAGE_TRAINING)

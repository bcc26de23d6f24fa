"""How long an account nobody ever proved is kept."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef

from chatr.retention.rules import RetentionRule, register

from .models import Membership, RoleGrant, User


def forget_unproved_accounts(before: datetime) -> int:
    """Remove accounts made before that moment whose mailbox was never shown to be theirs; give how many.

    Not those staff invited, gave a role or put down at an organisation.
    """

    def has(model, **fields) -> Exists:
        return Exists(model.objects.filter(user=OuterRef("pk"), **fields))

    unproved = User.objects.filter(
        ~has(EmailAddress, verified=True),
        ~has(Membership),
        ~has(RoleGrant),
        created_at__lt=before,
        last_login=None,
        invited_at=None,
        erased_at=None,
    )
    return unproved.delete()[1].get("accounts.User", 0)


register(RetentionRule("unproved-accounts", "Accounts nobody confirmed", timedelta(days=30), forget_unproved_accounts))

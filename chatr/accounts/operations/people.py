"""What a person changes about themselves."""

from django.db import transaction

from chatr.audit.operations import record

from ..models import User


@transaction.atomic
def record_sign_up(*, user: User) -> None:
    """Write down that somebody made an account."""
    record("accounts.signed_up", user, by=user)


@transaction.atomic
def change_name(*, user: User, name: str) -> None:
    """Call the person what they ask to be called, exactly as they write it."""
    user.name = name
    user.save(update_fields=["name"])
    record("accounts.name_changed", user, by=user)


@transaction.atomic
def record_email_verified(*, user: User) -> None:
    """Write down that the person showed the mailbox is theirs."""
    record("accounts.email_verified", user, by=user)


@transaction.atomic
def record_data_downloaded(*, user: User) -> None:
    """Write down that the person took a copy of what we hold about them."""
    record("accounts.data_downloaded", user, by=user)


def forget_landing_path(*, user: User) -> None:
    """The person has arrived where they were going when they signed up."""
    user.landing_path = ""
    user.save(update_fields=["landing_path"])


def forget_password_nobody_proved(*, user: User) -> None:
    """Drop a password chosen before anybody showed that the mailbox is theirs: a stranger may have chosen it."""
    user.set_unusable_password()
    user.save(update_fields=["password"])

"""Account and sign-in messages: the words come from the account pages' own templates, and live tokens are not kept.

The sign-in library renders its mail while it answers the request. Here each live link or code is replaced by its
name, ``[[code]]``, before rendering; the values wait encrypted on the row and are cleared when the message is settled.
"""

from datetime import datetime
from uuid import uuid4

from django.template import Context, loader

from chatr.accounts.models import User

from . import operations, rendering
from .kinds import Composed, Kind, Suppress
from .models import Message

ACCOUNT = "account"
SECRET_NAMES = frozenset({"activate_url", "code", "key", "password_reset_url"})


def queue_account_mail(template_prefix: str, email: str, context: dict, user: User | None = None) -> Message:
    """Queue one account message in the transaction at hand.

    :param template_prefix: such as ``account/email/login_code``; ``_subject.txt`` and ``_message.txt`` are added
    :param email: the very address to send to, which may not be the person's own yet, or any more
    :param user: whose account it is about (the ``user`` of the context, when not given)
    """
    user = user or context.get("user")
    secrets = {name: str(context[name]) for name in SECRET_NAMES & context.keys() if context[name]}
    shown = context | {name: f"[[{name}]]" for name in secrets}
    return operations.queue(
        ACCOUNT,
        to=email,
        about=user if isinstance(user, User) else None,
        dedupe_key=f"{ACCOUNT}/{uuid4()}",
        facts={"template": template_prefix},
        secrets=secrets,
        subject=rendering.one_line(_words(f"{template_prefix}_subject.txt", shown)),
        text=_words(f"{template_prefix}_message.txt", shown).strip(),
    )


def _words(template: str, context: dict) -> str:
    return loader.get_template(template).template.render(Context(context, autoescape=False))


def compose(message: Message, now: datetime) -> Composed:
    """The words written when it was queued.

    :raises Suppress: when the words or the links they name are gone
    """
    named = set(rendering.PLACEHOLDER.findall(message.text_body))
    if not message.text_body or not named <= message.secret_values.keys():
        raise Suppress("Its link or code has been cleared. The person can ask for a new one.")
    return Composed(subject=message.subject, text=message.text_body)


KIND = Kind(ACCOUNT, "Account and sign-in", compose)

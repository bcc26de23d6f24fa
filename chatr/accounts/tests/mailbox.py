"""Reading what the portal would send, as the person with the mailbox would."""

from chatr.notifications.models import Message


def mails_to(email: str) -> list[Message]:
    """Every message to an address, the oldest first."""
    return list(Message.objects.filter(to_email=email).order_by("created_at"))


def secret(email: str, name: str) -> str:
    """The newest live link or code sent to an address."""
    return next(m.secret_values[name] for m in reversed(mails_to(email)) if name in m.secret_values)


def path_of(link: str) -> str:
    """The link as it works on any host."""
    return "/" + link.split("/", 3)[3]

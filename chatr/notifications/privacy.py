from datetime import datetime

from django.db.models import Q

from chatr.accounts.models import User
from chatr.privacy.classification import Classification

from .models import Message

CLASSIFIED = {
    "Message": dict.fromkeys(
        (
            "id",
            "kind",
            "dedupe_key",
            "about_type",
            "about_id",
            "created_at",
            "due_at",
            "state",
            "attempts",
            "next_attempt_at",
            "lease_until",
            "handing_over_at",
            "sent_at",
            "held_reason",
            "stopped_reason",
            "last_error",
            "calendar_method",
            "calendar_sequence",
        ),
        Classification.OPERATIONAL,
    )
    | dict.fromkeys(("recipient", "to_email"), Classification.WORK_CONTACT)
    | dict.fromkeys(("facts", "secrets", "staff_note", "subject", "text_body", "html_body"), Classification.PERSONAL)
}


def _messages_of(user: User):
    about_account = Q(about_type=User._meta.label_lower, about_id=str(user.pk))
    return Message.objects.filter(Q(recipient=user) | about_account)


def export_for(user: User) -> dict:
    """The messages the portal sent, or will send, to a person."""
    messages = _messages_of(user).order_by("due_at", "id")
    return {
        "messages": [
            {
                "kind": message.kind,
                "to": message.to_email,
                "due": message.due_at,
                "state": message.get_state_display(),
                "sent": message.sent_at,
                "subject": message.subject,
                "text": message.text_body,
            }
            for message in messages
        ]
    }


def erase(user: User, *, by: User | None, now: datetime) -> None:
    """Stop what waits for the person, and forget their address and the words of what was sent."""
    theirs = _messages_of(user)
    theirs.filter(state__in=[Message.State.QUEUED, Message.State.SENDING], handing_over_at=None).update(
        state=Message.State.SUPPRESSED,
        stopped_reason="The person's account was erased.",
        held_reason="",
        lease_until=None,
        secrets=None,
    )
    theirs.update(
        to_email="", subject="", text_body="", html_body="", facts={}, secrets=None, staff_note="", recipient=None
    )

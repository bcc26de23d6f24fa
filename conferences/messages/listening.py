"""What a professional is written after a conference: that we ask how it was, and never what it was about.

The link is kept with the message, encrypted, until it is sent. The message is about nothing, so it says neither which
conference it belongs to nor whether the person answered.
"""

from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.models import User
from chatr.notifications.kinds import Composed, Kind, Suppress, register
from chatr.notifications.operations import Draft

ASKED = "conferences/feedback_asked"


def asked(user: User, *, code: str, key: str, until: date) -> Draft:
    """To a professional, now. ``key`` makes it this message and no other."""
    address = settings.SITE_URL + reverse("conferences:give-feedback", args=[code])
    return Draft(ASKED, user, None, f"{ASKED}:{key}", facts={"until": until.isoformat()}, secrets={"feedback": address})


def feedback_asked(message, now: datetime) -> Composed:
    """The link, and until when it works."""
    until = date.fromisoformat(message.facts["until"])
    if timezone.localdate(now) > until:
        raise Suppress("The link has ended.")
    return Composed({"until": until})


def register_kinds() -> None:
    """Make it known. Private: who was at a conference is nobody else's business."""
    register(Kind(ASKED, "How a meeting was", feedback_asked, private=True))

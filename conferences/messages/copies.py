"""What people are written when a copy waits for them: that something does, and nothing else.

A background job sees no copy, so nothing of one is in these messages, not even whether it was taken back since.
"""

from django.conf import settings
from django.urls import reverse

from chatr.notifications.kinds import Composed, Kind, register
from chatr.notifications.operations import Draft

from ..models import Copy, Person, PersonContact

TO_READ = "conferences/something_to_read"  # to somebody with an account
WAITS = "conferences/something_waits"  # to a family member for whom e-mail is safe


def copy_waits(copy: Copy, recipient: Person, contact: PersonContact | None) -> Draft:
    """One message for one copy: to the person's account where they have one, else to the address that is safe."""
    key = f"{TO_READ if recipient.user_id else WAITS}:{copy.pk}"
    if recipient.user_id:
        return Draft(TO_READ, recipient.user, None, key)
    return Draft(WAITS, contact.email, None, key)


def to_read(message, now) -> Composed:
    """There is something to read after signing in."""
    return Composed({"page_url": settings.SITE_URL + reverse("conferences:my-copies")})


def waits(message, now) -> Composed:
    """There is something; whom to ask, they know."""
    return Composed()


def register_kinds() -> None:
    """Make them known. Private: who gets copies is nobody's business but the conference's."""
    register(Kind(TO_READ, "Something to read", to_read, private=True))
    register(Kind(WAITS, "Something waits", waits, private=True))

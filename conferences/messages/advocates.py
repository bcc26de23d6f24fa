"""What a child's advocate is written: that something waits for them, and never what or about whom."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from chatr.accounts.operations import invitations
from chatr.database.acting import acting_as_job
from chatr.notifications.kinds import Composed, Kind, Suppress, register
from chatr.notifications.operations import Draft

from ..models import Assignment

LET_IN = "conferences/advocate_let_in"


def let_in(assignment: Assignment) -> Draft:
    """To the advocate, once for each time they are let in."""
    return Draft(LET_IN, assignment.user, assignment, f"{LET_IN}:{assignment.pk}")


def _let_in(message, now: datetime) -> Composed:
    with acting_as_job("mail"):
        if not Assignment.objects.live().filter(pk=message.about_id).exists():
            raise Suppress("They are not let in any more.")
    desk = reverse("conferences:desk")
    secret = {}
    if not invitations.has_accepted(message.recipient):
        page = reverse("accounts:accept-invitation", args=[invitations.make_link(message.recipient, now=now)])
        secret = {"accept": f"{settings.SITE_URL}{page}?next={desk}"}
    return Composed({"page_url": settings.SITE_URL + desk}, secret_links=secret)


def register_kinds() -> None:
    """Make it known. Private: who speaks for a child is nobody's business but the conference's."""
    register(Kind(LET_IN, "Advocate let in", _let_in, private=True))

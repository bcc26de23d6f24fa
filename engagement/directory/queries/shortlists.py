"""Shortlists of people with an account, and the links they shared."""

from datetime import datetime
from uuid import UUID

from chatr.accounts.models import User
from chatr.links.queries import LinkRefused, digest, open_link

from ..models import SharedShortlist, ShortlistItem

PURPOSE = "directory.shortlist"


def services_of(user: User) -> list[UUID]:
    """The services on a person's shortlist, in the order they were put there."""
    return list(ShortlistItem.objects.filter(user=user).order_by("added_at", "pk").values_list("service", flat=True))


def live_links(now: datetime):
    """Shared shortlists whose link works, the newest first."""
    return SharedShortlist.objects.filter(revoked_at=None, ends_at__gt=now).order_by("-made_at", "pk")


def shared_shortlist(token: str, now: datetime) -> SharedShortlist | None:
    """The shortlist a link opens; None where it is not ours, has ended or was taken back: nobody says which."""
    try:
        link = open_link(PURPOSE, token, now=now)
    except LinkRefused:
        return None
    return live_links(now).filter(pk=link.subject, digest=digest(token)).first()

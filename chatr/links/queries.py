"""Reading a signed link without using it."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core import signing

from .models import UsedLink


class LinkRefused(Exception):
    """Why a link does not work, worded for the person who followed it."""


class LinkUnknown(LinkRefused):
    """The link is not one of ours, is for something else, or was cut short."""

    def __init__(self):
        super().__init__("This link does not work. Check that you copied all of it.")


class LinkEnded(LinkRefused):
    """The link's time is over."""

    def __init__(self):
        super().__init__("This link no longer works.")


@dataclass(frozen=True)
class SignedLink:
    """What a link says: whom or what it is about, and until when it works."""

    subject: str
    valid_until: datetime


def salt(purpose: str) -> str:
    """Links for one purpose are never good for another."""
    return f"chatr.links.{purpose}"


def open_link(purpose: str, token: str, *, now: datetime) -> SignedLink:
    """What a link says.

    :raises LinkUnknown: if we did not make it for this purpose
    :raises LinkEnded: if its time is over
    """
    try:
        subject, ends, _ = signing.loads(token, salt=salt(purpose))
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkUnknown from None
    valid_until = datetime.fromtimestamp(ends, UTC)
    if now >= valid_until:
        raise LinkEnded
    return SignedLink(subject, valid_until)


def read(purpose: str, token: str, *, now: datetime) -> str:
    """The subject of a link, used or not; to show a page with a button, on GET.

    :raises LinkUnknown: if we did not make it for this purpose
    :raises LinkEnded: if its time is over
    """
    return open_link(purpose, token, now=now).subject


def digest(token: str) -> str:
    """What is kept of a used token."""
    return hashlib.sha256(token.encode()).hexdigest()


def used_at(token: str) -> datetime | None:
    """When a link was used; None while it has not been."""
    return UsedLink.objects.filter(token_digest=digest(token)).values_list("used_at", flat=True).first()

"""Making and using signed links that work once.

A view shows a page with one button on GET (``queries.read``) and calls ``use`` on POST only: mail scanners and
previews follow links, and following one must change nothing.
"""

import math
import secrets
from datetime import datetime

from django.core import signing
from django.db import IntegrityError, transaction

from .models import UsedLink
from .queries import LinkRefused, digest, open_link, salt


class LinkUsed(LinkRefused):
    """The link has done its work already."""

    def __init__(self, used_at: datetime):
        super().__init__("This link has already been used.")
        self.used_at = used_at


def make(purpose: str, subject: str, *, valid_until: datetime) -> str:
    """A token to put in an address. No two are alike, so using one does not use another about the same subject."""
    return signing.dumps([subject, math.ceil(valid_until.timestamp()), secrets.token_urlsafe(9)], salt=salt(purpose))


def use(purpose: str, token: str, *, now: datetime) -> str:
    """Use up a link and give its subject. Call it in the operation's transaction, so a refusal leaves it unused.

    :raises LinkUnknown: if we did not make it for this purpose
    :raises LinkEnded: if its time is over
    :raises LinkUsed: if somebody used it before, or in this very moment
    """
    link = open_link(purpose, token, now=now)
    token_digest = digest(token)
    try:
        with transaction.atomic():  # a savepoint: a second user waits here for the first one to finish
            UsedLink.objects.create(
                purpose=purpose, token_digest=token_digest, used_at=now, valid_until=link.valid_until
            )
    except IntegrityError:
        raise LinkUsed(UsedLink.objects.get(token_digest=token_digest).used_at) from None
    return link.subject

"""Erasing a person."""

from datetime import datetime

from django.db import transaction

from chatr.audit.operations import record

from .queries import privacy_modules


@transaction.atomic
def erase(user, *, by, now: datetime) -> None:
    """Have every app erase what it holds about a person, all of it or none. The audit keeps which apps did.

    What an app must keep for a while (that somebody attended, say) it keeps without the person; its ``privacy.py``
    says so.
    """
    erased = []
    # Whatever is built on others goes first: it may still write messages, which the outbox then empties.
    for label, module in reversed(privacy_modules().items()):
        if hasattr(module, "erase"):
            module.erase(user, by=by, now=now)
            erased.append(label)
    record("privacy.erased", user, by=by, details={"apps": sorted(erased)})

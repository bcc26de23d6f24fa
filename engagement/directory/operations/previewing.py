"""A service as it would be if a proposal were approved: written, looked at, and undone again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from ..models import Revision, Service
from ..queries.entries import entry_of
from ..rules.differences import merge
from ..rules.entries import Entry
from .entries import write_entry
from .listings import refreshing_once


class _LookedAt(Exception):
    """Undoes what was written."""


@contextmanager
def as_if_approved(*, revision: Revision, now: datetime) -> Iterator[Service]:
    """The tables say what the proposal says until the end of the block, for whoever is inside alone.

    Nothing stays: nothing is listed, sent, or written down as done.
    """
    service, entry = revision.service, Entry.from_json(revision.entry)
    if service.version:
        base = Entry.from_json(revision.base) if revision.base else None
        entry = merge(base, entry, entry_of(service)).entry
    try:
        with refreshing_once():
            yield write_entry(service=service, entry=entry, now=now)
            raise _LookedAt
    except _LookedAt:
        pass

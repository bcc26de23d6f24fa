"""Writing down what somebody reads, before they read it."""

import logging
from collections.abc import Iterable
from uuid import UUID

from django.db import connection

logger = logging.getLogger(__name__)


def record_access(
    action: str,
    *,
    conference_id: UUID | None = None,
    object_type: str = "",
    object_id: str = "",
    section_ids: Iterable[UUID] = (),
    request_id: str = "",
    address: str = "",
) -> None:
    """Add one row to the access log, on behalf of the acting person. If it can't be written nothing may be shown.

    :param action: view, preview, copy, download, search, denied…: a code, never content
    :param conference_id: as it was asked for; one that does not exist goes to the person's own chain
    :raises DatabaseError: when nobody is acting, or the row can't be written
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT log_access(%s, %s, %s, %s::uuid, %s::uuid[], %s, %s)",
            [
                action,
                object_type,
                str(object_id)[:64],
                str(conference_id) if conference_id else None,
                [str(section_id) for section_id in section_ids],
                request_id,
                address,
            ],
        )
        (link,) = cursor.fetchone()
    # The last link of each chain leaves this machine with its logs, so nobody can shorten a chain unseen.
    logger.info("access %s %s %s", action, conference_id or "-", link)

"""What staff supply for the joining instructions: how to arrive, and the joining link."""

from datetime import datetime

from django.db import transaction

from chatr.notifications.operations import look_again

from ..models import CourseRun, Venue


@transaction.atomic
def save_joining_details(*, thing: CourseRun | Venue, now: datetime, fields: list[str] | None = None) -> None:
    """Keep a changed run or venue, and let joining instructions that waited for it go at once.

    :param fields: those changed (all of a new one, when not given), so that what a colleague did meanwhile stays
    """
    thing.save(update_fields=fields)
    look_again(kinds=["training/joining_instructions"], now=now)

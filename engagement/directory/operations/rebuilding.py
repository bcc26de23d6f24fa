"""Writing everything the public reads anew."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from ..models import Service
from .listings import refresh

A_BATCH = 200


def rebuild(*, services: QuerySet[Service] | None = None, now: datetime) -> int:
    """Bring listings and feed in step with services, all or some of them; says how many.

    For when something they share was changed: the name of a term, the profile of an organisation. A batch is one
    transaction. What is in step already stays as it is, to the byte.
    """
    keys = list((Service.objects if services is None else services).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), A_BATCH):
        with transaction.atomic():
            for service in Service.objects.filter(pk__in=keys[start : start + A_BATCH]):
                refresh(service=service, now=now)
    return len(keys)

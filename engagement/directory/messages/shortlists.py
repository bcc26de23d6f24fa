"""A person's own shortlist, by e-mail. It is read from what is public when it is sent."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from chatr.notifications.kinds import Composed, Kind, Suppress, register

from ..operations.shortlists import MAIL
from ..queries.service_page import ServicePage, in_order


def shortlist(message, now: datetime) -> Composed:
    """Each service with how to reach it; what is no longer listed says so."""
    pages = in_order((UUID(each) for each in message.facts["services"]), timezone.localdate(now))
    if not pages:
        raise Suppress("None of the services is in the directory any more.")
    return Composed(
        context={
            "services": [_service(page) for page in pages],
            "shortlist_url": settings.SITE_URL + reverse("directory:shortlist"),
        }
    )


def _service(page: ServicePage) -> dict:
    service = page.service
    if not page.is_listed:
        return {"name": service.name, "is_listed": False}
    return {
        "name": service.name,
        "is_listed": True,
        "organisation": str(service.organisation),
        "summary": service.summary,
        "ages": page.ages,
        "phone": page.phone,
        "email": service.email,
        "closing": page.closing,
        "verified": page.verified.words,
        "url": settings.SITE_URL + reverse("directory:service", args=[service.slug]),
    }


def register_kinds() -> None:
    """Make it known to the outbox."""
    register(Kind(MAIL, "A person's own shortlist of services", shortlist))

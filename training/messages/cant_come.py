"""The signed link by which a booked person says, without signing in, that they can't come."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from chatr.links import operations as links

from ..models import Booking

PURPOSE = "training.cannot-come"


def new_address(booking: Booking, *, starts_at: datetime) -> str:
    """A new link for this booking, good once, until the run starts."""
    token = links.make(PURPOSE, str(booking.uuid), valid_until=starts_at)
    return f"{settings.SITE_URL}{reverse('training:cant-come', args=[token])}"

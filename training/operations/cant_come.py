"""Giving up a place by the link in a reminder."""

from datetime import datetime

from django.db import transaction

from chatr.links import operations as links
from chatr.links.queries import LinkUnknown

from ..messages.cant_come import PURPOSE
from ..models import Booking
from .bookings import cancel_booking


@transaction.atomic
def give_up_by_link(*, token: str, now: datetime) -> Booking:
    """The person who got the link can't come: end their booking as they would themselves, and use the link up.

    :raises LinkRefused: when it is not ours, its time is over, or it was used before
    :raises CannotChangeBooking: when the booking is over or its run has begun; the link stays unused
    """
    subject = links.use(PURPOSE, token, now=now)
    booking = Booking.objects.select_related("attendee").filter(uuid=subject).first()
    if booking is None:
        raise LinkUnknown
    return cancel_booking(booking=booking, by=booking.attendee, now=now)

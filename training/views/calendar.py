"""A booking as a file for the person's own calendar."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views import View

from .. import calendar, queries
from ..models import Booking


class BookingCalendar(View):
    """Download every date of a booking, to open in any calendar."""

    who_may_see = "The person who holds the place."

    def get(self, request, uuid):
        booking = (
            Booking.objects.visible_to(request.user)
            .confirmed()
            .select_related("run__course", "attendee")
            .filter(uuid=uuid)
            .first()
        )
        if booking is None:
            raise Http404
        content = calendar.file_of(booking, queries.dates_of(booking.run), timezone.now())
        return HttpResponse(
            content,
            content_type="text/calendar; charset=utf-8; method=PUBLISH",
            headers={"Content-Disposition": f'attachment; filename="{booking.run.ref}.ics"'},
        )

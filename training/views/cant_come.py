"""The page behind "I can't come" in a reminder: no account needed, one button, and looking changes nothing."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from chatr.links.operations import LinkUsed
from chatr.links.queries import LinkEnded, LinkRefused, read, used_at

from .. import queries, rules
from ..messages.cant_come import PURPOSE
from ..models import Booking
from ..operations.bookings import CannotChangeBooking
from ..operations.cant_come import give_up_by_link


@method_decorator([login_not_required, never_cache], name="dispatch")
class CantCome(View):
    """Give up a place by the link in the reminder."""

    who_may_see = "Anyone with the link from the reminder."

    def dispatch(self, request, *args, **kwargs):
        self.now = timezone.now()
        try:
            response = super().dispatch(request, *args, **kwargs)
        except LinkRefused as refusal:
            response = self._refuse(has_ended=isinstance(refusal, LinkEnded))
        response["X-Robots-Tag"] = "noindex"
        return response

    def get(self, request, token):
        subject = read(PURPOSE, token, now=self.now)
        booking = Booking.objects.select_related("run__course", "attendee").filter(uuid=subject).first()
        if booking is None:
            return self._refuse()
        dates = queries.dates_of(booking.run)
        page = {"booking": booking, "course": booking.run.course, "dates": dates}
        if not booking.is_live:
            return render(request, "training/cant_come_done.html", page | {"told_at": used_at(token)})
        if dates[0].starts_at <= self.now:
            return self._refuse(has_ended=True)
        deadline = queries.cancel_deadline(booking.run, dates)
        page |= {
            "deadline": deadline,
            "in_good_time": not rules.is_late(deadline, self.now),
            "counts_as_late": booking.is_confirmed and rules.is_late_cancellation(booking, deadline, self.now),
        }
        return render(request, "training/cant_come.html", page)

    def post(self, request, token):
        try:
            give_up_by_link(token=token, now=self.now)
        except (LinkUsed, CannotChangeBooking):
            pass  # the page says what became of the booking
        return redirect(request.path)

    def _refuse(self, *, has_ended: bool = False):
        page = {"has_ended": has_ended, "programme_email": settings.PROGRAMME_EMAIL}
        return render(self.request, "training/cant_come_refused.html", page, status=410 if has_ended else 404)

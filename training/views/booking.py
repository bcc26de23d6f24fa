"""Booking a place: what the person needs on the day, check the answers, done."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from chatr.accounts.queries import membership_for_booking

from .. import rules
from ..forms import BookingForm
from ..operations import bookings as operations
from ..queries import bookings, catalogue
from .next_steps import next_steps

FULL = "This run is full, and so is its waiting list."


@method_decorator([login_not_required, sensitive_post_parameters("access", "dietary")], name="dispatch")
class BookPlace(View):
    """One address for a booking. What is typed travels in the page itself and is kept nowhere until it is sent."""

    who_may_see = "Everybody may look at a run that is no draft; to book it they sign in and say where they work."

    def dispatch(self, request, ref):
        self.now = timezone.now()
        return super().dispatch(request, ref)

    @cached_property
    def row(self):
        row = catalogue.run_by_ref(self.kwargs["ref"], self.now)
        if row is None:
            raise Http404
        return row

    def get(self, request, ref):
        if not self.row.availability.action and not self._mine():
            return self._not_open()
        if not request.user.is_authenticated:
            return self._sign_in_first()
        if mine := self._mine():
            return self._booked_already(mine)
        if membership_for_booking(request.user) is None:
            return self._say_where_you_work()
        return self._ask(BookingForm(), uuid.uuid4())

    def post(self, request, ref):
        if not request.user.is_authenticated:
            return self._sign_in_first(lost_answers=True)
        self.membership = membership_for_booking(request.user)
        if self.membership is None:
            return self._say_where_you_work()
        form, step = BookingForm(request.POST), request.POST.get("step")
        is_valid = form.is_valid()
        key = form.cleaned_data.get("form_key") or uuid.uuid4()
        if step == "confirm" and is_valid:
            return self._book(form)
        if not self.row.availability.action:
            return self._not_open()
        if step == "change":
            return self._ask(BookingForm(initial=request.POST.dict()), key)
        return self._check(form) if is_valid else self._ask(form, key)

    def _book(self, form):
        key = form.cleaned_data["form_key"]
        run = catalogue.bare_run(self.kwargs["ref"])
        if run is None:
            raise Http404
        try:
            booking = operations.book_place(
                run=run,
                attendee=self.request.user,
                membership=self.membership,
                now=self.now,
                needs=form.needs,
                form_key=key,
            )
        except operations.AlreadyBooked as refusal:
            if refusal.booking.form_key != key:
                return self._booked_already(refusal.booking)
            booking = refusal.booking
        except operations.BookedOnAnotherRun as refusal:
            return self._booked_already(refusal.booking)
        except operations.CannotBook as refusal:
            return self._not_open(str(refusal))
        return redirect("training:booking-done", booking.uuid)

    def _mine(self):
        """The person's live booking on this course, if any."""
        if not self.request.user.is_authenticated:
            return None
        if not hasattr(self, "_found"):
            self._found = bookings.live_booking_on_course(self.request.user, self.row.run, self.now)
        return self._found

    # What the page can be

    def _sign_in_first(self, *, lost_answers=False):
        back = urlencode({"next": reverse("training:book-place", args=[self.row.run.ref])})
        return self._page("book_signed_out", back=back, lost_answers=lost_answers)

    def _say_where_you_work(self):
        back = reverse("training:book-place", args=[self.row.run.ref])
        return redirect(f"{reverse('accounts:where-you-work')}?{urlencode({'next': back})}")

    def _ask(self, form, key):
        return self._page("book_place", form=form, form_key=key)

    def _check(self, form):
        catalogue.add_deadlines([self.row])
        return self._page("check_booking", form=form, membership=self.membership, now=self.now)

    def _booked_already(self, booking):
        if booking.run_id == self.row.run.pk:
            messages.info(self.request, "You already have a booking on this run. This is it.")
            return redirect("training:booking", booking.uuid)
        booking = bookings.own_booking(self.request.user, booking.uuid)
        return self._page("book_elsewhere", booking=booking, why_not=bookings.why_not_movable(booking, self.now))

    def _not_open(self, why=""):
        why = why or rules.why_not_open(self.row.run, self.row.dates, self.now) or FULL
        return self._page("book_not_open", why=why, others=catalogue.other_runs_to_book(self.row.run, self.now))

    def _page(self, name: str, **context):
        return render(self.request, f"training/{name}.html", {"row": self.row, "course": self.row.course} | context)


class BookingDone(View):
    """It worked, and what happens next."""

    who_may_see = "The person whose booking it is."

    def get(self, request, uuid):
        booking = bookings.own_booking(request.user, uuid)
        if booking is None:
            raise Http404
        if not booking.is_live:
            return redirect("training:booking", booking.uuid)
        context = {
            "booking": booking,
            "steps": next_steps(booking, timezone.now(), just_booked=True),
            "reasons": bookings.why_it_waits(booking) if booking.is_request else [],
        }
        return render(request, "training/booking_done.html", context)

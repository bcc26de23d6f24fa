"""A person's own bookings: look, change what they need, cancel, move. Somebody else's does not exist here."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from chatr.accounts.permissions import Permission

from .. import queries, rules
from ..forms import MoveForm, NeedsForm
from ..models import Booking, Needs, Status
from ..operations import bookings as operations
from ..queries import bookings, catalogue
from ..words import day
from .next_steps import next_steps

A_PAGE = 25


class ListMyBookings(View):
    """What is to come, what is waited for, what was asked, and what became of the rest."""

    who_may_see = "Anybody signed in: their own bookings."

    def get(self, request):
        now = timezone.now()
        past = Paginator(bookings.past_bookings(request.user, now), A_PAGE).get_page(request.GET.get("page"))
        mine = bookings.current_bookings(request.user, now)
        return render(
            request,
            "training/list_my_bookings.html",
            {
                "upcoming": [_in_words(booking) for booking in mine.upcoming],
                "waiting": [_in_words(booking) for booking in mine.waiting],
                "requests": [_in_words(booking) for booking in mine.requests],
                "past": [_in_words(booking, now) for booking in past],
                "page": past,
                "teaches": request.user.may(Permission.TRAIN),
            },
        )


def _in_words(booking: Booking, now=None) -> dict:
    dates = queries.dates_of(booking.run)
    is_over = now is not None and booking.over_at <= now
    return {
        "booking": booking,
        "dates": dates,
        "where": catalogue.where(booking.run, dates),
        "outcome": outcome(booking, is_over=is_over),
    }


_OUTCOMES = {  # what became of a booking that is over: the run was, or the booking itself
    Status.CONFIRMED: "You had a place",
    Status.WAITLISTED: "No place came free",
    Status.REQUESTED: "It was not decided in time",
    Status.CANCELLED: "You cancelled",
    Status.CANCELLED_LATE: "Cancelled after the deadline",
    Status.WITHDRAWN: "Taken back",
    Status.DECLINED: "Declined",
    Status.MOVED: "Moved to another run",
    Status.RUN_CANCELLED: "The run was cancelled",
}


def outcome(booking: Booking, *, is_over: bool) -> str:
    """What became of a booking, in words."""
    return _OUTCOMES[booking.status] if is_over or not booking.is_live else booking.get_status_display()


class OwnBooking(View):
    """A page about one of the person's own bookings; anybody else's is not found, as if it had never been."""

    who_may_see = "The person whose booking it is."

    def dispatch(self, request, uuid):
        self.now = timezone.now()
        self.booking = bookings.own_booking(request.user, uuid)
        if self.booking is None:
            raise Http404
        return super().dispatch(request, uuid)

    @cached_property
    def dates(self):
        return queries.dates_of(self.booking.run)

    @cached_property
    def deadline(self):
        return queries.cancel_deadline(self.booking.run, self.dates)

    @property
    def can_change(self) -> bool:
        """Whether there is still something to change: the booking is live and its run has not begun."""
        return self.booking.is_live and self.dates[0].starts_at > self.now

    @property
    def is_late(self) -> bool:
        """Whether cancelling now gives up a place after the deadline."""
        return self.booking.is_confirmed and rules.is_late_cancellation(self.booking, self.deadline, self.now)

    def until(self) -> dict:
        """Until when a place can be cancelled, whether that has passed, and whether cancelling now counts as late."""
        return {
            "deadline": self.deadline,
            "is_past": rules.is_late(self.deadline, self.now),
            "is_late": self.is_late,
        }

    def page(self, name: str, **context):
        run = self.booking.run
        common = {"booking": self.booking, "course": run.course, "run": run, "dates": self.dates}
        common["where"] = catalogue.where(run, self.dates)
        return render(self.request, f"training/{name}.html", common | context)

    def back(self):
        return redirect("training:booking", self.booking.uuid)

    def refuse(self, refusal):
        messages.warning(self.request, str(refusal))
        return self.back()


class ShowBooking(OwnBooking):
    """One booking: when, where, what happens next, the joining link when it is time, and what can be changed."""

    def get(self, request, uuid):
        booking, is_over = self.booking, self.booking.over_at < self.now
        context = {
            "outcome": outcome(booking, is_over=is_over),
            "is_over": is_over,
            "can_change": self.can_change,
        }
        if booking.is_live and not is_over:
            context["steps"] = next_steps(booking, self.now)
            context["needs"] = Needs.objects.filter(booking=booking).first()
        if booking.is_confirmed and not is_over:
            context |= self.until()
            context["venues"] = list(dict.fromkeys(each.venue for each in self.dates if each.venue))
            context["link"] = _link_now(booking.run, self.dates, self.now)
        return self.page("show_booking", **context)


def _link_now(run, dates, now) -> str:
    """The joining link while it may be shown, else an empty string."""
    return run.online_link if any(rules.link_is_showing(run_date, now) for run_date in dates) else ""


@method_decorator(sensitive_post_parameters("access", "dietary"), name="dispatch")
class ChangeNeeds(OwnBooking):
    """Say anew what is needed on the day; saying nothing erases it."""

    def get(self, request, uuid):
        if not self.can_change:
            return self.refuse("This booking can no longer be changed here.")
        needs = Needs.objects.filter(booking=self.booking).first()
        return self._ask(NeedsForm(initial={"access": needs.access, "dietary": needs.dietary} if needs else None))

    def post(self, request, uuid):
        form = NeedsForm(request.POST)
        if not form.is_valid():
            return self._ask(form)
        try:
            operations.change_needs(booking=self.booking, needs=form.needs, by=request.user, now=self.now)
        except operations.CannotChangeBooking as refusal:
            return self.refuse(refusal)
        messages.success(request, "Saved." if form.needs else "Erased. Nothing is kept about what you need.")
        return self.back()

    def _ask(self, form):
        return self.page("change_needs", form=form)


class CancelBooking(OwnBooking):
    """Give up a place, a turn on the waiting list or a request; warned first when it is late."""

    def get(self, request, uuid):
        if not self.can_change:
            return self.refuse("This booking can no longer be changed here.")
        return self._ask()

    def post(self, request, uuid):
        if self.can_change and self.is_late and request.POST.get("warned") != "yes":
            return self._ask()  # the deadline passed while the page was open
        try:
            booking = operations.cancel_booking(booking=self.booking, by=request.user, now=self.now)
        except operations.CannotChangeBooking as refusal:
            return self.refuse(refusal)
        what = "Your place has been given up" if booking.status != Status.WITHDRAWN else "It has been taken back"
        messages.success(request, f"{what}. We e-mail you to confirm it.")
        return self.back()

    def _ask(self):
        return self.page("cancel_booking", **(self.until() if self.booking.is_confirmed else {}))


class MoveBooking(OwnBooking):
    """Move to another run of the same course. The place here is only given up once the one there is held."""

    def get(self, request, uuid):
        if why_not := bookings.why_not_movable(self.booking, self.now):
            return self.refuse(why_not)
        return self._ask(MoveForm())

    def post(self, request, uuid):
        form = MoveForm(request.POST)
        if not form.is_valid():
            return self._ask(form)
        to = catalogue.run_by_ref(form.cleaned_data["to"], self.now)
        if to is None:
            form.add_error("to", "Choose one of the dates on the page")
            return self._ask(form)
        try:
            moved = operations.move_booking(booking=self.booking, to_run=to.run, by=request.user, now=self.now)
        except operations.CannotChangeBooking as refusal:
            return self.refuse(refusal)
        messages.success(request, f"Your booking has been moved to {day(to.dates[0].starts_at)}.")
        return redirect("training:booking", moved.uuid)

    def _ask(self, form):
        return self.page("move_booking", form=form, rows=bookings.runs_to_move_to(self.booking, self.now))

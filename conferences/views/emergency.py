"""Emergency reading, and the manager's look at it afterwards."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect

from chatr.accounts.permissions import Permission
from chatr.accounts.views.steps import RecentlyConfirmed

from ..forms.emergency import BreakGlassForm, ReviewReadingForm
from ..operations import emergency as operations
from ..queries import emergency as queries
from .base import AreaView

A_PAGE = 50


class BreakTheGlass(RecentlyConfirmed, AreaView):
    """Open one child's record for sixty minutes, because it cannot wait."""

    who_may_see = "Chairs and managers of a team, who have just shown who they are."

    def enter(self, *args, **kwargs):
        may = self.request.user.may(Permission.CHAIR_CONFERENCES) or self.request.user.may(Permission.MANAGE_CHAIRS)
        if not may or not queries.may_break_glass(self.request.user):
            raise Http404

    def get(self, request):
        return self._show(BreakGlassForm())

    def post(self, request):
        form = BreakGlassForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        given = {name: form.cleaned_data[name] for name in ("la_child_id", "ground", "reason")}
        try:
            reading = operations.break_glass(**given, by=request.user, now=self.now)
        except operations.CannotBreakGlass as refusal:
            form.show_refusal(refusal)
            return self._show(form, action="search")
        self.saw("emergency", conference_id=reading.conference_id)
        return redirect("conferences:conference", reading.conference_id)

    def _show(self, form, **access):
        readings = queries.readings_by(self.request.user)[:A_PAGE]
        return self.page("conferences/emergency.html", {"form": form, "readings": readings}, **access)


class ListReadings(AreaView):
    """The emergency readings a manager has to look at, and those looked at before."""

    who_may_see = "Managers of a chairs' team."

    def enter(self, *args, **kwargs):
        if not self.request.user.may(Permission.MANAGE_CHAIRS):
            raise Http404

    def get(self, request):
        readings = list(queries.readings_managed_by(request.user)[:A_PAGE])
        waiting = [reading for reading in readings if reading.reviewed_at is None]
        done = [reading for reading in readings if reading.reviewed_at]
        return self.page("conferences/emergency_reviews.html", {"waiting": waiting, "done": done})


class ReviewReading(ListReadings):
    """One emergency reading: what the reader said, what they opened, and was it right."""

    who_may_see = "Managers of the team whose record was opened, but for their own reading."

    def enter(self, reading_id, *args, **kwargs):
        super().enter()
        self.reading = get_object_or_404(queries.readings_managed_by(self.request.user), pk=reading_id)

    def get(self, request, reading_id):
        return self._show(ReviewReadingForm())

    def post(self, request, reading_id):
        form = ReviewReadingForm(request.POST)
        if form.is_valid():
            try:
                operations.review_reading(reading=self.reading, **form.cleaned_data, by=request.user, now=self.now)
            except operations.CannotReview as refusal:
                form.show_refusal(refusal)
            else:
                return redirect("conferences:emergency-review")
        return self._show(form)

    def _show(self, form):
        return self.page(
            "conferences/emergency_review.html",
            {"form": form, "reading": self.reading, "opened": queries.opened_in(self.reading)},
            thing=self.reading,
            conference_id=self.reading.conference_id,
        )

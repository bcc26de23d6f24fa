"""What is public the moment it is saved: hours, space, closing for a while, hiding an address."""

from django.contrib import messages
from django.shortcuts import get_object_or_404

from ...forms.live import ClosingForm, HideForm, HoursForm, SpaceForm
from ...models import Availability, Location
from ...operations import live
from ...queries.live import closing_said, hours_said, space_said
from ...queries.mine import area_choices
from ...rules import live as rules
from ...rules.differences import Difference
from ...rules.live import Closing, Session, closing_in_lines, hours_in_lines, in_order, mark, space_in_lines
from .base import ServiceView


class LiveView(ServiceView):
    """A form whose answer is public at once."""

    def get(self, request, **kwargs):
        return self.page(form=self.form())

    def post(self, request, **kwargs):
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form=form)
        try:
            said = self.save(form)
        except live.ChangedMeanwhile:
            return self.show_both(form)
        except live.CannotChange as refusal:
            form.show_refusal(refusal)
            return self.page(form=form)
        messages.success(request, said)
        return self.home()

    def show_both(self, form):
        """What a colleague saved beside what was typed, which stays in the boxes. Saved again, it takes the place."""
        self.find(**self.kwargs)
        theirs, mine = self.said(), self.typed(form)
        form.data = form.data.copy()
        form.data["seen"] = mark(theirs)
        both = Difference("", self.label, self.in_lines(theirs, form), self.in_lines(mine, form))
        return self.page(form=form, both=both, status=409)


class Hours(LiveView):
    """When it is open."""

    template_name = "directory/mine/hours.html"
    label = "Opening hours"

    def form(self, data=None, **kwargs):
        return HoursForm(data, service=self.service, initial={"seen": mark(self.said())}, **kwargs)

    def said(self) -> list[Session]:
        return hours_said(self.service)

    def typed(self, form) -> list[Session]:
        return in_order(form.sessions)

    def in_lines(self, sessions, form) -> tuple[str, ...]:
        return hours_in_lines(sessions, dict(form.places), self.today)

    def post(self, request, **kwargs):
        more = HoursForm.asked_for_more(request.POST)
        if more:
            return self.page(form=self.form(typed=request.POST, one_more=more))
        return super().post(request, **kwargs)

    def save(self, form) -> str:
        seen = form.cleaned_data["seen"]
        live.set_hours(service=self.service, sessions=form.sessions, by=self.request.user, now=self.now, seen=seen)
        return "The opening hours are saved."


class Space(LiveView):
    """Whether it takes people now."""

    template_name = "directory/mine/space.html"
    label = "Space now"

    def form(self, data=None):
        known = self.said()
        initial = vars(known) | {"expires_on": self.today + live.HOLDS_FOR, "seen": mark(known)}
        return SpaceForm(data, initial=initial)

    def said(self) -> rules.Space:
        return space_said(self.service)

    def typed(self, form) -> rules.Space:
        given = form.cleaned_data
        return rules.Space(given["state"], given["waiting_time"], given["expires_on"])

    def in_lines(self, space, form) -> tuple[str, ...]:
        return space_in_lines(space, dict(Availability.State.choices))

    def save(self, form) -> str:
        live.set_space(service=self.service, by=self.request.user, now=self.now, **form.cleaned_data)
        return "Saved, as of today."


class CloseService(LiveView):
    """Close it for a while."""

    template_name = "directory/mine/close.html"
    label = "Closed for a while"

    def form(self, data=None):
        known = self.said()
        initial = vars(known) | {"closed_from": known.closed_from or self.today, "seen": mark(known)}
        return ClosingForm(data, initial=initial)

    def said(self) -> Closing:
        return closing_said(self.service)

    def typed(self, form) -> Closing:
        given = form.cleaned_data
        return Closing(given["closed_from"], given["reopens_on"], given["note"])

    def in_lines(self, closing, form) -> tuple[str, ...]:
        return closing_in_lines(closing, self.today)

    def save(self, form) -> str:
        live.close_service(service=self.service, by=self.request.user, now=self.now, **form.cleaned_data)
        return "The closing is saved."


class ReopenService(ServiceView):
    """Open it again."""

    template_name = "directory/mine/reopen.html"

    def get(self, request, pk):
        return self.page()

    def post(self, request, pk):
        live.reopen_service(service=self.service, by=request.user, now=self.now)
        messages.success(request, "It is open again.")
        return self.home()


class HideAddress(LiveView):
    """Hide the address of one place now."""

    template_name = "directory/mine/hide.html"

    def find(self, pk, location, **kwargs) -> None:
        super().find(pk)
        mine = Location.objects.filter(organisation=self.service.organisation_id, at_services__service=self.service)
        self.location = get_object_or_404(mine.select_related("area"), pk=location)

    def page(self, **more):
        return super().page(**more | {"location": self.location})

    def form(self, data=None):
        return HideForm(data, areas=area_choices(), initial={"area": self.location.area_id or ""})

    def save(self, form) -> str:
        live.hide_address(location=self.location, area=form.cleaned_data["area"], by=self.request.user, now=self.now)
        return "The address is hidden. Pages others have open may still show it until they look again."

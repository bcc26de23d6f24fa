"""What is public the moment it is saved: hours, space, closing for a while, hiding an address."""

from django.contrib import messages
from django.shortcuts import get_object_or_404

from ...forms.live import ClosingForm, HideForm, HoursForm, SpaceForm, today_initial
from ...models import Location
from ...operations import live
from ...queries.mine import area_choices
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
        except live.CannotChange as refusal:
            form.show_refusal(refusal)
            return self.page(form=form)
        messages.success(request, said)
        return self.home()


class Hours(LiveView):
    """When it is open."""

    template_name = "directory/mine/hours.html"

    def form(self, data=None, **kwargs):
        return HoursForm(data, service=self.service, **kwargs)

    def post(self, request, **kwargs):
        more = HoursForm.asked_for_more(request.POST)
        if more:
            return self.page(form=self.form(typed=request.POST, one_more=more))
        return super().post(request, **kwargs)

    def save(self, form) -> str:
        live.set_hours(service=self.service, sessions=form.sessions, by=self.request.user, now=self.now)
        return "The opening hours are saved."


class Space(LiveView):
    """Whether it takes people now."""

    template_name = "directory/mine/space.html"

    def form(self, data=None):
        known = getattr(self.service, "availability", None)
        initial = {
            "state": known.state if known else "",
            "waiting_time": known.waiting_time if known else "",
            "expires_on": self.today + live.HOLDS_FOR,
        }
        return SpaceForm(data, initial=initial)

    def save(self, form) -> str:
        live.set_space(service=self.service, by=self.request.user, now=self.now, **form.cleaned_data)
        return "Saved, as of today."


class CloseService(LiveView):
    """Close it for a while."""

    template_name = "directory/mine/close.html"

    def form(self, data=None):
        return ClosingForm(data, initial=today_initial(self.today, self.service))

    def save(self, form) -> str:
        given = form.cleaned_data
        live.close_service(
            service=self.service,
            closed_from=given["closed_from"],
            reopens_on=given["reopens_on"],
            note=given["closed_note"],
            by=self.request.user,
            now=self.now,
        )
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

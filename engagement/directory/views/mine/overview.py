"""An editor's list of services, one of them, and a new one."""

from django.contrib import messages
from django.shortcuts import redirect

from ...forms.live import AddForm
from ...models import Service
from ...operations.revisions import add_service
from ...operations.sheets import export_services
from ...queries.mine import my_row, my_services, shown_places, working
from ...queries.names import names_of
from ...rules.closing import closing_in_words
from ...rules.differences import differences
from ...rules.opening import opening_hours
from ...sheets.columns import HEADINGS
from ...sheets.plan import exported_services
from .base import EditorView, ServiceView


class Mine(EditorView):
    """The services of every organisation the person edits for."""

    template_name = "directory/mine/list.html"

    def get(self, request):
        return self.page(groups=my_services(request.user, self.today))


class DownloadMine(EditorView):
    """The services of every organisation the person edits for, as a file that staff can read in again."""

    def get(self, request):
        from chatr.spreadsheets.writing import csv_response  # heavy, and seldom needed

        mine = exported_services().filter(pk__in=Service.objects.editable_by(request.user).values("pk"))
        rows = export_services(by=request.user, services=mine)
        return csv_response(f"services-{self.today:%Y-%m-%d}.csv", HEADINGS, rows)


class MyService(ServiceView):
    """One service: what is public, what waits, and what can be done."""

    template_name = "directory/mine/service.html"

    def get(self, request, pk):
        now = working(self.service)
        service = self.service
        return self.page(
            row=my_row(service, self.today),
            working=now,
            changes=differences(now.approved, now.entry, names_of(now.approved, now.entry)) if now.revision else [],
            hours=opening_hours(service.schedules.all(), self.today),
            availability=getattr(service, "availability", None),
            closing=closing_in_words(service.closed_from, service.reopens_on, service.closed_note, self.today),
            places=shown_places(service),
        )


class AddService(EditorView):
    """Begin a new service."""

    template_name = "directory/mine/add.html"

    def get(self, request):
        return self.page(form=AddForm(organisations=self.organisations))

    def post(self, request):
        form = AddForm(request.POST, organisations=self.organisations)
        if not form.is_valid():
            return self.page(form=form)
        service = add_service(
            organisation=form.chosen,
            name=form.cleaned_data["name"],
            description=form.cleaned_data["description"],
            by=request.user,
            now=self.now,
        )
        messages.success(request, f"{service} is begun. Nobody sees it before staff approve it.")
        return redirect("directory:edit-service", pk=service.pk)

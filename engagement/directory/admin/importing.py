"""Importing services: choose a file, see what would happen field by field, then write all of it or nothing."""

from datetime import timedelta

from django import forms
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from chatr.accounts.permissions import Permission
from chatr.files.forms import PrivateFileField
from chatr.files.models import PrivateFile
from chatr.files.operations import read, store
from chatr.files.rules import register_kind
from chatr.spreadsheets.reading import CannotRead, read_table
from chatr.staff.admin import button

from ..operations.sheets import CannotImport, import_services
from ..sheets.columns import COLUMNS, KEYS
from ..sheets.plan import SheetPlan, plan_sheet

KIND = "directory_import"
KEPT_DAYS = 7
FILE = register_kind(
    KIND,
    ["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
    max_bytes=5 * 1024 * 1024,
    may_read=lambda user, file: user.may(Permission.MANAGE_DIRECTORY),
)


class UploadForm(forms.Form):
    """Asks for the file."""

    file = PrivateFileField(KIND, label="File of services")


class ImportsServices:
    """The import pages of the list of services."""

    def get_urls(self):
        ours = [
            path(
                "import/<uuid:file_id>/",
                self.admin_site.admin_view(self.import_preview),
                name="directory_service_import-preview",
            )
        ]
        return ours + super().get_urls()

    @button("Import a file", on_list=True)
    def import_file(self, request):
        """Choose a file. It is kept a few days so that the preview can be looked at again."""
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            upload = form.cleaned_data["file"]
            data = upload.read()
            try:
                read_table(data, upload.name)
            except CannotRead as refusal:
                form.add_error("file", str(refusal))
            else:
                now = timezone.now()
                file = store(
                    kind=KIND,
                    name=upload.name,
                    data=data,
                    by=request.user,
                    now=now,
                    keep_until=timezone.localdate(now) + timedelta(days=KEPT_DAYS),
                )
                return HttpResponseRedirect(reverse("admin:directory_service_import-preview", args=[file.pk]))
        return self._import_page(request, "import.html", "Import services", form=form, columns=COLUMNS)

    def import_preview(self, request, file_id):
        """What importing would do; on POST, do it, if it would still do the same."""
        if not self.may_change(request):
            raise Http404
        file = PrivateFile.objects.filter(pk=file_id, kind=KIND).first()
        if file is None:
            raise Http404
        table = read_table(read(file=file, by=request.user), file.name)
        plan = plan_sheet([(row.number, row.cells) for row in table.rows])
        moved_on = ""
        if request.method == "POST":
            if request.POST.get("fingerprint") == plan.fingerprint:
                return self._import(request, plan)
            moved_on = "Something changed on the portal since you looked. This is what importing would do now."
        return self._import_page(
            request,
            "import_preview.html",
            f"Import {file.name}",
            plan=plan,
            left_out=table.check_columns((), KEYS),
            moved_on=moved_on,
            again=reverse("admin:directory_service_import-file"),
        )

    def _import(self, request, plan: SheetPlan):
        try:
            done = import_services(plan=plan, by=request.user, now=timezone.now())
        except CannotImport as refusal:
            self.message_user(request, f"Nothing was imported. {refusal}", level="error")
            return HttpResponseRedirect(request.path)
        self.message_user(request, f"Imported: {done.new} new, {done.changed} changed.")
        return HttpResponseRedirect(self.list_url())

    def _import_page(self, request, template: str, title: str, **context):
        context |= self.admin_site.each_context(request) | {"opts": self.opts, "title": title, "back": self.list_url()}
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/directory/{template}", context)

"""Importing a programme: choose a file, see what would happen, then write just that."""

from datetime import timedelta

from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from chatr.files.models import PrivateFile
from chatr.files.operations import read, store
from chatr.spreadsheets.reading import CannotRead, read_table
from chatr.staff.admin import button

from ..models import CourseRun
from ..operations import runs
from ..operations.programme import import_programme
from ..programme.plan import ProgrammePlan, plan_programme
from ..programme.rows import COLUMNS, REQUIRED
from .forms import UploadForm

KEPT_DAYS = 7


class ImportsProgramme:
    """The import pages of the list of runs."""

    def get_urls(self):
        ours = [
            path(
                "import/<uuid:file_id>/",
                self.admin_site.admin_view(self.import_preview),
                name="training_courserun_import-preview",
            )
        ]
        return ours + super().get_urls()

    @button("Import a programme", on_list=True)
    def import_file(self, request):
        """Choose a file. It is kept a few days so that the preview can be looked at again."""
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            upload = form.cleaned_data["file"]
            data = upload.read()
            try:
                read_table(data, upload.name).check_columns(REQUIRED, COLUMNS)
            except CannotRead as refusal:
                form.add_error("file", str(refusal))
            else:
                now = timezone.now()
                file = store(
                    kind="programme_import",
                    name=upload.name,
                    data=data,
                    by=request.user,
                    now=now,
                    keep_until=timezone.localdate(now) + timedelta(days=KEPT_DAYS),
                )
                return HttpResponseRedirect(reverse("admin:training_courserun_import-preview", args=[file.pk]))
        return self._page(request, "import.html", "Import a programme", form=form, columns=COLUMNS, required=REQUIRED)

    def import_preview(self, request, file_id):
        """What importing would do; on POST, do it, if it would still do the same."""
        if not self.may_change(request):
            raise Http404
        file = PrivateFile.objects.filter(pk=file_id, kind="programme_import").first()
        if file is None:
            raise Http404
        now = timezone.now()
        table = read_table(read(file=file, by=request.user), file.name)
        left_out = table.check_columns(REQUIRED, COLUMNS)
        plan = plan_programme([(row.number, row.cells) for row in table.rows], now=now)
        if request.method == "POST" and "publish" in request.POST:
            return self._publish(request, plan, file)
        moved_on = ""
        if request.method == "POST":
            if request.POST.get("fingerprint") == plan.fingerprint:
                return self._import(request, plan, file, now)
            moved_on = "Something changed on the portal since you looked. This is what importing would do now."
        drafts = self._drafts(plan)
        return self._page(
            request,
            "import_preview.html",
            f"Import {file.name}",
            plan=plan,
            left_out=left_out,
            moved_on=moved_on,
            drafts=drafts,
            again=reverse("admin:training_courserun_import-file"),
        )

    def _import(self, request, plan: ProgrammePlan, file: PrivateFile, now):
        try:
            done = import_programme(plan=plan, by=request.user, now=now)
        except self.refusals as refusal:
            self.message_user(request, f"Nothing was imported. {refusal}", level="error")
        else:
            self.message_user(
                request,
                f"Imported: {len(done.new_runs)} new runs as drafts, {len(done.changed_runs)} changed.",
            )
        return HttpResponseRedirect(reverse("admin:training_courserun_import-preview", args=[file.pk]))

    def _publish(self, request, plan: ProgrammePlan, file: PrivateFile):
        try:
            published = runs.publish_runs(runs=self._drafts(plan), by=request.user)
        except self.refusals as refusal:
            self.message_user(request, f"Nothing was published. {refusal}", level="error")
        else:
            self.message_user(request, f"{len(published)} runs are published.")
        return HttpResponseRedirect(self.list_url())

    @staticmethod
    def _drafts(plan: ProgrammePlan) -> list[CourseRun]:
        """The file's runs that are on the portal as drafts."""
        return [each.run for each in plan.runs if each.run and each.run.status == CourseRun.Status.DRAFT]

    def _page(self, request, template: str, title: str, **context):
        context |= self.admin_site.each_context(request) | {"opts": self.opts, "title": title, "back": self.list_url()}
        return TemplateResponse(request, f"admin/training/{template}", context)

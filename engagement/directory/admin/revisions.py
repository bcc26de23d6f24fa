"""The review queue: what partners propose, beside what is public; approved, not approved, or changed and approved."""

from django.contrib import admin
from django.db.models import Case, When
from django.utils import timezone

from chatr.accounts.permissions import Permission
from chatr.staff.admin import StaffAdmin, button
from chatr.web.templatetags.portal import short_day

from ..models import Revision
from ..operations.looking_after import CannotLookAfter, approve_as_written
from ..operations.previewing import as_if_approved
from ..operations.revisions import CannotDecide, approve_revision, reject_revision
from ..queries.service_page import service_page
from ..rules.differences import labels, merge
from ..rules.entries import Entry
from ..views.understand import show
from .showing import RejectForm, SeenForm, changes_of, difference_table, public_entry
from .writing import WritesEntries

PUBLIC, BEFORE, PROPOSED = "Public now", "Public before", "Proposed"


class IsWaiting(admin.SimpleListFilter):
    """Those staff have to decide unless somebody asks for others."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [(value, label) for value, label in Revision.State.choices if value != Revision.State.SUBMITTED]

    def choices(self, changelist):
        waiting, *others = super().choices(changelist)
        yield waiting | {"display": Revision.State.SUBMITTED.label}
        yield from others

    def queryset(self, request, queryset):
        return queryset.filter(state=self.value() or Revision.State.SUBMITTED)


def is_waiting(request, revision: Revision) -> bool:
    """Whether staff have to decide it."""
    return revision.state == Revision.State.SUBMITTED


@admin.register(Revision)
class RevisionAdmin(WritesEntries, StaffAdmin):
    """Proposed changes, the oldest first. What is public stays until one is approved."""

    permission = Permission.MANAGE_DIRECTORY
    read_only = True
    refusals = (CannotDecide, CannotLookAfter)
    change_form_template = "admin/directory/with_entry.html"
    list_display = ("service", "organisation", "kind", "sent_by", "sent_on", "state")
    list_filter = (IsWaiting,)
    list_select_related = ("service__organisation", "submitted_by")
    search_fields = ("service__name", "service__organisation__name")
    search_help_text = "By service or organisation."
    fields = ("service", "organisation", "kind", "state", "sent_by", "sent_on", "decided_by", "decided_on", "reason")
    readonly_fields = ("organisation", "kind", "sent_by", "sent_on", "decided_on")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("service__organisation", "submitted_by", "decided_by")

    def get_ordering(self, request):
        return (Case(When(submitted_at=None, then="edited_at"), default="submitted_at"), "pk")

    def get_fields(self, request, obj=None):
        decided = ("decided_by", "decided_on", "reason")
        hidden = () if obj and obj.decided_at else decided
        return [name for name in self.fields if name not in hidden and not (name == "reason" and not obj.reason)]

    @admin.display(description="organisation", ordering="service__organisation__name")
    def organisation(self, revision):
        return revision.service.organisation

    @admin.display(description="kind")
    def kind(self, revision):
        return "A change" if revision.base else "A first entry"

    @admin.display(description="sent by", ordering="submitted_by__name")
    def sent_by(self, revision):
        return revision.submitted_by or "–"

    @admin.display(description="sent on", ordering="submitted_at")
    def sent_on(self, revision):
        return short_day(revision.submitted_at) if revision.submitted_at else "–"

    @admin.display(description="decided on")
    def decided_on(self, revision):
        return short_day(revision.decided_at)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        revision = self.get_object(request, object_id)
        shown = {}
        if revision is not None and self.has_view_permission(request, revision):
            before = BEFORE if revision.decided_at else PUBLIC
            shown = {
                "entry_table": difference_table(changes_of(revision), before, PROPOSED),
                "warning": self._moved_on(revision),
            }
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    @staticmethod
    def _moved_on(revision: Revision) -> str:
        """What both sides changed since the proposal was begun: approving it as it stands is refused."""
        public = public_entry(revision)
        if revision.decided_at or public is None or not revision.base:
            return ""
        both = merge(Entry.from_json(revision.base), Entry.from_json(revision.entry), public).both
        return f"What is public changed meanwhile in the same place: {labels(both)}." if both else ""

    @button("Preview the public page", when=is_waiting)
    def preview(self, request, revision):
        """The page as the public would read it. Nothing is saved, and nobody else sees it."""
        now = timezone.now()
        with as_if_approved(revision=revision, now=now) as service:
            page = service_page(service.slug, user=None, today=timezone.localdate(now))
            return show(request, page, is_preview=True)

    @button("Approve", when=is_waiting)
    def approve(self, request, revision):
        """Make it public as it stands."""
        return self.ask_first(
            request,
            title=f"Approve this {'change to' if revision.base else 'first entry of'} {revision.service}?",
            button="Approve",
            form_class=SeenForm,
            initial={"edit": revision.edit},
            act=lambda edit: (
                approve_revision(revision=revision, by=request.user, now=timezone.now(), edit=edit) and None
            ),
            done=f"{revision.service} is public as proposed. Its editors are told.",
            explanation="It is public at once, and the editors of the organisation are told by e-mail.",
            preview=self._in_lines(revision),
            preview_title="What changes",
        )

    @button("Change it, then approve", when=is_waiting)
    def change_and_approve(self, request, revision):
        """Rewrite what is proposed and approve that. The editors read that it was changed."""
        return self.write_entry_page(
            request,
            service=revision.service,
            entry=Entry.from_json(revision.entry),
            seen=revision.edit,
            save=lambda entry, hidden, seen: approve_as_written(
                revision=revision, entry=entry, hidden=hidden, edit=seen, by=request.user, now=timezone.now()
            ),
            title=f"Change and approve: {revision.service}",
            button="Approve as written here",
            done=f"{revision.service} is public as you wrote it. Its editors are told.",
            back=self.change_url(revision),
        )

    @button("Do not approve", when=is_waiting)
    def reject(self, request, revision):
        """Say why not. What is public stays."""
        return self.ask_first(
            request,
            title=f"Do not approve this for {revision.service}?",
            button="Do not approve",
            form_class=RejectForm,
            initial={"edit": revision.edit},
            act=lambda edit, reason: (
                reject_revision(revision=revision, reason=reason, by=request.user, now=timezone.now(), edit=edit)
                and None
            ),
            done="The editors are told why.",
            explanation="What is public stays. The editors are told why by e-mail and may send another change.",
        )

    @staticmethod
    def _in_lines(revision: Revision) -> list[str]:
        return [
            f"{change.label}: {'; '.join(change.before) or 'not stated'} → {'; '.join(change.after) or 'not stated'}"
            for change in changes_of(revision)
        ]

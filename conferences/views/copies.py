"""Copies: who gets which, prepared, looked at, agreed, given out, taken back; and read by those they were given to."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.safestring import SafeString

from chatr.accounts.views.steps import RecentlyConfirmed
from chatr.workdays.clock import LONDON
from chatr.workdays.queries import bank_holidays

from ..forms.copies import IssueForm, PrepareForm, WithdrawForm
from ..models import Clock, ClockKind, Copy, CopyKind, CopyMethod
from ..operations import copies as operations
from ..operations.copies import CannotIssue, CannotPrepare
from ..paper import wording
from ..queries import clearing as reading
from ..queries import copies as queries
from ..rules import access as rules
from ..rules import copies as copy_rules
from ..rules.timescales import due_in_words, holidays_around
from .base import AreaView, ConferenceView
from .clearing import ReaderView


class CopyAsFile:
    """Answers with the stored PDF, byte for byte, under a name that is the same for everybody."""

    def file(self, **access) -> HttpResponse:
        return self.pdf(operations.pdf_of(self.copy), wording.filename(self.copy.kind), to_keep=False, **access)


class Copies(ConferenceView):
    """Who may read what, and who got which copy, how and when."""

    who_may_see = "Chair, cover, minute-taker and the team's manager."
    may = staticmethod(rules.can_prepare_copies)

    def get(self, request, conference_id):
        return self.page(
            "conferences/copies/copies.html",
            {
                "readings": reading.readings_of(self.conference),
                "copies": queries.copies_of(self.conference),
                "to_replace": queries.copies_to_replace(self.conference),
                "withholdings": reading.withholdings_of(self.conference),
                "is_signed": rules.is_signed(self.conference),
                "prepares": copy_rules.can_prepare_a_copy(self.access),
                "due": self._due(),
            },
        )

    def _due(self) -> list[str]:
        """When the decision letter and the record are due, in words; nothing once they are out."""
        kinds = (ClockKind.DECISION_LETTER, ClockKind.RECORD)
        running = list(
            Clock.objects.filter(conference=self.conference, kind__in=kinds, met_on=None, not_needed=False).order_by(
                "due_on"
            )
        )
        if not running:
            return []
        today = self.now.astimezone(LONDON).date()
        days = [clock.due_on for clock in running]
        holidays = bank_holidays(*holidays_around(today, min(days), max(days)))
        return [f"{clock.get_kind_display()}: {due_in_words(clock.due_on, today, holidays)}" for clock in running]


class PrepareCopy(ReaderView):
    """Make one person's copy, or make it again."""

    who_may_see = "Chair, cover and minute-taker."
    may = staticmethod(copy_rules.can_prepare_a_copy)

    def get(self, request, **kwargs):
        kinds = copy_rules.kinds_for(self.person)
        kind = request.GET.get("kind", "")
        before = queries.last_copy(self.person, kind) if kind in kinds else None
        initial = {"kind": kind if kind in kinds else kinds[0]}
        if before is not None:
            initial |= {"talked_about": before.content.talked_about, "personal": before.content.personal}
        return self._show(PrepareForm(kinds=kinds, initial=initial))

    def post(self, request, **kwargs):
        form = PrepareForm(request.POST, kinds=copy_rules.kinds_for(self.person))
        if form.is_valid():
            try:
                copy = operations.prepare_copy(
                    recipient=self.person,
                    replaces=queries.given_out(self.person, form.cleaned_data["kind"]),
                    by=request.user,
                    now=self.now,
                    **form.cleaned_data,
                )
            except CannotPrepare as refusal:
                form.show_refusal(refusal)
            else:
                return redirect("conferences:preview-copy", self.conference.pk, copy.pk)
        return self._show(form)

    def _show(self, form):
        context = {"form": form, "person": self.person, "is_signed": rules.is_signed(self.conference)}
        return self.page("conferences/copies/prepare_copy.html", context, thing=self.person)


class CopyView(ConferenceView):
    """A page about one copy made from the record."""

    who_may_see = "Chair, cover, minute-taker and the team's manager."
    may = staticmethod(rules.can_prepare_copies)

    def enter(self, conference_id, copy_id):
        super().enter(conference_id)
        self.copy = get_object_or_404(
            Copy.objects.select_related(
                "recipient__user",
                "recipient__conference__team",
                "recipient__conference__chair",
                "content",
                "prepared_by",
                "seconded_by",
                "issued_by",
            ),
            pk=copy_id,
            conference=self.conference,
        )
        self.copy.conference = self.conference
        return self.also_ask()

    def also_ask(self) -> HttpResponse | None:
        """What else must hold before the page; an answer ends the request."""

    def show(self, template: str, action: str = "view", **context) -> HttpResponse:
        """Answer with one of the pages about this copy."""
        decides = copy_rules.can_give_out(self.access, self.copy.kind)
        context = {"copy": self.copy, "person": self.copy.recipient, "decides": decides} | context
        return self.page(f"conferences/copies/{template}.html", context, action=action, thing=self.copy)


class ShowCopy(CopyView):
    """Where one copy stands, and what it still lacks."""

    def get(self, request, **kwargs):
        lacks = [] if self.copy.issued_at else operations.what_it_lacks(self.copy)
        prepares = copy_rules.can_prepare_a_copy(self.access)
        return self.show("copy", lacks=lacks, prepares=prepares, again=self._again())

    def _again(self) -> str:
        """Where a copy of this kind is prepared."""
        if self.copy.kind == CopyKind.INVITATION:
            return reverse("conferences:invitations", args=[self.conference.pk])
        address = reverse("conferences:prepare-copy", args=[self.conference.pk, self.copy.recipient_id])
        return f"{address}?kind={self.copy.kind}"


class PreviewCopy(CopyView):
    """The copy exactly as its reader will see it, from the stored bytes. The chair must have looked before it goes."""

    def get(self, request, **kwargs):
        operations.mark_previewed(copy=self.copy, by=request.user, now=self.now)
        return self._show()

    def post(self, request, **kwargs):
        if not rules.can_second(self.access):
            raise Http404
        try:
            operations.second_copy(copy=self.copy, by=request.user, now=self.now)
        except CannotIssue as refusal:
            return self._show(str(refusal))
        return redirect("conferences:copy", self.conference.pk, self.copy.pk)

    def _show(self, refusal: str = ""):
        copy = self.copy
        waits = copy.needs_second_person and copy.seconded_by_id is None and copy.issued_at is None
        return self.show(
            "preview_copy",
            action="preview",
            document=SafeString(copy.content.html),
            warnings=[] if copy.issued_at else operations.warnings_of(copy),
            may_second=waits and rules.can_second(self.access) and copy.prepared_by_id != self.request.user.pk,
            refusal=refusal,
        )


class CopyFile(CopyAsFile, CopyView):
    """The PDF of a copy, to look at or to print."""

    def get(self, request, **kwargs):
        return self.file(action="download" if self.copy.issued_at else "preview", thing=self.copy)


class IssueCopy(RecentlyConfirmed, CopyView):
    """Give a copy out: by the chair, who has just shown who they are."""

    who_may_see = "Chair and cover, for an invitation also the minute-taker, who have just shown who they are."

    def also_ask(self):
        if not copy_rules.can_give_out(self.access, self.copy.kind):
            raise Http404
        if self.copy.issued_at:
            return redirect("conferences:copy", self.conference.pk, self.copy.pk)
        return None

    def get(self, request, **kwargs):
        return self._show(self._form())

    def post(self, request, **kwargs):
        form = self._form(request.POST)
        if form.is_valid():
            try:
                operations.issue_copy(copy=self.copy, by=request.user, now=self.now, **form.cleaned_data)
            except CannotIssue as refusal:
                form.show_refusal(refusal)
            else:
                return redirect("conferences:copy", self.conference.pk, self.copy.pk)
        return self._show(form)

    def _form(self, *args) -> IssueForm:
        person = self.copy.recipient
        return IssueForm(
            *args,
            by_email=copy_rules.may_be_told_by_email(person, queries.contact_of(person)),
            initial={"method": CopyMethod.BY_HAND},
        )

    def _show(self, form):
        return self.show("issue_copy", form=form, lacks=operations.what_it_lacks(self.copy))


class WithdrawCopy(CopyView):
    """Take a copy back, and say why."""

    who_may_see = "Chair and cover."
    may = staticmethod(rules.can_decide)

    def also_ask(self):
        if not self.copy.issued_at or self.copy.withdrawn_at:
            return redirect("conferences:copy", self.conference.pk, self.copy.pk)
        return None

    def get(self, request, **kwargs):
        return self.show("withdraw_copy", form=WithdrawForm())

    def post(self, request, **kwargs):
        form = WithdrawForm(request.POST)
        if form.is_valid():
            try:
                operations.withdraw_copy(copy=self.copy, by=request.user, now=self.now, **form.cleaned_data)
            except CannotIssue as refusal:
                form.show_refusal(refusal)
            else:
                return redirect("conferences:copy", self.conference.pk, self.copy.pk)
        return self.show("withdraw_copy", form=form)


# For those who were given one


class MyCopies(AreaView):
    """What a professional was given to read here."""

    who_may_see = "People with a role in conferences, signed in with a second factor: their own copies alone."

    def get(self, request):
        return self.page("conferences/copies/my_copies.html", {"copies": queries.my_copies(request.user)})


class GivenCopyView(AreaView):
    """One copy, for the person it was given to and nobody else. Taken back, it is not there."""

    who_may_see = "The person the copy was given to, while it is not taken back."

    def enter(self, copy_id):
        self.copy = queries.copy_to_read(self.request.user, copy_id)
        if self.copy is None:
            raise Http404

    def read(self) -> dict:
        """What the access log is told."""
        return {"action": "copy", "thing": self.copy, "conference_id": self.copy.conference_id}


class ReadCopy(GivenCopyView):
    """The stored bytes, on a page."""

    def get(self, request, copy_id):
        context = {"copy": self.copy, "document": SafeString(self.copy.content.html)}
        return self.page("conferences/copies/read_copy.html", context, **self.read())


class ReadCopyFile(CopyAsFile, GivenCopyView):
    """The stored bytes, as a PDF."""

    def get(self, request, copy_id):
        return self.file(**self.read())

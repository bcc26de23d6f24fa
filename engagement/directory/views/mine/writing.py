"""Writing a change: its parts, one part, a conflict with a colleague, the check before it is sent."""

import json

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property

from ...forms.entries import SECTIONS
from ...operations.revisions import (
    CannotSave,
    CannotSend,
    EditConflict,
    save_revision,
    submit_revision,
    take_back_revision,
    withdraw_revision,
)
from ...queries.mine import choices_for, working
from ...queries.names import names_of
from ...rules.differences import BY_FIELD, differences, everything, mark, same, sort_out, take
from .base import ServiceView


class EditService(ServiceView):
    """The parts of an entry, with what they say now."""

    template_name = "directory/mine/edit.html"

    def get(self, request, pk):
        now = working(self.service)
        said = {each.field: each.after for each in everything(now.entry, names_of(now.entry))}
        parts = [
            {
                "slug": slug,
                "title": form.title,
                "stated": sum(bool(said[part]) for part in form.parts),
                "of": len(form.parts),
                "changed": now.revision and not all(same(part, now.approved, now.entry) for part in form.parts),
            }
            for slug, form in SECTIONS.items()
        ]
        return self.page(working=now, parts=parts)


class EditSection(ServiceView):
    """One part of an entry. Saved while a colleague saved the same part, it shows both texts."""

    template_name = "directory/mine/section.html"

    def find(self, pk, section, **kwargs) -> None:
        super().find(pk)
        if section not in SECTIONS:
            raise Http404
        self.form_class = SECTIONS[section]

    @cached_property
    def now_there(self):
        """What the entry says now, a colleague's saving included."""
        return working(self.service)

    def form(self, *args, **kwargs):
        entry = self.now_there.entry
        return self.form_class(*args, entry=entry, choices=choices_for(self.service, entry), **kwargs)

    def get(self, request, pk, section):
        return self.show(self.form())

    def post(self, request, pk, section):
        data = request.POST
        more = self.form_class.asked_for_more(data)
        if more or "keep-writing" in data:
            return self.show(self.form(typed=data, one_more=more), seen=None if "keep-writing" in data else self.seen)
        form = self.form(data)
        if not form.is_valid():
            return self.show(form, seen=self.seen)
        try:
            return self.save(form)
        except EditConflict:  # somebody saved in this very moment
            del self.now_there
            return self.show_both(form)
        except CannotSave as refusal:
            form.show_refusal(refusal)
            return self.show(form, seen=self.seen)

    def save(self, form):
        theirs, seen = self.now_there.entry, self.seen
        mine = theirs.but(**form.changes())
        asked = [part for part in form.parts if self.request.POST.get(f"take-{part}") == "theirs"]
        merged = sort_out(take(mine, theirs, asked), theirs, lambda part, entry: seen.get(part) == mark(part, entry))
        if merged.both:
            return self.show_both(form)
        places_are_mine = same("places", merged.entry, mine)
        save_revision(
            service=self.service,
            entry=merged.entry,
            edit=self.now_there.edit,
            version=self.service.version,
            hidden=form.hidden if places_are_mine else {},
            by=self.request.user,
            now=self.now,
        )
        for each in form.notes:
            messages.warning(self.request, each)
        taken = [*merged.theirs, *asked]
        also = " A colleague changed this part too: both are kept." if taken else ""
        messages.success(self.request, f"Saved: {form.title}. Nothing is public yet.{also}")
        slugs = list(SECTIONS)
        after = slugs.index(form.slug) + 1
        if "back" in self.request.POST or after == len(slugs):
            return redirect("directory:edit-service", pk=self.service.pk)
        return redirect("directory:edit-section", pk=self.service.pk, section=slugs[after])

    def show(self, form, seen: dict | None = None):
        marks = seen if seen is not None else {part: mark(part, self.now_there.entry) for part in form.parts}
        return self.page(form=form, section=form, working=self.now_there, seen=json.dumps(marks))

    def show_both(self, form):
        """Both texts beside each other; everything typed goes on with the page."""
        theirs = self.now_there.entry
        mine = theirs.but(**form.changes())
        marks = {part: mark(part, theirs) for part in form.parts}
        seen = self.seen
        merged = sort_out(mine, theirs, lambda part, entry: seen.get(part) == mark(part, entry))
        self.template_name = "directory/mine/conflict.html"
        found = {each.field: each for each in differences(theirs, mine, names_of(theirs, mine))}
        left_out = ("csrfmiddlewaretoken", "seen", "submit", "back", *(f"take-{part}" for part in form.parts))
        typed = [
            (name, value) for name, values in self.request.POST.lists() for value in values if name not in left_out
        ]
        return self.page(
            section=form,
            working=self.now_there,
            both=[found[part] for part in merged.both if part in found],
            theirs=merged.theirs,
            typed=typed,
            seen=json.dumps(marks),
            status=409,
        )

    @cached_property
    def seen(self) -> dict[str, str]:
        """What each part said when the page was opened, by its mark."""
        try:
            marks = json.loads(self.request.POST.get("seen", ""))
        except ValueError:
            marks = None
        known = marks if isinstance(marks, dict) else {}
        return {part: str(known.get(part, "")) for part in BY_FIELD}


class CheckService(ServiceView):
    """What changes, in two columns, before it is sent to staff."""

    template_name = "directory/mine/check.html"

    def get(self, request, pk):
        return self.show()

    def post(self, request, pk):
        revision = working(self.service).revision
        seen = request.POST.get("edit", "")
        if revision is None or not seen.isdecimal():
            return self.home()
        try:
            submit_revision(revision=revision, by=request.user, now=self.now, edit=int(seen[:9]))
        except CannotSend as refusal:
            return self.show(str(refusal))
        messages.success(request, "Sent to programme staff. We e-mail you when they have decided.")
        return self.home()

    def show(self, refusal: str = ""):
        now = working(self.service)
        names = names_of(now.approved, now.entry)
        return self.page(
            working=now,
            changes=differences(now.approved, now.entry, names),
            not_stated=[each.label for each in everything(now.entry, names) if not each.after],
            refusal=refusal,
        )


class TakeBack(ServiceView):
    """Take what was sent back from staff."""

    template_name = "directory/mine/take_back.html"

    def get(self, request, pk):
        return self.page(working=working(self.service))

    def post(self, request, pk):
        revision = working(self.service).revision
        try:
            if revision is not None:
                take_back_revision(revision=revision, by=request.user, now=self.now)
        except CannotSend as refusal:
            messages.warning(request, str(refusal))
            return self.home()
        return redirect("directory:edit-service", pk=self.service.pk)


class ThrowAway(ServiceView):
    """Throw a change away."""

    template_name = "directory/mine/throw_away.html"

    def get(self, request, pk):
        return self.page(working=working(self.service))

    def post(self, request, pk):
        revision = working(self.service).revision
        try:
            if revision is not None:
                stays = withdraw_revision(revision=revision, by=request.user, now=self.now)
                if stays is None:
                    messages.success(request, f"{self.service} is thrown away.")
                    return redirect("directory:mine")
                messages.success(request, "The change is thrown away.")
        except CannotSend as refusal:
            messages.warning(request, str(refusal))
        return self.home()

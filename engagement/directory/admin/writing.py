"""Staff write an entry: the boxes editors have, all on one page, saved by one press."""

from collections.abc import Callable

from crispy_forms_gds.layout import Layout
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from ..forms.entries import SECTIONS, SectionForm
from ..models import Service
from ..queries.mine import choices_for
from ..rules.entries import Entry


class WritesEntries:
    """The part of a StaffAdmin with a page on which an entry is written."""

    def write_entry_page(
        self,
        request: HttpRequest,
        *,
        service: Service,
        entry: Entry,
        seen: int,
        save: Callable[[Entry, dict, int], None],
        title: str,
        button: str,
        done: str,
        back: str,
    ) -> HttpResponse:
        """Show the entry in boxes; when pressed, call ``save(entry, hidden addresses, seen)``.

        One of ``refusals`` is shown as it stands, with everything typed kept.

        :param seen: which saving or version the page was opened with; posted back, so that a stale page is noticed
        """
        choices, refusal = choices_for(service, entry), ""
        if request.method == "POST":
            forms, more = self._typed(request, entry, choices)
            posted = request.POST.get("seen", "")
            seen = int(posted[:9]) if posted.isdecimal() else -1
            wrong = [] if more else [form for form in forms if not form.is_valid()]
            if not more and not wrong:
                written, hidden = entry, {}
                for form in forms:
                    written = written.but(**form.changes())
                    hidden |= form.hidden
                try:
                    save(written, hidden, seen)
                except self.refusals as refused:
                    refusal = str(refused)
                else:
                    for note in (note for form in forms for note in form.notes):
                        messages.warning(request, note)
                    messages.success(request, done)
                    return HttpResponseRedirect(back)
        else:
            forms = [form(entry=entry, choices=choices, spare=False) for form in SECTIONS.values()]
        context = self.admin_site.each_context(request) | {
            "sections": [(form, _boxes_alone(form)) for form in forms],
            "has_problems": refusal or any(form.is_bound and form.errors for form in forms),
            "refusal": refusal,
            "service": service,
            "title": title,
            "button": button,
            "back": back,
            "seen": seen,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/directory/write.html", context)

    @staticmethod
    def _typed(request, entry: Entry, choices) -> tuple[list[SectionForm], bool]:
        """The forms with what was typed, and whether somebody asked for another line rather than to save."""
        asked = {form: form.asked_for_more(request.POST) for form in SECTIONS.values()}
        more = any(asked.values())
        if more:
            typed = [
                form(entry=entry, choices=choices, typed=request.POST, one_more=line) for form, line in asked.items()
            ]
        else:
            typed = [form(request.POST, entry=entry, choices=choices) for form in asked]
        return typed, more


def _boxes_alone(form: SectionForm):
    """How crispy-forms shows a part, without buttons and a token of its own: the page has them once."""
    helper = form.helper
    helper.layout = Layout(*form.layout())
    helper.disable_csrf = True
    return helper

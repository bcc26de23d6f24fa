"""Handing out links to say how it was; and the pages behind them, for people without an account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from chatr.help_contacts.models import HelpContact

from .. import questions
from ..forms.listening import AnswersForm, CodeForm, MakeLinkForm
from ..models import Cohort
from ..operations import listening as operations
from ..queries import listening as queries
from ..rules import access as access_rules
from ..rules import listening as rules
from .base import ConferenceView


class FeedbackLinks(ConferenceView):
    """Make a link for one person. It is shown once."""

    who_may_see = "The chair, their cover, the minute-taker and the team's manager."
    may = staticmethod(access_rules.can_prepare)

    def get(self, request, conference_id):
        return self._show(MakeLinkForm(people=queries.professionals_with_an_account(self.conference)))

    def post(self, request, conference_id):
        form = MakeLinkForm(request.POST, people=queries.professionals_with_an_account(self.conference))
        if not form.is_valid():
            return self._show(form)
        try:
            link, code = operations.make_link(conference=self.conference, **form.answers, by=request.user, now=self.now)
        except operations.CannotHandOut as refusal:
            form.show_refusal(refusal)
            return self._show(form)
        if form.answers["send_to"] is not None:
            messages.success(request, "The link is on its way by e-mail.")
            return redirect("conferences:feedback-links", conference_id)
        sheet = {"link": link, "code": code, "for_a_child": questions.is_child(link.cohort)}
        return self.page("conferences/listening/sheet.html", sheet, thing=link)

    def _show(self, form):
        context = {
            "form": form,
            "made": [row | {"label": Cohort(row["cohort"]).label} for row in queries.links_made(self.conference)],
            "can_hand_out": rules.can_hand_out(self.conference),
        }
        return self.page("conferences/listening/links.html", context)


@method_decorator([login_not_required, never_cache], name="dispatch")
class ForEverybody(View):
    """A page for people without an account. It keeps nothing in the session and is not found by search engines."""

    who_may_see = "Anyone with a code for saying how it was."

    def dispatch(self, request, *args, **kwargs):
        self.now = timezone.now()
        response = super().dispatch(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    def page(self, template: str, context: dict | None = None, *, status: int = 200):
        """A page with the numbers that help."""
        context = {"contacts": HelpContact.objects.shown()[:4], **(context or {})}
        return render(self.request, f"conferences/listening/{template}", context, status=status)


class TypeCode(ForEverybody):
    """Type the code from the sheet."""

    def get(self, request):
        return self.page("type_code.html", {"form": CodeForm()})

    def post(self, request):
        form = CodeForm(request.POST)
        if form.is_valid():
            return redirect("conferences:give-feedback", form.cleaned_data["code"])
        return self.page("type_code.html", {"form": form})


class GiveFeedback(ForEverybody):
    """Say how it was, once. A code that was used, has ended or never was one leads to the same kind page."""

    def get(self, request, token):
        return self._with_cohort(token, lambda cohort: self._ask(cohort, AnswersForm(cohort)))

    def post(self, request, token):
        return self._with_cohort(token, lambda cohort: self._take(token, cohort))

    def _with_cohort(self, token, answer):
        cohort = queries.cohort_of(token, timezone.localdate(self.now))
        return self._closed() if cohort is None else answer(cohort)

    def _ask(self, cohort, form):
        for_whom = {"for_a_child": questions.is_child(cohort), "is_young": cohort == Cohort.CHILD_UNDER_12}
        of_family = cohort != Cohort.PROFESSIONAL
        return self.page("answer.html", {"form": form, "of_family": of_family, **for_whom})

    def _take(self, token, cohort):
        form = AnswersForm(cohort, self.request.POST)
        if not form.is_valid():
            return self._ask(cohort, form)
        try:
            operations.give_feedback(code=token, answers=form.answers, now=self.now)
        except operations.CannotGiveFeedback:
            return self._closed()
        return redirect("conferences:feedback-thanks")

    def _closed(self):
        return self.page("closed.html", status=404)


class Thanks(ForEverybody):
    """Thank you, and what happens with it."""

    def get(self, request):
        return self.page("thanks.html")

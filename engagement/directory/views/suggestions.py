"""Anybody says what is wrong with an entry; its editors answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from chatr.web.limits import allows

from ..forms.suggestions import AnswerForm, SuggestForm
from ..operations import suggestions as operations
from ..queries import suggestions as queries

EVERYBODY = "Everybody, signed in or not."
EDITORS = "People who may edit the directory entries of the service's organisation."
TIMES, SECONDS = 5, 60 * 60
TOO_MANY = "There were several suggestions from your address within an hour. Please send this one later."
A_PAGE = 20


@method_decorator([login_not_required, never_cache], name="dispatch")
class OfOneService(View):
    """A page about a service anybody can read about."""

    who_may_see = EVERYBODY

    def dispatch(self, request, *args, **kwargs):
        self.now = timezone.now()
        shown = queries.open_to_suggestions(timezone.localdate(self.now))
        self.service = get_object_or_404(shown, slug=kwargs["slug"])
        return super().dispatch(request, *args, **kwargs)

    def page(self, template: str, context: dict, *, status: int = 200):
        """A page that search engines leave out."""
        page = render(self.request, f"directory/suggestions/{template}", context | {"service": self.service})
        page.status_code = status
        page["X-Robots-Tag"] = "noindex"
        return page


class Suggest(OfOneService):
    """Say what is wrong."""

    def get(self, request, slug):
        return self._ask(SuggestForm())

    def post(self, request, slug):
        form = SuggestForm(request.POST)
        if not form.is_valid():
            return self._ask(form)
        if form.is_from_a_robot:
            return redirect("directory:suggestion-sent", slug)
        if not allows(request, "directory.suggestion", times=TIMES, seconds=SECONDS):
            form.add_error(None, TOO_MANY)
            return self._ask(form, status=429)
        try:
            operations.suggest(service=self.service, **form.said, now=self.now)
        except operations.CannotSuggest as refusal:
            form.show_refusal(refusal)
            return self._ask(form)
        return redirect("directory:suggestion-sent", slug)

    def _ask(self, form, *, status: int = 200):
        return self.page("suggest.html", {"form": form, "reader": queries.reader_of(self.service)}, status=status)


class SuggestionSent(OfOneService):
    """Thank you, and who reads it."""

    def get(self, request, slug):
        return self.page("sent.html", {"reader": queries.reader_of(self.service)})


class Suggestions(View):
    """What people suggested about my services."""

    who_may_see = EDITORS + " Others find an empty list."

    def get(self, request):
        page = Paginator(queries.for_editor(request.user), A_PAGE).get_page(request.GET.get("page"))
        return render(request, "directory/suggestions/list.html", {"page": page})


class AnswerSuggestion(View):
    """One suggestion, and its answer."""

    who_may_see = EDITORS

    def dispatch(self, request, *args, **kwargs):
        self.suggestion = get_object_or_404(queries.for_editor(request.user), pk=kwargs["suggestion_id"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, suggestion_id):
        return self._show(AnswerForm())

    def post(self, request, suggestion_id):
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        try:
            operations.answer(
                suggestion=self.suggestion, words=form.cleaned_data["words"], by=request.user, now=timezone.now()
            )
        except operations.CannotAnswer as refusal:
            form.show_refusal(refusal, "words")
            return self._show(form)
        messages.success(request, "Your answer is kept" + (" and on its way." if self.suggestion.reply_to else "."))
        return redirect("directory:suggestions")

    def _show(self, form):
        page = {"suggestion": self.suggestion, "service": self.suggestion.service, "form": form}
        return render(self.request, "directory/suggestions/answer.html", page)

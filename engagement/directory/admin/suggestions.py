"""What anybody says is wrong with an entry, for staff; and who looks after the directory."""

from django import forms
from django.contrib import admin
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, linebreaks
from django.utils.safestring import mark_safe

from chatr.accounts.permissions import Permission
from chatr.staff.admin import StaffAdmin, button
from chatr.staff.desk import Link, Panel, Row, register
from chatr.web.templatetags.portal import short_day

from ..forms.suggestions import LONGEST_ANSWER, Words
from ..models import Suggestion
from ..operations.suggestions import CannotAnswer, answer
from ..queries.verifying import keeper

SHOWN = 8


class AnswerWords(forms.Form):
    """Asks for the answer."""

    words = Words(rows=5, label="Answer", max_length=LONGEST_ANSWER)


class IsAnswered(admin.SimpleListFilter):
    """Those that wait, or those that have their answer."""

    title = "state"
    parameter_name = "answered"

    def lookups(self, request, model_admin):
        return [("no", "Waits for an answer"), ("yes", "Answered")]

    def queryset(self, request, queryset):
        if self.value() in ("yes", "no"):
            return queryset.filter(answered_at__isnull=self.value() == "no")
        return queryset


@admin.register(Suggestion)
class SuggestionAdmin(StaffAdmin):
    """Read what was written and answer it. The address of whoever wrote it is shown to nobody."""

    permission = Permission.MANAGE_DIRECTORY
    read_only = True
    refusals = (CannotAnswer,)
    list_display = ("service", "organisation", "topic", "day", "state")
    list_filter = (IsAnswered, "topic")
    list_select_related = ("service__organisation",)
    search_fields = ("service__name",)
    fields = (
        "service",
        "topic",
        "day",
        "what_they_wrote",
        "wants_an_answer",
        "our_answer",
        "answered_by",
        "answered_at",
    )

    def get_queryset(self, request):
        waiting_first = F("answered_at").desc(nulls_first=True)
        return super().get_queryset(request).order_by(waiting_first, "-made_at", "pk")

    @admin.display(description="organisation")
    def organisation(self, suggestion):
        return suggestion.service.organisation

    @admin.display(description="day")
    def day(self, suggestion):
        return short_day(suggestion.made_at)

    @admin.display(description="state")
    def state(self, suggestion):
        return f"Answered on {short_day(suggestion.answered_at)}" if suggestion.answered_at else "Waits for an answer"

    @admin.display(description="what they wrote")
    def what_they_wrote(self, suggestion):
        return _as_written(suggestion.words)

    @admin.display(description="gets the answer by e-mail", boolean=True)
    def wants_an_answer(self, suggestion):
        return bool(suggestion.reply_to)

    @admin.display(description="answer")
    def our_answer(self, suggestion):
        return _as_written(suggestion.answer)

    @button("Answer", when=lambda request, suggestion: suggestion.answered_at is None)
    def answer(self, request, suggestion):
        """Write the answer."""
        sent = "It is sent to the address they left." if suggestion.reply_to else "They left no e-mail address."
        return self.ask_first(
            request,
            title=f"Answer about {suggestion.service}",
            button="Answer",
            act=lambda words: answer(suggestion=suggestion, words=words, by=request.user, now=timezone.now()) and None,
            done="The answer is kept." if not suggestion.reply_to else "The answer is on its way.",
            form_class=AnswerWords,
            explanation=sent,
            preview=[suggestion.words],
            preview_title="What they wrote",
            back=self.change_url(suggestion),
        )


def _as_written(words: str):
    """Words of people we do not know: escaped, and in their own direction."""
    return format_html('<div dir="auto">{}</div>', mark_safe(linebreaks(words, autoescape=True)))


def waiting(request, now) -> Panel | None:
    """Suggestions nobody has answered, the oldest first; and that nobody looks after the directory."""
    if not request.user.may(Permission.MANAGE_DIRECTORY):
        return None
    found = Suggestion.objects.open().select_related("service")[:SHOWN]
    rows = [
        Row(
            each.service.name,
            reverse("admin:directory_suggestion_change", args=[each.pk]),
            f"{each.get_topic_display()}. {short_day(each.made_at)}",
        )
        for each in found
    ]
    if keeper() is None:
        rows.insert(0, Row("Nobody looks after the directory", reverse("admin:directory_keeper_changelist")))
    everything = Link("All suggestions", reverse("admin:directory_suggestion_changelist"))
    return Panel("Suggestions about services", rows, "Every suggestion has its answer.", everything)


register(waiting, place=32)

"""The staff page of messages: what was sent, what waits and why; send again, or stop."""

from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.text import capfirst

from chatr.accounts.permissions import Permission
from chatr.staff import desk
from chatr.staff.admin import ReasonForm, StaffAdmin, button

from . import kinds, operations, queries
from .models import Message


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("attention", "Needs attention"), ("held", "Held"), *Message.State.choices]

    def queryset(self, request, queryset):
        if self.value() == "attention":
            return queryset.needing_staff()
        if self.value() == "held":
            return queryset.held()
        return queryset.filter(state=self.value()) if self.value() else queryset


class KindFilter(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(kind.code, kind.name) for kind in kinds.all_kinds() if not kind.private]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


def kind_name(message: Message) -> str:
    return kinds.name_of(message.kind)


def can_resend(request, message: Message) -> bool:
    return message.state in (Message.State.FAILED, Message.State.UNCERTAIN, Message.State.SUPPRESSED) or is_held(
        message
    )


def can_stop(request, message: Message) -> bool:
    return message.state in (Message.State.QUEUED, Message.State.FAILED, Message.State.UNCERTAIN)


def is_held(message: Message) -> bool:
    return message.state == Message.State.QUEUED and bool(message.held_reason)


RESEND_EXPLANATION = (
    "Each is checked against its record first and goes only if it still holds. "
    "An uncertain message may have arrived already: ask the person before you send it again."
)


@admin.register(Message)
class MessageAdmin(StaffAdmin):
    permission = Permission.MANAGE_MESSAGES
    read_only = True
    refusals = (operations.CannotResend, operations.CannotStop)
    list_display = ("what", "to_email", "due_at", "how_it_stands", "sent_at")
    list_filter = (StateFilter, KindFilter, ("due_at", admin.DateFieldListFilter))
    date_hierarchy = "due_at"
    search_fields = ("to_email", "recipient__name", "recipient__email")
    search_help_text = "Search by the recipient's name or e-mail address."
    ordering = ("-due_at", "-id")
    actions = ("resend_selected", "stop_selected")
    fieldsets = (
        (None, {"fields": ("what", "to", "about", "how_it_stands", "staff_note")}),
        ("When", {"fields": ("created_at", "due_at", "next_try", "handing_over_at", "sent_at", "attempts")}),
        ("Words", {"fields": ("words",)}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).for_staff().select_related("recipient")

    @admin.display(description="what", ordering="kind")
    def what(self, message):
        return kind_name(message)

    @admin.display(description="to")
    def to(self, message):
        return f"{message.recipient} ({message.to_email})" if message.recipient else message.to_email

    @admin.display(description="about")
    def about(self, message):
        """The record by its name, leading to its page where staff have one."""
        if not message.about_type:
            return "-"
        model = apps.get_model(message.about_type)
        kind, thing = capfirst(model._meta.verbose_name), model.objects.filter(pk=message.about_id).first()
        if thing is None:
            return f"{kind}, which is no longer kept"
        if not self.admin_site.is_registered(model):
            return f"{kind} {thing}"
        page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[thing.pk])
        return format_html('<a href="{}">{} {}</a>', page, kind, thing)

    @admin.display(description="state", ordering="state")
    def how_it_stands(self, message):
        why = message.held_reason or message.stopped_reason or message.last_error
        state = "Held" if is_held(message) else message.get_state_display()
        return f"{state} ({why})" if why else state

    @admin.display(description="next try")
    def next_try(self, message):
        return localize(timezone.localtime(message.next_attempt_at)) if message.state == Message.State.QUEUED else "-"

    @admin.display(description="text")
    def words(self, message):
        """What was sent; for one in the queue, what would be sent now. Live links and codes show as their names."""
        subject, text = message.subject, message.text_body
        if message.state == Message.State.QUEUED:
            try:
                rendered = operations.preview(message, now=timezone.now())
            except (kinds.Hold, kinds.Suppress) as why:
                return f"Nothing would be sent now: {why}"
            except Exception as error:
                return f"It cannot be composed: {type(error).__name__}"
            subject, text = rendered.subject, rendered.text
        if not text:
            return "Not kept."
        return format_html("<p><b>{}</b></p><pre>{}</pre>", subject, text)

    # What staff decide

    @button("Send again", when=can_resend, view_is_enough=True)
    def resend(self, request, message):
        return self.ask_first(
            request,
            title="Send this message again?",
            explanation=RESEND_EXPLANATION,
            form_class=ReasonForm,
            button="Send again",
            act=lambda reason: operations.resend(message, by=request.user, now=timezone.now(), note=reason),
            done="The message is back in the queue.",
            back=self.change_url(message),
        )

    @button("Stop", when=can_stop, danger=True, view_is_enough=True)
    def stop(self, request, message):
        return self.ask_first(
            request,
            title="Stop this message?",
            form_class=ReasonForm,
            button="Stop the message",
            danger=True,
            act=lambda reason: operations.stop(message, by=request.user, note=reason),
            done="The message will not be sent.",
            back=self.change_url(message),
        )

    @admin.action(description="Send again")
    def resend_selected(self, request, queryset):
        def act(reason):
            return _each(
                queryset,
                lambda message: operations.resend(message, by=request.user, now=timezone.now(), note=reason),
                "back in the queue",
            )

        return self.ask_first(
            request,
            title="Send these messages again?",
            explanation=RESEND_EXPLANATION,
            form_class=ReasonForm,
            button="Send again",
            act=act,
            chosen=queryset,
            preview=[f"{kind_name(message)} to {message.to_email}" for message in queryset],
        )

    @admin.action(description="Stop")
    def stop_selected(self, request, queryset):
        def act(reason):
            return _each(queryset, lambda message: operations.stop(message, by=request.user, note=reason), "stopped")

        return self.ask_first(
            request,
            title="Stop these messages?",
            form_class=ReasonForm,
            button="Stop the messages",
            danger=True,
            act=act,
            chosen=queryset,
            preview=[f"{kind_name(message)} to {message.to_email}" for message in queryset],
        )


def _each(queryset, act, done: str) -> str:
    """Do it to each one that allows it; say how many, and what kept the others."""
    count, refusals = 0, []
    for message in queryset:
        try:
            act(message)
            count += 1
        except (operations.CannotResend, operations.CannotStop) as refusal:
            refusals.append(f"{kind_name(message)} to {message.to_email}: {refusal}")
    return " ".join([f"{count} {done}.", *refusals])


# The desk


def messages_panel(request, now) -> desk.Panel | None:
    """Messages the portal will not send by itself."""
    if not request.user.may(Permission.MANAGE_MESSAGES):
        return None
    address = reverse("admin:notifications_message_changelist")
    sentences = {
        "failed": ("could not be sent", "failed"),
        "uncertain": ("may or may not have been sent", "uncertain"),
        "held": ("wait for something you must supply", "held"),
    }
    rows = [
        desk.Row(f"{count} {'message' if count == 1 else 'messages'}", f"{address}?state={state}", note, tag)
        for state, count in queries.counts_needing_staff().items()
        if count
        for note, tag in [sentences[state]]
    ]
    return desk.Panel("Messages", rows, "No message needs you.", desk.Link("All messages", address))


desk.register(messages_panel, place=40)

"""Bookings: who asked for what, and the decisions only staff take."""

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html_join

from chatr.accounts.permissions import Permission
from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message
from chatr.staff.admin import ExportMixin, ReasonForm, StaffAdmin, button, in_words

from ..models import Booking, Needs, Status
from ..operations import bookings
from ..operations.bookings import CannotChangeBooking
from ..queries import desk
from ..words import date_and_time, day
from .forms import MoveForm
from .runs import WhenFilter


def is_live(request, booking: Booking) -> bool:
    return booking.is_live


def is_request(request, booking: Booking) -> bool:
    return booking.is_request


class RunWhenFilter(WhenFilter):
    """Bookings on runs to come, or over."""

    title = "run"

    def queryset(self, request, queryset):
        coming = queryset.filter(run__dates__number=1, run__dates__starts_at__gte=timezone.now())
        if self.value() == "coming":
            return coming
        return queryset.exclude(pk__in=coming.values("pk")) if self.value() == "over" else queryset


@admin.register(Booking)
class BookingAdmin(ExportMixin, StaffAdmin):
    """Every booking. States change only through the buttons, so that people are told and places add up."""

    permission = Permission.MANAGE_TRAINING
    read_only = True
    refusals = (CannotChangeBooking,)
    list_display = ("reference", "attendee", "organisation", "run", "course", "status", "created_at")
    list_filter = ("status", RunWhenFilter, "run__course__level", "organisation__sector")
    search_fields = ("reference", "attendee__name", "attendee__email", "run__ref", "organisation__name")
    search_help_text = "By name, e-mail, organisation, run or booking reference."
    ordering = ("-pk",)
    actions = ("approve_selected",)
    fields = (
        "reference",
        "attendee",
        "e_mail",
        "organisation",
        "run",
        "course",
        "dates",
        "status",
        "place",
        "reason",
        "created_at",
        "decided_at",
        "ended_at",
        "booked_by",
        "moved_to",
        "what_they_need",
        "messages",
        "history",
    )
    export_columns = (
        ("Reference", "reference"),
        ("Name", lambda booking: booking.attendee.name),
        ("E-mail", lambda booking: booking.attendee.email),
        ("Organisation", lambda booking: booking.organisation and booking.organisation.name),
        ("Sector", lambda booking: booking.organisation and booking.organisation.get_sector_display()),
        ("Run", lambda booking: booking.run.ref),
        ("Course", lambda booking: booking.run.course.title),
        ("Status", lambda booking: booking.get_status_display()),
        ("Asked", "created_at"),
    )

    def get_queryset(self, request):
        return desk.bookings_for_staff()

    def get_fields(self, request, obj=None):
        hidden = () if request.user.may(Permission.SEE_NEEDS) else ("what_they_need",)
        return [field for field in self.fields if field not in hidden]

    @admin.display(description="course", ordering="run__course__title")
    def course(self, booking):
        return booking.run.course.title

    @admin.display(description="e-mail")
    def e_mail(self, booking):
        return booking.attendee.email

    @admin.display(description="dates")
    def dates(self, booking):
        lines = [(date_and_time(each.starts_at, each.ends_at),) for each in booking.run.dates.in_order()]
        return format_html_join("", "<div>{}</div>", lines)

    @admin.display(description="access and dietary needs")
    def what_they_need(self, booking):
        needs = Needs.objects.filter(booking=booking).first()
        if needs is None:
            return "Nothing said."
        lines = [(what, said) for what, said in (("Access", needs.access), ("Dietary", needs.dietary)) if said]
        return format_html_join("", "<div>{}: {}</div>", lines)

    @admin.display(description="messages")
    def messages(self, booking):
        sent = Message.objects.about(booking).order_by("due_at", "pk")
        lines = [
            (message.kind.partition("/")[2].replace("_", " "), message.get_state_display(), day(message.due_at))
            for message in sent
        ]
        return format_html_join("", "<div>{}: {}, {}</div>", lines) or "None."

    @admin.display(description="history")
    def history(self, booking):
        events = AuditEvent.objects.about(booking).order_by("pk")
        return format_html_join("", "<div>{}: {}</div>", [(day(event.at), in_words(event)) for event in events]) or "–"

    # Acts

    @admin.action(description="Approve requests", permissions=["act"])
    def approve_selected(self, request, queryset):
        def approve():
            now = timezone.now()
            waiting = [booking for booking in queryset.order_by("pk") if booking.is_request]
            decided = [bookings.approve_request(booking=b, by=request.user, now=now) for b in waiting]
            given = sum(booking.is_confirmed for booking in decided)
            return f"{given} given a place, {len(decided) - given} put on the waiting list."

        chosen = queryset.filter(status=Status.REQUESTED)
        return self.ask_first(
            request,
            title="Approve these requests?",
            explanation="In the order they asked: each gets a free place, else joins the waiting list. All are told.",
            act=approve,
            button="Approve",
            chosen=queryset,
            preview=[f"{booking.attendee}: {booking.run.ref}" for booking in chosen.order_by("pk")],
        )

    @button("Approve", when=is_request)
    def approve(self, request, booking):
        def decide():
            decided = bookings.approve_request(booking=booking, by=request.user, now=timezone.now())
            return f"{decided.attendee}: {decided.get_status_display().lower()}."

        return self.ask_first(
            request,
            title=f"Approve {booking.attendee} for {booking.run.ref}?",
            explanation="They get a place if one is free and nobody waits before them, else they wait for one. "
            "They are told by e-mail.",
            act=decide,
            button="Approve",
            back=self.change_url(booking),
        )

    @button("Decline", when=is_request, danger=True)
    def decline(self, request, booking):
        return self.ask_first(
            request,
            title=f"Decline {booking.attendee} for {booking.run.ref}?",
            explanation="They are told by e-mail, with your reason.",
            form_class=ReasonForm,
            act=lambda reason: (
                bookings.decline_request(booking=booking, reason=reason, by=request.user, now=timezone.now()) and None
            ),
            button="Decline",
            done=f"{booking.attendee} was declined.",
            danger=True,
            back=self.change_url(booking),
        )

    @button("Move to another run", when=is_live)
    def move(self, request, booking):
        class ToOpenRun(MoveForm):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)
                self.fields["to_run"].queryset = desk.open_runs(timezone.now()).exclude(pk=booking.run_id)
                self.fields["to_run"].label_from_instance = lambda run: (
                    f"{run.ref}: {run.course.title}, {day(run.first_starts_at)}"
                )

        def do_move(to_run, reason):
            moved = bookings.move_booking(
                booking=booking, to_run=to_run, by=request.user, now=timezone.now(), reason=reason
            )
            return f"{moved.attendee} has a place on {moved.run.ref}."

        return self.ask_first(
            request,
            title=f"Move {booking.attendee} from {booking.run.ref}",
            explanation="They are told by e-mail and their calendar changes. If that run is full, nothing changes.",
            form_class=ToOpenRun,
            act=do_move,
            button="Move",
            back=self.change_url(booking),
        )

    @button("Cancel", when=is_live, danger=True)
    def cancel(self, request, booking):
        return self.ask_first(
            request,
            title=f"Cancel the booking of {booking.attendee} on {booking.run.ref}?",
            explanation="They are told by e-mail with your reason, and calendars are cleared. It never counts as late.",
            form_class=ReasonForm,
            act=lambda reason: (
                bookings.cancel_booking(booking=booking, by=request.user, now=timezone.now(), reason=reason) and None
            ),
            button="Cancel the booking",
            done="The booking is cancelled.",
            danger=True,
            back=self.change_url(booking),
        )

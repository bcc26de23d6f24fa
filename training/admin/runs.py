"""Runs: what staff see of them, and every act on one run, each with a preview of who is told what."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join

from chatr.accounts.operations.invitations import CannotInvite
from chatr.accounts.operations.roles import CannotChangeRole
from chatr.accounts.permissions import Permission
from chatr.staff.admin import ExportMixin, ReasonForm, StaffAdmin, StaffTabularInline, button
from chatr.web.templatetags.portal import short_day

from ..models import CourseRun, Place
from ..operations import bookings, joining, notes, runs
from ..operations.runs import CannotChangeRun, DatePlan
from ..queries import cancel_deadline, dates_of, desk
from ..words import date_and_time, day
from .desk import free_place_words
from .forms import CopyForm, NoteForm, PersonForm, RunForm, dates_formset, starts_from
from .importing import ImportsProgramme

Status = CourseRun.Status


def is_live(request, run: CourseRun) -> bool:
    return run.status != Status.CANCELLED


def takes_people(request, run: CourseRun) -> bool:
    return run.status in (Status.PUBLISHED, Status.CLOSED)


class WhenFilter(admin.SimpleListFilter):
    """To come or over."""

    title = "when"
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return [("coming", "To come"), ("over", "Over")]

    def queryset(self, request, queryset):
        now = timezone.now()
        if self.value() == "coming":
            return queryset.filter(first_starts_at__gte=now)
        if self.value() == "over":
            return queryset.filter(first_starts_at__lt=now)
        return queryset


class ExtraPlaces(StaffTabularInline):
    """Places added beyond those planned, and why. They are added by a button, with a reason."""

    model = Place
    read_only = True
    deletable = False
    verbose_name_plural = "extra places"
    fields = readonly_fields = ("number", "reason")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(is_extra=True).order_by("number")


@admin.register(CourseRun)
class CourseRunAdmin(ImportsProgramme, ExportMixin, StaffAdmin):
    """The runs of every course."""

    permission = Permission.MANAGE_TRAINING
    refusals = (
        CannotChangeRun,
        bookings.CannotBook,
        bookings.CannotChangeBooking,
        CannotInvite,
        CannotChangeRole,
    )
    form = RunForm
    inlines = (ExtraPlaces,)
    list_display = ("ref", "course", "first_date", "status", "places_words", "waiting_count", "request_count")
    list_filter = ("status", WhenFilter, "mode", "course__level")
    list_select_related = ("course",)
    search_fields = ("ref", "course__title", "course__code")
    search_help_text = "By reference, course title or code."
    autocomplete_fields = ("course",)
    actions = ("publish_selected",)
    readonly_fields = ("status", "dates_and_trainers", "people", "organisations", "cancel_by", "cancel_reason")
    export_columns = (
        ("Reference", "ref"),
        ("Course", lambda run: run.course.title),
        ("First date", lambda run: run.first_starts_at),
        ("Status", lambda run: run.get_status_display()),
        ("Mode", lambda run: run.get_mode_display()),
        ("Places", "places_total"),
        ("Booked", "places_held"),
        ("Waiting", "waiting"),
        ("Requests", "requests"),
    )

    # What is shown

    def get_queryset(self, request):
        # Not super's: it would order by the first date before that is there.
        return CourseRun.objects.with_first_date().with_numbers().select_related("course")

    def get_inlines(self, request, obj):
        return self.inlines if obj and obj.places.filter(is_extra=True).exists() else ()

    def get_ordering(self, request):
        return ("-first_starts_at", "ref")

    def get_fieldsets(self, request, obj=None):
        facts = (None, {"fields": ("ref", "course", "mode", "places", "min_places", "waiting_list_cap")})
        booking = (
            "Booking",
            {"fields": ("opens_date", "closes_date", "cancel_deadline_working_days", "places_per_organisation")},
        )
        online = ("Online", {"fields": ("online_link",)})
        if obj is None:
            return (facts, booking, online)
        why = () if is_live(request, obj) else ("cancel_reason",)
        now = (
            "Now",
            {"fields": ("status", *why, "people", "organisations", "dates_and_trainers", "cancel_by")},
        )
        return (now, facts, booking, online)

    def render_change_form(self, request, context, *args, **kwargs):
        return super().render_change_form(request, context | {"show_save_and_add_another": False}, *args, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        return (*self.readonly_fields, "ref", "course") if obj else self.readonly_fields

    @admin.display(description="first date", ordering="first_starts_at")
    def first_date(self, run):
        return short_day(run.first_starts_at) if run.first_starts_at else "No dates yet"

    @admin.display(description="places", ordering="places_held")
    def places_words(self, run):
        if run.waiting and run.places_held < run.places_total:
            return free_place_words(run)
        return f"{run.places_held} of {run.places_total} held"

    @admin.display(description="waiting", ordering="waiting")
    def waiting_count(self, run):
        return run.waiting

    @admin.display(description="requests", ordering="requests")
    def request_count(self, run):
        return run.requests

    @admin.display(description="people")
    def people(self, run):
        url = reverse("admin:training_booking_changelist") + f"?run__id__exact={run.pk}"
        words = f"{run.places_held} of {run.places_total} places held, {run.waiting} waiting, {run.requests} requests"
        return format_html_join("", '<a href="{}">{}</a>', [(url, words)])

    @admin.display(description="places by organisation")
    def organisations(self, run):
        limit = run.places_per_organisation
        held = desk.places_by_organisation(run)
        if not held:
            return "Nobody has a place yet." + (f" Limit for each: {limit}." if limit else "")
        lines = [(f"{name}: {n}" + (f" of {limit}" if limit else ""),) for name, n in held]
        return format_html_join("", "<div>{}</div>", lines)

    @admin.display(description="dates")
    def dates_and_trainers(self, run):
        dates = run.dates.in_order().select_related("venue").prefetch_related("trainer_assignments__trainer")
        lines = [
            (
                date_and_time(each.starts_at, each.ends_at),
                each.venue or ("online" if run.is_online else "no venue yet"),
                ", ".join(str(a.trainer) for a in each.trainer_assignments.all()) or "no trainer yet",
            )
            for each in dates
        ]
        return format_html_join("", "<div>{} ({}; {})</div>", lines) or "No dates yet. Use “Dates, venue and trainers”."

    @admin.display(description="people can cancel until the end of")
    def cancel_by(self, run):
        dates = dates_of(run)
        return day(cancel_deadline(run, dates)) if dates else "–"

    def save_model(self, request, obj, form, change):
        fields = [name for name in form.changed_data if name != "places"] if change else None
        joining.save_joining_details(thing=obj, fields=fields, now=timezone.now())
        runs.set_places(run=obj, places=form.cleaned_data["places"], by=request.user)

    def response_add(self, request, obj, post_url_continue=None):
        return HttpResponseRedirect(reverse("admin:training_courserun_change-dates", args=[obj.pk]))

    # Acts

    @admin.action(description="Publish", permissions=["act"])
    def publish_selected(self, request, queryset):
        def publish():
            return f"{len(runs.publish_runs(runs=list(queryset), by=request.user))} published."

        return self.ask_first(
            request,
            title="Publish these runs?",
            explanation="Anybody can see them, and book from their opening dates. Nobody is e-mailed.",
            act=publish,
            button="Publish",
            chosen=queryset,
            preview=[f"{run.ref}: {run.course}" for run in queryset],
        )

    @button("Publish", when=lambda request, run: run.status in (Status.DRAFT, Status.CLOSED))
    def publish(self, request, run):
        return self.ask_first(
            request,
            title=f"Publish {run.ref}?",
            explanation="Anybody can see it, and book from its opening date. Nobody is e-mailed.",
            act=lambda: runs.publish_run(run=run, by=request.user) and None,
            button="Publish",
            done=f"{run.ref} is published.",
            back=self.change_url(run),
        )

    @button("Dates, venue and trainers", when=is_live)
    def change_dates(self, request, run):
        """Two steps: the new dates, then what changes and who is told, then it is done."""
        dates = list(run.dates.in_order().select_related("venue").prefetch_related("trainer_assignments__trainer"))
        form_class = dates_formset(extra=1 if dates else 3)
        initial = [self._as_typed(run_date) for run_date in dates]
        lines = form_class(request.POST or None, initial=None if request.POST else initial, prefix="dates")
        context = {"lines": lines, "dates_known": len(dates)}
        if request.method == "POST" and lines.is_valid():
            filled = [form.cleaned_data for form in lines if form.cleaned_data.get("starts_at")]
            plans = [
                DatePlan(
                    starts_at=line["starts_at"],
                    ends_at=line["ends_at"],
                    venue=line["venue"],
                    run_date=dates[index] if index < len(dates) else None,
                )
                for index, line in enumerate(filled)
            ]
            changes = runs.schedule_changes(plans, dates[len(plans) :])
            told = desk.who_is_told(run)
            if "confirmed" in request.POST or not (changes and told):
                try:
                    self._write_dates(request, run, plans, filled)
                except self.refusals as refusal:
                    context["refusal"] = str(refusal)
                else:
                    self.message_user(request, f"The dates of {run.ref} are saved.")
                    return HttpResponseRedirect(self.change_url(run))
            else:
                context |= {"changes": changes, "told": told}
        context |= self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": f"Dates, venue and trainers of {run.ref}",
            "back": self.change_url(run),
            "media": self.media + lines.media,
        }
        return TemplateResponse(request, "admin/training/dates.html", context)

    @staticmethod
    def _as_typed(run_date) -> dict:
        starts, ends = timezone.localtime(run_date.starts_at), timezone.localtime(run_date.ends_at)
        return {
            "day": starts.date(),
            "starts": starts.time(),
            "ends": ends.time(),
            "venue": run_date.venue_id,
            "trainers": ", ".join(each.trainer.email for each in run_date.trainer_assignments.all()),
        }

    @staticmethod
    def _write_dates(request, run, plans, filled) -> None:
        runs.reschedule(
            run=run,
            plans=plans,
            trainer_emails=[line["trainers"] for line in filled],
            by=request.user,
            now=timezone.now(),
        )

    @button("Book a person", when=takes_people)
    def book_person(self, request, run):
        def book(name, email, organisation):
            booking = bookings.book_for(
                run=run, name=name, email=email, organisation=organisation, by=request.user, now=timezone.now()
            )
            return f"{booking.attendee}: {booking.get_status_display().lower()}. They are told by e-mail."

        return self.ask_first(
            request,
            title=f"Book a person on {run.ref}",
            explanation="They are told by e-mail. Somebody without an account is invited.",
            form_class=PersonForm,
            act=book,
            button="Book",
            back=self.change_url(run),
        )

    @button(
        "Give the free place to the first waiting",
        when=lambda request, run: takes_people(request, run) and run.waiting and run.places_held < run.places_total,
    )
    def give_free_place(self, request, run):
        first = run.bookings.waiting_in_order().select_related("attendee", "organisation").first()
        return self.ask_first(
            request,
            title=f"Give the free place on {run.ref} to {first.attendee}?",
            explanation=f"{free_place_words(run)}. {first.attendee} has waited longest, since {day(first.created_at)}.",
            act=lambda: (
                f"{bookings.give_place_to_first(run=run, by=request.user, now=timezone.now()).attendee} has a place."
            ),
            preview=[
                f"{first.attendee} ({first.organisation or 'no organisation'}): told by e-mail that they have a place"
            ],
            preview_title="Who is told",
            button="Give the place",
            back=self.change_url(run),
        )

    @button("Write to everyone booked", when=takes_people)
    def write_to_everyone(self, request, run):
        told = desk.who_is_told(run, waiting_too=False)

        def send(subject, words):
            count = notes.write_to_everyone(run=run, subject=subject, words=words, by=request.user, now=timezone.now())
            return f"Queued for {count} {'person' if count == 1 else 'people'}."

        return self.preview_then_send(request, run, told, send)

    def preview_then_send(self, request, run, told, send):
        """The words are shown as they will be read before anything is queued."""
        form = NoteForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and "confirmed" in request.POST:
            self.message_user(request, send(**form.cleaned_data))
            return HttpResponseRedirect(self.change_url(run))
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": f"Write to everyone booked on {run.ref}",
            "form": form,
            "told": told,
            "previewing": request.method == "POST" and form.is_valid() and "change" not in request.POST,
            "back": self.change_url(run),
        }
        return TemplateResponse(request, "admin/training/note.html", context)

    @button("Add an extra place", when=is_live)
    def add_extra_place(self, request, run):
        return self.ask_first(
            request,
            title=f"Add an extra place to {run.ref}?",
            explanation="One seat more than planned. If people wait, give it to the first of them afterwards.",
            form_class=ReasonForm,
            act=lambda reason: runs.add_extra_place(run=run, reason=reason, by=request.user) and None,
            button="Add the place",
            done=f"{run.ref} has one more place.",
            back=self.change_url(run),
        )

    @button("Copy with new dates")
    def copy(self, request, run):
        def make_copy(ref, first_day, opens_date, closes_date):
            dates = list(run.dates.in_order())
            if not dates:
                raise CannotChangeRun(f"{run.ref} has no dates to copy.")
            try:
                starts = starts_from(dates, first_day)
            except ValidationError as skipped:
                raise CannotChangeRun(skipped.messages[0]) from None
            made = runs.copy_run(
                run=run, ref=ref, starts=starts, opens_date=opens_date, closes_date=closes_date, by=request.user
            )
            return f"{made.ref} is a draft with {len(starts)} {'date' if len(starts) == 1 else 'dates'}."

        return self.ask_first(
            request,
            title=f"Copy {run.ref}",
            explanation="The copy is a draft with the same times, venue, trainers and number of places.",
            form_class=CopyForm,
            act=make_copy,
            button="Copy",
        )

    @button("Close to new bookings", when=lambda request, run: run.status == Status.PUBLISHED)
    def close(self, request, run):
        return self.ask_first(
            request,
            title=f"Close {run.ref} to new bookings?",
            explanation="Nobody new can book or wait. Those who have a booking keep it. Nobody is e-mailed.",
            act=lambda: runs.close_run(run=run, by=request.user) and None,
            button="Close",
            done=f"{run.ref} is closed to new bookings.",
            back=self.change_url(run),
        )

    @button("Cancel this run", when=is_live, danger=True)
    def cancel(self, request, run):
        def do_cancel(reason):
            ended = runs.cancel_run(run=run, reason=reason, by=request.user, now=timezone.now())
            return f"{run.ref} is cancelled. {len(ended)} {'person is' if len(ended) == 1 else 'people are'} told."

        return self.ask_first(
            request,
            title=f"Cancel {run.ref}?",
            explanation="Everybody below is told by e-mail with your reason. It can't be undone.",
            form_class=ReasonForm,
            act=do_cancel,
            preview=desk.who_is_told(run),
            preview_title="Who is told",
            button="Cancel the run",
            danger=True,
            back=self.change_url(run),
        )

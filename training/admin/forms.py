"""Forms of the staff pages of training. They say whether the input is well formed; operations decide the rest."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTimeWidget
from django.core.validators import validate_email
from django.forms import formset_factory

from chatr.accounts.models import Organisation
from chatr.accounts.permissions import Permission
from chatr.files.forms import PrivateFileField
from chatr.files.rules import register_kind
from chatr.workdays.clock import LONDON, NoSuchTime, local

from ..models import CourseRun, Venue
from ..models.runs import REF
from ..rules import local_day

PROGRAMME_FILE = register_kind(
    "programme_import",
    ["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
    max_bytes=5 * 1024 * 1024,
    may_read=lambda user, file: user.may(Permission.MANAGE_TRAINING),
)


def london_moment(day: date, at: time) -> datetime:
    """The moment a clock in London shows this time.

    :raises ValidationError: for a time the clocks jump over
    """
    try:
        return local(day, at)
    except NoSuchTime as skipped:
        raise forms.ValidationError(str(skipped)) from None


class RunForm(forms.ModelForm):
    """A run's own facts. Its dates have a page of their own, because people are told when they change."""

    places = forms.IntegerField(
        min_value=1, max_value=5000, help_text="Planned seats. It can't go below the number of people holding one."
    )

    online_link = forms.URLField(
        label="Joining link",
        required=False,
        assume_scheme="https",
        help_text="Shown to booked people from 30 minutes before; never sent by e-mail.",
    )

    class Meta:
        model = CourseRun
        fields = [
            "ref",
            "course",
            "mode",
            "online_link",
            "opens_date",
            "closes_date",
            "min_places",
            "waiting_list_cap",
            "places_per_organisation",
            "cancel_deadline_working_days",
        ]

        @staticmethod
        def formfield_callback(field, **kwargs):
            """A link typed without its scheme is https."""
            return field.formfield(**({"assume_scheme": "https"} if field.name == "online_link" else {}) | kwargs)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.instance._state.adding:
            self.fields["places"].initial = self.instance.places.filter(is_extra=False).count()

    def clean_ref(self):
        return self.cleaned_data["ref"].upper()


class DateForm(forms.Form):
    """One date of a run. A line left empty is no date."""

    day = forms.DateField(label="Date", widget=AdminDateWidget)
    starts = forms.TimeField(label="Starts", widget=AdminTimeWidget)
    ends = forms.TimeField(label="Ends", widget=AdminTimeWidget)
    venue = forms.ModelChoiceField(
        Venue.objects.order_by("name"), required=False, empty_label="Online, or not known yet"
    )
    trainers = forms.CharField(
        required=False, help_text="E-mail addresses with commas between. Somebody new is invited."
    )

    def clean_trainers(self) -> list[str]:
        emails = [email.strip().lower() for email in self.cleaned_data["trainers"].split(",") if email.strip()]
        for email in emails:
            try:
                validate_email(email)
            except forms.ValidationError:
                raise forms.ValidationError(f"“{email}” is not an e-mail address.") from None
        return emails

    def clean(self):
        cleaned = super().clean()
        if {"day", "starts", "ends"} <= cleaned.keys():
            cleaned["starts_at"] = london_moment(cleaned["day"], cleaned["starts"])
            cleaned["ends_at"] = london_moment(cleaned["day"], cleaned["ends"])
            if cleaned["ends_at"] <= cleaned["starts_at"]:
                self.add_error("ends", "It must end after it starts.")
        return cleaned


class BaseDates(forms.BaseFormSet):
    """The dates of a run together: at least one, in order, none overlapping."""

    def clean(self):
        if any(self.errors):
            return
        filled = [form.cleaned_data for form in self.forms if form.has_changed() or form.initial]
        filled = [data for data in filled if data.get("starts_at")]
        if not filled:
            raise forms.ValidationError("A run needs at least one date.")
        for earlier, later in pairwise(filled):
            if later["starts_at"] < earlier["ends_at"]:
                raise forms.ValidationError("Put the dates in order; one must end before the next starts.")


def dates_formset(extra: int):
    """The lines of the dates page, with this many empty ones at the end."""
    return formset_factory(DateForm, formset=BaseDates, extra=extra, max_num=60, absolute_max=60)


class CopyForm(forms.Form):
    """A new reference and a first date; later dates keep their distance."""

    ref = forms.CharField(label="Reference of the new run", max_length=40)
    first_day = forms.DateField(label="First date", widget=AdminDateWidget)
    opens_date = forms.DateField(label="Booking opens", widget=AdminDateWidget)
    closes_date = forms.DateField(label="Booking closes", widget=AdminDateWidget)

    def clean_ref(self) -> str:
        ref = self.cleaned_data["ref"].upper()
        REF(ref)
        return ref

    def clean(self):
        cleaned = super().clean()
        if {"opens_date", "closes_date"} <= cleaned.keys() and cleaned["opens_date"] > cleaned["closes_date"]:
            self.add_error("closes_date", "Booking must close on or after the day it opens.")
        return cleaned


def starts_from(run_dates, first_day: date) -> list[datetime]:
    """When each date of a copy starts: the same times on the wall, the same days apart.

    :raises ValidationError: for a time the clocks jump over
    """
    first = run_dates[0].starts_at
    gap: timedelta = first_day - local_day(first)
    return [london_moment(local_day(d.starts_at) + gap, d.starts_at.astimezone(LONDON).time()) for d in run_dates]


class PersonForm(forms.Form):
    """Who is booked. Somebody without an account is invited by e-mail."""

    name = forms.CharField(label="Their name", max_length=200)
    email = forms.EmailField(label="Their e-mail address")
    organisation = forms.ModelChoiceField(
        Organisation.objects.order_by("name"),
        required=False,
        help_text="Empty: where they work according to the portal.",
    )


class NoteForm(forms.Form):
    """What staff write to everyone booked on a run."""

    subject = forms.CharField(max_length=120)
    words = forms.CharField(
        label="Message",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Plain words, no health details.",
    )


class UploadForm(forms.Form):
    """A programme as CSV or Excel."""

    file = PrivateFileField("programme_import", label="Programme")


class MoveForm(forms.Form):
    """Where a person is moved, and why."""

    to_run = forms.ModelChoiceField(CourseRun.objects.none(), label="Move to")
    reason = forms.CharField(max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

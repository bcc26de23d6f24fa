"""Boxes of what is public as soon as it is saved, of adding a service, and of handing over."""

from crispy_forms_gds.layout import Field, Size
from django import forms

from chatr.web.forms import DayField, PortalForm

from ..models import Availability, Schedule, Service
from ..rules.live import Session
from ..rules.opening import DAYS
from .fields import ClockField, Words
from .rows import Rows, RowsForm


class LiveForm(PortalForm):
    """Answers that are public at once. ``seen`` is the mark of what the page showed, so that nobody's is lost."""

    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)


def session_boxes(form: "HoursForm") -> dict[str, forms.Field]:
    """The boxes of one stretch of opening."""
    return {
        "day": forms.ChoiceField(
            label="Day", choices=[("", "Choose one"), *((str(n), name) for n, name in enumerate(DAYS))], required=False
        ),
        "opens_at": ClockField(label="Opens", help_text="Like 9:30 or 2pm."),
        "closes_at": ClockField(label="Closes"),
        "at": forms.ChoiceField(label="Where", choices=form.places, required=False),
        "valid_from": DayField(label="Only from", required=False),
        "valid_to": DayField(label="Only until", required=False),
        "term_time_only": forms.BooleanField(label="In school terms only", required=False),
        "notes": Words(label="Note, such as “drop in” or “by appointment”", max_length=200),
        "remove": forms.BooleanField(label="Take this line out", required=False),
    }


class HoursForm(RowsForm, LiveForm):
    """When a service is open: a line for each stretch, several a day where it closes between."""

    submit_label = "Save, public at once"
    kinds = (Rows("sessions", "Line", session_boxes, blank=2, most=60),)

    def __init__(self, *args, service: Service, **kwargs):
        at = service.at_locations.select_related("location__area").order_by("place", "pk")
        self.service = service
        self.places = [("", "Everywhere"), *((str(each.pk), str(each.location)) for each in at)]
        super().__init__(*args, **kwargs)

    def rows_given(self, name: str) -> list[dict]:
        rows = self.service.schedules.order_by("day", "opens_at", "place")
        return [_row(each) for each in rows]

    def layout(self) -> list:
        return ["seen", *self.lines("sessions")]

    def clean(self):
        data = super().clean()
        self.lines_of: list[str] = []
        for number, row in self._rows():
            start = f"sessions-{number}-"
            self.lines_of.append(start)
            for box, words in (("day", "Choose the day"), ("opens_at", "Enter when it opens")):
                if row.get(box) in ("", None) and start + box not in self.errors:
                    self.add_error(start + box, words)
            opens, closes = row.get("opens_at"), row.get("closes_at")
            if closes is None and start + "closes_at" not in self.errors:
                self.add_error(start + "closes_at", "Enter when it closes")
            elif opens is not None and closes is not None and closes <= opens and (closes.hour or closes.minute):
                self.add_error(
                    start + "closes_at",
                    "It closes before it opens. Past midnight: close here at midnight, and add a line for the next day",
                )
            if row.get("valid_from") and row.get("valid_to") and row["valid_to"] < row["valid_from"]:
                self.add_error(start + "valid_to", "The last day must not be before the first")
        return data

    @property
    def sessions(self) -> list[Session]:
        """What was said, once it is cleaned."""
        return [
            Session(
                day=int(row["day"]),
                at=row["at"] or None,
                **{
                    name: row[name]
                    for name in ("opens_at", "closes_at", "valid_from", "valid_to", "term_time_only", "notes")
                },
            )
            for _, row in self._rows()
        ]

    def _rows(self) -> list[tuple[int, dict]]:
        return [(number, row) for number, row in self.filled("sessions") if not row.get("remove")]


def _row(schedule: Schedule) -> dict:
    names = ("opens_at", "closes_at", "valid_from", "valid_to", "term_time_only", "notes")
    at = str(schedule.at_location_id or "")
    return {name: getattr(schedule, name) for name in names} | {"day": str(schedule.day), "at": at}


class SpaceForm(LiveForm):
    """Whether it takes people now."""

    submit_label = "Save, public at once"
    marks_optional = False

    state = forms.ChoiceField(
        label="Can it take people now?",
        choices=[*Availability.State.choices, ("", "Not stated")],
        required=False,
        widget=forms.RadioSelect,
    )
    waiting_time = Words(
        label="How long do people wait?", max_length=120, help_text="In words, such as “about 6 weeks”."
    )
    expires_on = DayField(
        label="Until which day does this hold?",
        required=False,
        help_text="After it the public sees “not stated”. Empty: 28 days from today.",
    )

    def layout(self) -> list:
        return ["seen", Field.radios("state", legend_size=Size.MEDIUM), "waiting_time", "expires_on"]


class ClosingForm(LiveForm):
    """Closed for a while."""

    submit_label = "Close it, public at once"
    marks_optional = False

    closed_from = DayField(label="Closed from")
    reopens_on = DayField(label="Opens again on", required=False, help_text="Leave it empty where you do not know yet.")
    note = Words(label="Why, and where people can go meanwhile", max_length=200, help_text="The public reads it.")


class HideForm(PortalForm):
    """Which borough stays."""

    submit_label = "Hide the address now"

    area = forms.ChoiceField(label="Borough the public will see instead", required=False)

    def __init__(self, *args, areas, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", "Choose one"), *areas]
        self.marks_optional = False


class AddForm(PortalForm):
    """The beginning of a new service."""

    organisation = forms.ChoiceField(label="Whose service is it?", widget=forms.RadioSelect)
    name = Words(label="What is it called?", max_length=120, required=True)
    description = Words(
        label="What does it do?",
        rows=6,
        max_length=5000,
        required=True,
        help_text="A few sentences in plain words. You can change them before you send them.",
    )

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisations = {str(each.pk): each for each in organisations}
        self.fields["organisation"].choices = [(pk, each.name) for pk, each in self.organisations.items()]
        if len(self.organisations) == 1:
            del self.fields["organisation"]

    @property
    def chosen(self):
        """Whose it is: chosen, or the only one."""
        return self.organisations[self.cleaned_data.get("organisation") or next(iter(self.organisations))]


class HandOverForm(PortalForm):
    """Who keeps the entries from now on."""

    submit_label = "Hand over"
    marks_optional = False

    colleague = forms.ChoiceField(label="Who should keep these entries?", widget=forms.RadioSelect, required=False)
    name = Words(label="Their name", max_length=200)
    email = forms.EmailField(
        label="Their e-mail address at work", required=False, help_text="We invite them by e-mail."
    )
    stop = forms.BooleanField(label="I stop keeping these entries myself", required=False)

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.colleagues = {str(each.pk): each for each in colleagues}
        self.fields["colleague"].choices = [
            *((pk, str(each.user)) for pk, each in self.colleagues.items()),
            ("new", "Somebody who is not in this list"),
            ("", "Nobody yet"),
        ]

    def layout(self) -> list:
        return [Field.radios("colleague", legend_size=Size.MEDIUM), "name", "email", "stop"]

    def clean(self):
        data = super().clean()
        said = data.get("colleague")
        if said == "new":
            for box, words in (("name", "Enter their name"), ("email", "Enter their e-mail address")):
                if not data.get(box) and box not in self.errors:
                    self.add_error(box, words)
        elif said == "" and not data.get("stop"):
            self.add_error("colleague", "Choose somebody, or say that you stop")
        return data

"""When and where a conference meets, and the children it is about. A button adds a child, without scripts too."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from crispy_forms_gds.layout import HTML, Button, Fieldset, Size
from django import forms

from chatr.web.forms import DayField, PortalForm
from chatr.workdays.clock import NoSuchTime, local

from ..models import ChildDetails, Conference, ConferenceKind, Mode, Sex, TeamMember
from ..operations.children import TWICE, ChildToBe
from ..rules.scheduling import why_not_born, why_not_expected
from .fields import ClockField, LongWords, ShortWords

MOST_CHILDREN = 12
LOCAL_ID = re.compile(r"[A-Za-z0-9]{1,20}")
# The Enter key presses a form's first button; this one, which nobody sees, is "Continue".
CONTINUE_ON_ENTER = HTML(
    '<button class="govuk-visually-hidden" name="submit" value="Continue" tabindex="-1" aria-hidden="true">'
    "Continue</button>"
)


def child_fields(n: int | str) -> dict[str, forms.Field]:
    """The fields about one child; ``n`` is their place in the list."""
    return {
        f"la_child_id_{n}": forms.CharField(
            label="Local child id",
            help_text="The council's own id: up to 20 letters and digits, exactly as it is written there.",
            error_messages={"required": "Enter the child's local id"},
            widget=forms.TextInput(
                attrs={"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
            ),
        ),
        f"name_{n}": ShortWords(label="Full name", help_text="For an unborn child, what the family wants to be said."),
        f"known_as_{n}": ShortWords(label="What they like to be called (optional)"),
        f"born_on_{n}": DayField(label="Date of birth", help_text="For example, 27 3 2015", required=False),
        f"expected_on_{n}": DayField(
            label="Or, for a child who is not born yet, the expected date",
            help_text="For example, 27 3 2027",
            required=False,
        ),
        f"sex_{n}": forms.ChoiceField(
            label="Sex", choices=Sex.choices, initial=Sex.NOT_KNOWN, required=False, widget=forms.Select
        ),
    }


class DatedForm(PortalForm):
    """A form that knows which day it is, and says itself what may be left empty."""

    marks_optional = False

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today


class ChildrenForm(DatedForm):
    """Some children, each with a local id; those known in a record the person can open need nothing more."""

    def __init__(self, *args, children: int = 1, known: Mapping[str, ChildDetails] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known or {}
        self.places = range(1, min(max(children, 1), MOST_CHILDREN) + 1)
        for n in self.places:
            self.fields |= child_fields(n)

    @property
    def children(self) -> list[ChildToBe]:
        """The children as typed in; for those known already only the id counts."""
        names = ("la_child_id", "name", "known_as", "born_on", "expected_on", "sex")
        return [ChildToBe(**{name: self.cleaned_data[f"{name}_{n}"] for name in names}) for n in self.places]

    def child_set(self, n: int, legend: str = "") -> Fieldset:
        """The fields of one child."""
        return Fieldset(*child_fields(n), legend=legend, legend_size=Size.MEDIUM, legend_tag="h2")

    def clean(self):
        seen = set()
        for n in self.places:
            local_id = self.cleaned_data.get(f"la_child_id_{n}", "")
            if local_id and not LOCAL_ID.fullmatch(local_id):
                self.add_error(f"la_child_id_{n}", "A local child id is up to 20 letters and digits, without spaces.")
            elif local_id and local_id in seen:
                self.add_error(f"la_child_id_{n}", TWICE)
            elif local_id and local_id not in self.known:
                check_details(self, n)
            seen.add(local_id)
        return self.cleaned_data


def check_details(form: forms.Form, n: int | str) -> None:
    """A child has a name, and either a date of birth or an expected date."""
    born, expected, name = (f"{field}_{n}" for field in ("born_on", "expected_on", "name"))
    if name not in form.errors and not form.cleaned_data.get(name):
        form.add_error(name, "Enter the child's name")
    if born in form.errors or expected in form.errors:
        return
    born_on, expected_on = form.cleaned_data.get(born), form.cleaned_data.get(expected)
    if born_on and expected_on:
        form.add_error(expected, "Enter the date of birth or the expected date, not both")
    elif born_on and (why_not := why_not_born(born_on, form.today)):
        form.add_error(born, why_not)
    elif expected_on and (why_not := why_not_expected(expected_on, form.today)):
        form.add_error(expected, why_not)
    elif not born_on and not expected_on:
        form.add_error(born, "Enter the date of birth, or below it the expected date")


class WhenAndWhere(DatedForm):
    """When, how long, in the room or online, where."""

    day = DayField(label="Date", help_text="For example, 23 3 2027")
    at = ClockField(label="Time", help_text="For example, 9:30 or 2pm")
    minutes = forms.IntegerField(
        label="How long, in minutes",
        min_value=15,
        max_value=600,
        initial=120,
        error_messages={
            "min_value": "A conference takes at least 15 minutes",
            "max_value": "A conference takes at most 10 hours: 600 minutes",
        },
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"}),
    )
    mode = forms.ChoiceField(
        label="How people meet", choices=Mode.choices, initial=Mode.IN_PERSON, widget=forms.RadioSelect
    )
    place = ShortWords(label="Place and room (optional)")
    joining = ShortWords(label="How to join online (optional)", help_text="A link or a number.")
    bank_holiday_meant = forms.BooleanField(label="Yes, hold it on this bank holiday", required=False)
    wrote_report = forms.ChoiceField(
        label="Which of the chairs wrote the social work report, or manages the case?",
        help_text="They do not chair: a conference is chaired by somebody independent of the case.",
        required=False,
    )
    independence_reason = LongWords(
        label="If they chair all the same: why (optional)",
        help_text="A manager's to decide. What you write is printed in the record.",
        rows=3,
    )
    notified_on = DayField(
        label="For a transfer from another authority: the day of the written notification (optional)",
        required=False,
    )

    def __init__(self, *args, chairs: list[TeamMember], may_override: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.chairs = {str(member.pk): member for member in chairs}
        names = [(pk, chair_name(member, chairs)) for pk, member in self.chairs.items()]
        self.fields["wrote_report"].choices = [("", "None of them"), *names]
        if not may_override:
            del self.fields["independence_reason"]
        self.asks_bank_holiday = bool(self.data.get("bank_holiday_meant"))

    def meeting(self) -> list:
        """When and where, as layout; the bank holiday is asked about only on one."""
        asked = ["bank_holiday_meant"] if self.asks_bank_holiday else []
        return ["day", *asked, "at", "minutes", "mode", "place", "joining"]

    def independence(self) -> list:
        return ["wrote_report", *(["independence_reason"] if "independence_reason" in self.fields else [])]

    def add_error(self, field, error):
        self.asks_bank_holiday = self.asks_bank_holiday or field == "bank_holiday_meant"
        super().add_error(field, error)

    @property
    def scheduled_at(self) -> datetime:
        return local(self.cleaned_data["day"], self.cleaned_data["at"])

    @property
    def report_author(self):
        member = self.chairs.get(self.cleaned_data["wrote_report"])
        return member.user if member else None

    def clean_notified_on(self):
        day = self.cleaned_data["notified_on"]
        if day and not self.today - timedelta(days=366) <= day <= self.today:
            raise forms.ValidationError("The notification was written within the last year. Check the date.")
        return day

    def clean(self):
        day, at = self.cleaned_data.get("day"), self.cleaned_data.get("at")
        if day and at:
            try:
                local(day, at)
            except (NoSuchTime, OverflowError):
                self.add_error(
                    "at", "No clock shows this time on that day, because the clocks go forward. Choose another."
                )
        return super().clean()


def chair_name(member: TeamMember, among: list[TeamMember]) -> str:
    """A chair's name; with the team where the list is of several."""
    name = member.user.name or member.user.email
    return f"{name}, {member.team}" if len({one.team_id for one in among}) > 1 else name


class ScheduleForm(WhenAndWhere, ChildrenForm):
    """A new conference."""

    kind = forms.ChoiceField(label="What kind of conference?", widget=forms.RadioSelect, choices=ConferenceKind.choices)
    chair = forms.ChoiceField(label="Who chairs it?")
    form_key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid"), "Your answers came in part. Look at them again, then continue."
        ),
    )

    def __init__(self, *args, chairs: list[TeamMember], **kwargs):
        super().__init__(*args, chairs=chairs, **kwargs)
        choices = [(pk, chair_name(member, chairs)) for pk, member in self.chairs.items()]
        self.fields["chair"].choices = choices if len(choices) == 1 else [("", "Choose"), *choices]
        self.order_fields(["form_key", "kind", "notified_on", *self.meeting(), "chair", *self.independence()])

    @property
    def chair_member(self) -> TeamMember:
        return self.chairs[self.cleaned_data["chair"]]

    @property
    def kind_words(self) -> str:
        return ConferenceKind(self.cleaned_data["kind"]).label

    @property
    def mode_words(self) -> str:
        return Mode(self.cleaned_data["mode"]).label

    def clean(self):
        super().clean()
        is_transfer = self.cleaned_data.get("kind") == ConferenceKind.TRANSFER_IN
        if is_transfer and "notified_on" not in self.errors and not self.cleaned_data["notified_on"]:
            self.add_error("notified_on", "Enter the date of the written notification")
        return self.cleaned_data

    def layout(self) -> list:
        children = []
        for n in self.places:
            one = self.child_set(n, f"Child {n}")
            if len(self.places) > 1:
                one.append(Button.secondary(f"remove-{n}", f"Take child {n} off the list"))
            children.append(one)
        more = [Button.secondary("add-child", "Add another child")] if len(self.places) < MOST_CHILDREN else []
        return [
            CONTINUE_ON_ENTER,
            "form_key",
            "kind",
            "notified_on",
            Fieldset(*self.meeting(), legend="When and where", legend_size=Size.MEDIUM, legend_tag="h2"),
            Fieldset("chair", *self.independence(), legend="Who chairs", legend_size=Size.MEDIUM, legend_tag="h2"),
            *children,
            *more,
        ]


class ChangeForm(WhenAndWhere):
    """The arrangements of a conference, its children apart."""

    submit_label = "Save"
    notes = LongWords(label="Notes for those who prepare the meeting (optional)", rows=4)
    mother_not_medically_fit = forms.BooleanField(
        label="The mother is not medically fit to meet within 10 days of the birth", required=False
    )

    def __init__(self, *args, conference: Conference, has_unborn: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if conference.kind != ConferenceKind.TRANSFER_IN:
            del self.fields["notified_on"]
        if conference.kind != ConferenceKind.PRE_BIRTH and not has_unborn:
            del self.fields["mother_not_medically_fit"]

    def layout(self) -> list:
        last = [name for name in ("notified_on", "notes", "mother_not_medically_fit") if name in self.fields]
        return [*self.meeting(), *last, *self.independence()]


class AddChildForm(ChildrenForm):
    """One more child."""

    submit_label = "Add this child"

    def layout(self) -> list:
        return [self.child_set(1)]


class CorrectChildForm(DatedForm):
    """What is known about a child; the local id stays."""

    submit_label = "Save"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= {name: field for name, field in child_fields(1).items() if not name.startswith("la_child_id")}

    def clean(self):
        born_on, expected_on = self.cleaned_data.get("born_on_1"), self.cleaned_data.get("expected_on_1")
        if born_on and expected_on:  # a child who was born keeps the day they were expected on
            self.cleaned_data["expected_on_1"] = None
        check_details(self, 1)
        self.cleaned_data["expected_on_1"] = expected_on
        return self.cleaned_data

    @property
    def details(self) -> dict:
        return {name.removesuffix("_1"): self.cleaned_data[name] for name in self.fields}


def typed_in(form: forms.Form) -> dict:
    """What was typed into a form, as the initial values of another: nothing is judged yet."""
    return {name: field.widget.value_from_datadict(form.data, {}, name) for name, field in form.fields.items()}


def without_child(typed: dict, gone: int) -> dict:
    """What was typed, without one child; those after it move up."""
    moved = {}
    for name, value in typed.items():
        stem, _, number = name.rpartition("_")
        if stem in {"la_child_id", "name", "known_as", "born_on", "expected_on", "sex"} and number.isdigit():
            if int(number) == gone:
                continue
            name = f"{stem}_{int(number) - (int(number) > gone)}"
        moved[name] = value
    return moved

"""When and where a conference meets and who chairs it: a new one, the next one, and a change of one."""

from datetime import datetime, timedelta

from crispy_forms_gds.layout import Button, Fieldset, Size
from django import forms

from chatr.web.forms import DayField
from chatr.workdays.clock import NoSuchTime, local

from ..models import Conference, ConferenceChild, ConferenceKind, Mode, TeamMember
from ..queries.names import child_name
from .children import CONTINUE_ON_ENTER, MOST_CHILDREN, ChildrenForm, DatedForm
from .fields import ClockField, LongWords, ShortWords


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


class ReviewForm(WhenAndWhere):
    """The next conference about the children of the last one; a child can be left out, with a reason."""

    submit_label = "Schedule this conference"

    chair = forms.ChoiceField(label="Who chairs it?", help_text="The same chair, if it can be.")
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, chairs: list[TeamMember], children: list[ConferenceChild], **kwargs):
        super().__init__(*args, chairs=chairs, **kwargs)
        del self.fields["notified_on"]
        self.children = {child.position: child for child in children}
        self.fields["chair"].choices = [
            ("", "Choose"),
            *((pk, chair_name(member, chairs)) for pk, member in self.chairs.items()),
        ]
        for n, child in self.children.items():
            name = child_name(child)
            self.fields[f"leave_{n}"] = forms.BooleanField(label=f"Leave {name} out of it", required=False)
            self.fields[f"why_{n}"] = ShortWords(label=f"If you leave {name} out: why (optional)")

    def layout(self) -> list:
        size = {"legend_size": Size.MEDIUM, "legend_tag": "h2"}
        names = [name for n in self.children for name in (f"leave_{n}", f"why_{n}")]
        return [
            "form_key",
            Fieldset(*self.meeting(), legend="When and where", **size),
            Fieldset("chair", *self.independence(), legend="Who chairs", **size),
            Fieldset(*names, legend="Children of the last conference", **size),
        ]

    def clean(self):
        super().clean()
        for n in self.children:
            if self.cleaned_data.get(f"leave_{n}") and not self.cleaned_data.get(f"why_{n}", "x"):
                self.add_error(f"why_{n}", "Write why this child is left out")
        return self.cleaned_data

    @property
    def chair_member(self) -> TeamMember:
        return self.chairs[self.cleaned_data["chair"]]

    @property
    def left_out(self) -> dict:
        """Why a child is left out, by the child's id in the last conference."""
        given = self.cleaned_data
        return {child.pk: given[f"why_{n}"] for n, child in self.children.items() if given[f"leave_{n}"]}


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

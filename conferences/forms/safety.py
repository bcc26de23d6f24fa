"""Who must be kept apart, and the dates of a section 47 enquiry."""

from collections.abc import Sequence
from datetime import date, timedelta

from crispy_forms_gds.layout import Button
from django import forms

from chatr.web.forms import DayField, PortalForm

from ..models import Person, SafetyFlagKind
from ..operations.enquiries import Discussed
from .children import CONTINUE_ON_ENTER
from .fields import LongWords

MOST_DISCUSSIONS = 12
NOT_BEFORE = timedelta(days=5 * 366)


class FlagForm(PortalForm):
    """Two people to keep apart, how, why, and when to look at it again."""

    submit_label = "Keep them apart"

    person_a = forms.ChoiceField(label="Who")
    person_b = forms.ChoiceField(label="And who")
    kind = forms.ChoiceField(
        label="What must not happen?",
        choices=SafetyFlagKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what must not happen"},
    )
    reason = LongWords(
        label="Why",
        help_text="It is never on anybody's invitation or copy.",
        rows=3,
        required=True,
        error_messages={"required": "Write why they must be kept apart"},
    )
    review_on = DayField(label="When to look at it again", required=False)

    def __init__(self, *args, people: Sequence[Person], **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        choices = [("", "Choose"), *((pk, person.name) for pk, person in self.people.items())]
        for name in ("person_a", "person_b"):
            self.fields[name].choices = choices
            self.fields[name].error_messages["required"] = "Choose a person"

    @property
    def flag(self) -> dict:
        """The arguments of the operation."""
        given = self.cleaned_data
        return {name: given[name] for name in ("kind", "reason", "review_on")} | {
            name: self.people[given[name]].pk for name in ("person_a", "person_b")
        }


class EnquiryForm(PortalForm):
    """One child's enquiry, with as many strategy discussions as there were. A button adds one, without scripts too."""

    submit_label = "Save"
    marks_optional = False

    referral_on = DayField(label="The day of the referral (optional)", required=False)
    started_on = DayField(label="The day section 47 started")
    not_required = forms.BooleanField(
        label="The enquiry found that no initial conference is needed for this child", required=False
    )
    for_all = forms.BooleanField(label="The same dates hold for every child of this conference", required=False)

    def __init__(self, *args, discussions: int = 1, siblings: bool, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.places = range(1, min(max(discussions, 1), MOST_DISCUSSIONS) + 1)
        for n in self.places:
            self.fields[f"held_on_{n}"] = DayField(
                label=f"Strategy discussion {n}", required=n == 1, help_text="For example, 2 3 2026"
            )
        self.fields["initiated"] = forms.ChoiceField(
            label="Section 47 was started at",
            help_text="The fifteen working days count from this one.",
            choices=[(str(n), f"strategy discussion {n}") for n in self.places],
            initial="1",
            widget=forms.RadioSelect,
            error_messages={"required": "Choose the one discussion at which section 47 was started"},
        )
        if not siblings:
            del self.fields["for_all"]

    def layout(self) -> list:
        days = [f"held_on_{n}" for n in self.places]
        more = []
        if len(self.places) < MOST_DISCUSSIONS:
            more.append(Button.secondary("add-discussion", "Add another discussion"))
        last = ["for_all"] if "for_all" in self.fields else []
        return [CONTINUE_ON_ENTER, "referral_on", *days, *more, "initiated", "started_on", "not_required", *last]

    def clean(self):
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, date) and not self.today - NOT_BEFORE <= value <= self.today:
                self.add_error(name, "This day is in the future, or years ago. Check the year.")
        chosen = self.cleaned_data.get("initiated")
        if chosen and f"held_on_{chosen}" not in self.errors and not self.cleaned_data.get(f"held_on_{chosen}"):
            self.add_error("initiated", "This discussion has no day. Choose the one at which section 47 was started.")
        return self.cleaned_data

    @property
    def discussions(self) -> list[Discussed]:
        """Those with a day."""
        given = {n: self.cleaned_data[f"held_on_{n}"] for n in self.places}
        return [Discussed(day, str(n) == self.cleaned_data["initiated"]) for n, day in given.items() if day]

    def place_of(self, discussion: int) -> int:
        """Where on the page the nth discussion with a day stands."""
        return [n for n in self.places if self.cleaned_data[f"held_on_{n}"]][discussion - 1]

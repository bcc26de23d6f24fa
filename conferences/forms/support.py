"""What somebody needs to take part, the meeting beforehand, and what they chose."""

from crispy_forms_gds.layout import Fieldset, Size
from django import forms

from chatr.web.forms import DayField, PortalForm

from ..models import ChoiceKind, Explained, SupportKind, SupportOutcome
from ..operations.support import PreparationFacts, SupportFacts
from .fields import LongWords


class SupportForm(PortalForm):
    """Help that was offered, and what came of it."""

    submit_label = "Save"

    kind = forms.ChoiceField(
        label="What kind of help?",
        choices=SupportKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of help it is"},
    )
    offered_on = DayField(label="When was it offered?", required=False)
    outcome = forms.ChoiceField(
        label="What came of it?",
        choices=SupportOutcome.choices,
        initial=SupportOutcome.ASKED,
        widget=forms.RadioSelect,
    )
    detail = LongWords(
        label="Details",
        help_text="Who it is, the language, what is to be arranged: a ramp, large print, a quiet room.",
        rows=3,
    )
    is_relative = forms.BooleanField(
        label="The interpreter is a relative or a friend",
        help_text="Better not: a relative may not say everything, and should not have to hear everything.",
        required=False,
    )

    @property
    def facts(self) -> SupportFacts:
        return SupportFacts(**{name: self.cleaned_data[name] for name in SupportFacts.__dataclass_fields__})


class PreparationForm(PortalForm):
    """The meeting with the chair beforehand, or that they chose not to have one."""

    submit_label = "Save"

    met_on = DayField(label="The day you met", required=False)
    with_chair = forms.BooleanField(label="The chair was there", required=False, initial=True)
    explained = forms.MultipleChoiceField(
        label="What was explained", choices=Explained.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    reports_read_together = forms.BooleanField(label="You read the reports together", required=False)
    questions = LongWords(label="What they asked", rows=4)
    declined = forms.BooleanField(
        label="They chose not to meet beforehand",
        help_text="It is theirs to choose, and is written down as their choice.",
        required=False,
    )
    offer = LongWords(label="What is offered instead, or afterwards", rows=3)

    def layout(self) -> list:
        met = ("met_on", "with_chair", "explained", "reports_read_together", "questions")
        legend = {"legend_size": Size.MEDIUM, "legend_tag": "h2"}
        return [
            Fieldset(*met, legend="If you met", **legend),
            Fieldset("declined", "offer", legend="If they chose not to", **legend),
        ]

    @property
    def facts(self) -> PreparationFacts:
        return PreparationFacts(**{name: self.cleaned_data[name] for name in PreparationFacts.__dataclass_fields__})


HINTS = {
    ChoiceKind.PLACE: "Which room, where to sit, who sits beside them.",
    ChoiceKind.ONLINE: "In the room or on a call; whether the camera is on.",
    ChoiceKind.ORDER: "First, last, or after somebody.",
    ChoiceKind.CULTURE: "As they describe it themselves, in their words.",
    ChoiceKind.BREAKS: "How often, and how they ask for one.",
}


class ChoicesForm(PortalForm):
    """What somebody chose about how they take part, in their own words."""

    submit_label = "Save"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for kind in ChoiceKind:
            self.fields[kind.value] = LongWords(label=kind.label, help_text=HINTS.get(kind, ""), rows=2)

    @property
    def words(self) -> dict[str, str]:
        return {kind: self.cleaned_data[kind] for kind in ChoiceKind.values}


class AdvocateForm(PortalForm):
    """The account of a child's advocate."""

    submit_label = "Let the advocate in"
    email = forms.EmailField(
        label="The advocate's work e-mail address",
        help_text="They are written to that something waits for them, and set up a second step for signing in.",
        max_length=200,
        error_messages={"required": "Enter the advocate's work e-mail address"},
    )

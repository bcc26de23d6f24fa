"""Asking to read a record in an emergency, and looking at that afterwards."""

from django import forms

from chatr.web.forms import PortalForm

from ..models import BreakGlassGround
from .fields import LongWords, ShortWords


class BreakGlassForm(PortalForm):
    """Which child, why it cannot wait, and that the person knows what happens."""

    submit_label = "Read this record for 60 minutes"
    la_child_id = ShortWords(
        required=True, label="Local child id", help_text="The council’s own id, exactly. Nothing is found by name."
    )
    ground = forms.ChoiceField(choices=BreakGlassGround.choices, widget=forms.RadioSelect, label="Why can it not wait?")
    reason = LongWords(
        required=True,
        label="What has happened",
        help_text="At least 20 characters. The chairs’ manager reads this.",
    )
    understood = forms.BooleanField(
        label="I know that the chairs’ manager is told now, and that everything I open is written down"
    )

    def clean_la_child_id(self):
        return self.cleaned_data["la_child_id"].strip()


class ReviewReadingForm(PortalForm):
    """Whether it was right, and what the manager makes of it."""

    submit_label = "Save"
    was_right = forms.TypedChoiceField(
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        label="Was it right to open this record?",
    )
    verdict = LongWords(
        required=True,
        label="What you found, and what happens next",
        help_text="Who opened the record reads this too.",
    )

"""Holding a record, saying how long records are kept, agreeing that one goes."""

from django import forms

from chatr.web.forms import DayField, PortalForm

from ..models import Kept, KeptFrom
from ..rules.keeping import LONGEST
from .fields import LongWords, ShortWords


class HoldForm(PortalForm):
    """Why a record must be kept."""

    submit_label = "Place the hold"
    reason = LongWords(
        required=True,
        label="Why must this record be kept?",
        help_text="For example: a court, an inquiry or a complaint, with its reference.",
    )


class RuleForm(PortalForm):
    """How long something is kept. Nothing is filled in: the portal has no default."""

    submit_label = "Agree this rule"
    kind = forms.ChoiceField(choices=Kept.choices, widget=forms.RadioSelect, label="What is kept?")
    trigger = forms.ChoiceField(choices=KeptFrom.choices, widget=forms.RadioSelect, label="Counted from")
    years = forms.IntegerField(
        min_value=1,
        max_value=LONGEST,
        label="For how many years",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
        error_messages={
            "min_value": "Enter at least 1 year",
            "max_value": f"Enter at most {LONGEST} years",
        },
    )
    authority = ShortWords(
        required=True, label="Who says so", help_text="The council’s retention schedule or policy, and its date."
    )
    in_force_from = DayField(label="Holds from", help_text="Today or later.")


class DecideForm(PortalForm):
    """That the person knows what cannot be undone."""

    submit_label = "I agree"
    understood = forms.BooleanField(label="I looked at what is kept and why, and I agree that it goes")

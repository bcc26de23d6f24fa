"""What is typed to move a conference on: the day it was held, why it was called off, why it was late."""

from django import forms

from chatr.accounts.models import User
from chatr.web.forms import DayField, PortalForm

from .fields import LongWords


class BeginForm(PortalForm):
    """The day a conference was held."""

    submit_label = "Start recording"
    held_on = DayField(label="On which day was it held?")
    bank_holiday_confirmed = forms.BooleanField(
        label="Yes, it was held on this bank holiday", required=False, widget=forms.HiddenInput
    )

    def ask_about_bank_holiday(self) -> None:
        """Show the box to tick, which nobody sees otherwise."""
        self.fields["bank_holiday_confirmed"].widget = forms.CheckboxInput()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.data.get("bank_holiday_confirmed"):
            self.ask_about_bank_holiday()


class CallOffForm(PortalForm):
    """Why a conference is adjourned or cancelled."""

    marks_optional = False
    words = LongWords(label="Why?", required=True)

    def __init__(self, *args, submit_label: str, submit_warns: bool = False, **kwargs):
        self.submit_label, self.submit_warns = submit_label, submit_warns
        super().__init__(*args, **kwargs)


class LatenessForm(PortalForm):
    """Why a conference was late, who agreed, and how the child was kept safe."""

    submit_label = "Save"
    why = LongWords(label="Why was the conference late?", required=True)
    agreed_by = forms.ChoiceField(label="Which manager agreed?", widget=forms.RadioSelect)
    interim = LongWords(
        label="How was the child kept safe meanwhile?",
        help_text="What was arranged until the conference could be held, for each child.",
        required=True,
    )

    def __init__(self, *args, managers: list[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agreed_by"].choices = [(str(one.pk), one.name) for one in managers]

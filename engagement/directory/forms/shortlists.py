"""What may be chosen about a shortlist. There is nothing to type anywhere."""

from django import forms

from chatr.web.forms import PortalForm

from ..operations.shortlists import DAYS

WORDS = {1: "1 day", 14: "14 days", 30: "30 days"}


class PickServiceForm(forms.Form):
    """Which service, from a button."""

    service = forms.UUIDField()


class ShareForm(PortalForm):
    """How long a link works."""

    submit_label = "Make a link"
    form_action = "directory:share-shortlist"

    days = forms.TypedChoiceField(
        label="How long should the link work?",
        choices=[(days, WORDS[days]) for days in DAYS],
        coerce=int,
        initial=14,
        widget=forms.RadioSelect,
    )


class NameForm(forms.Form):
    """Whether the paper says whose list it is."""

    name = forms.BooleanField(required=False)

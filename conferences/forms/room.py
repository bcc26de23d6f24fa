"""What is filled in about the meeting itself."""

from django import forms

from chatr.web.forms import PortalForm

from ..models import Attending, ExclusionGround, InquorateGround, ParticipationCode

LONGEST = 20_000


def _words(label: str, *, rows: int = 3, **more) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, max_length=LONGEST, widget=widget, **more)


class MarkForm(forms.Form):
    """One press of a button: who, and whether they are there."""

    person = forms.UUIDField()
    status = forms.ChoiceField(choices=[choice for choice in Attending.choices if choice[0] != Attending.EXCLUDED])


class ExcludeForm(PortalForm):
    """Why a person is kept out of a part, for how long at least, and how they are heard all the same."""

    submit_label = "Keep them out of this part"

    ground = forms.ChoiceField(
        label="Why they are kept out of this part", choices=ExclusionGround.choices, widget=forms.RadioSelect
    )
    minimum_minutes = forms.IntegerField(
        label="For how many minutes at least",
        help_text="The shortest time that is enough.",
        min_value=1,
        max_value=600,
        widget=forms.NumberInput(attrs={"class": "govuk-input govuk-input--width-4", "inputmode": "numeric"}),
        error_messages={
            "min_value": "Enter at least 1 minute",
            "max_value": "Enter at most 600 minutes",
        },
    )
    views_obtained = _words("How their views are heard all the same")


class TakePartForm(PortalForm):
    """How a child took part."""

    submit_label = "Save"

    code = forms.ChoiceField(
        label="How did they take part?",
        help_text="Being there is not the same as taking part.",
        choices=[(code.value, f"{code.label} ({code.value})") for code in ParticipationCode],
        widget=forms.RadioSelect,
    )
    how = _words("What helped them to take part", required=False)
    by_whom = forms.CharField(label="Who helped them", max_length=500, required=False)
    next_step = _words("What is done next, so that they are heard and know what was decided", required=False)


class QuorumForm(PortalForm):
    """Why a conference goes ahead without a quorum."""

    submit_label = "Go ahead without a quorum"

    grounds = forms.MultipleChoiceField(
        label="On what ground does it go ahead?",
        choices=InquorateGround.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose on what ground it goes ahead without a quorum."},
    )
    reason = _words("Why it goes ahead all the same")
    interim_plan = _words("The interim plan: what keeps the child safe until the next conference")

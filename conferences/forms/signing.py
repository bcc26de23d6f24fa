"""What is typed to sign a record, and to add to a signed one."""

from django import forms

from chatr.web.forms import DayField, PortalForm

from ..models import ChallengeOutcome
from .deciding import WHOLE_FAMILY, child_choices, person_choices, wide_select
from .fields import LongWords, ShortWords


class SignForm(PortalForm):
    """The signer's name, over the record as they saw it."""

    submit_label = "Sign this record"
    version = forms.CharField(
        widget=forms.HiddenInput, error_messages={"required": "This page came in part. Open it again."}
    )
    has_read = forms.BooleanField(label="I have read the record, and it says what happened and what was decided")
    name = ShortWords(label="Type your name", required=True)


class AmendmentForm(PortalForm):
    """What a text should say, and why."""

    submit_label = "Add the amendment"
    new = LongWords(label="What should it say?", rows=6, required=True)
    reason = LongWords(label="Why?", rows=3, required=True)


class ChallengeForm(PortalForm):
    """That somebody says something is not accurate."""

    marks_optional = False
    submit_label = "Save"
    person = forms.ChoiceField(label="Who says so?", widget=forms.RadioSelect)
    about = forms.ChoiceField(
        label="About what?", help_text="The words it is about, or the record as a whole.", widget=wide_select()
    )
    child = forms.ChoiceField(
        label="About whom?", help_text="For the record as a whole.", widget=forms.RadioSelect, initial=WHOLE_FAMILY
    )
    words = LongWords(label="What do they say, word for word?", required=True)
    received_on = DayField(label="When did you receive it?")

    def __init__(self, *args, people, children, texts: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = person_choices(people)
        self.fields["child"].choices = child_choices(children, "The whole family")
        self.fields["about"].choices = [(WHOLE_FAMILY, "The record as a whole"), *texts]


class AnswerForm(PortalForm):
    """The chair's answer."""

    submit_label = "Save the answer"
    outcome = forms.ChoiceField(
        label="What happened?",
        choices=[one for one in ChallengeOutcome.choices if one[0] != ChallengeOutcome.WAITING],
        widget=forms.RadioSelect,
    )
    response = LongWords(label="Your answer", help_text="It stands beside what they say.", required=True)

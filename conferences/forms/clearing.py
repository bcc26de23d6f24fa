"""Is what the chair decides about one reader well formed?"""

from collections.abc import Iterable

from django import forms

from chatr.web.forms import DayField, PortalForm

from ..models import WithholdingGround
from ..paper.items import Key
from .fields import LongWords

CHOICES = (
    ("read", "They may read it"),
    ("out", "It is left out for now"),
    ("withheld", "It is withheld from them"),
)
# Nobody chooses this one: a part somebody was kept out of is never theirs to read.
GROUNDS = [(code, label) for code, label in WithholdingGround.choices if code != WithholdingGround.EXCLUDED_PART]


class ClearingForm(PortalForm):
    """Which things one person may read. The page lays out the boxes itself, each beside what it is about."""

    cleared = forms.MultipleChoiceField(
        required=False,
        error_messages={"invalid_choice": "Something on this page changed. Look at the list again."},
    )
    because = LongWords(
        label="Why may they read words the child did not give them?",
        help_text="For example, that the child was asked on the phone and agreed. It is kept beside what you clear.",
        rows=3,
    )

    def __init__(self, *args, keys: Iterable[Key], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cleared"].choices = [(str(key), "") for key in keys]

    @property
    def wanted(self) -> list[Key]:
        """What was ticked."""
        return [Key.read(text) for text in self.cleaned_data["cleared"]]


class DecideForm(PortalForm):
    """What happens with one thing for one person."""

    submit_label = "Save"
    marks_optional = False

    choice = forms.ChoiceField(label="What happens with it", choices=CHOICES, widget=forms.RadioSelect)
    because = LongWords(
        label="If the child has not agreed that they read it: why may they?",
        help_text="Only for a child’s own words.",
        rows=3,
    )
    ground = forms.ChoiceField(
        label="If it is withheld: on what ground?", choices=GROUNDS, widget=forms.RadioSelect, required=False
    )
    reason = LongWords(
        label="If it is withheld: why?", help_text="Only for the record. It is in nobody’s copy.", rows=3
    )
    review_on = DayField(
        label="If it is withheld: when should somebody look at it again?",
        help_text="For example, 27 3 2027. It may be left empty.",
        required=False,
    )

    def __init__(self, *args, is_childs_words: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_childs_words:
            del self.fields["because"]

    def clean(self):
        given = super().clean()
        if given.get("choice") == "withheld":
            if not given.get("ground"):
                self.add_error("ground", "Choose on what ground it is withheld")
            if "reason" not in self.errors and not given.get("reason"):
                self.add_error("reason", "Say why it is withheld")
        return given

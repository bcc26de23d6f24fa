"""What somebody says is wrong with an entry, and the answer."""

import unicodedata
import uuid

from crispy_forms_gds.layout import Field
from django import forms

from chatr.web.forms import PortalForm

from ..models import Suggestion

LONGEST = 1000
LONGEST_ANSWER = 2000
# Characters that turn the direction of what follows: with them words can be made to read as others.
TURNING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def readable(text: str) -> str:
    """The words without characters nobody sees: controls, and those that turn the direction of other people's text."""
    kept = (each for each in text if each in "\n\t" or (unicodedata.category(each) != "Cc" and each not in TURNING))
    return "".join(kept).strip()


class Words(forms.CharField):
    """Several lines of plain words."""

    def __init__(self, *, rows: int, **kwargs):
        widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")

    def clean(self, value):
        cleaned = readable(super().clean(value))
        if self.required and not cleaned:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return cleaned


class SuggestForm(PortalForm):
    """A topic, the words, and an address for the answer if they want one.

    ``key`` is new each time the page is opened, so that pressing twice sends it once. ``page`` is for robots: people
    do not see it, so whoever fills it in is none.
    """

    submit_label = "Send"
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    topic = forms.ChoiceField(label="What is wrong?", choices=Suggestion.Topic.choices, widget=forms.RadioSelect)
    words = Words(
        rows=6,
        label="What should it say?",
        max_length=LONGEST,
        help_text=f"Up to {LONGEST:,} characters. Do not write the name of a child or anything about a family.",
    )
    reply_to = forms.EmailField(
        label="Your e-mail address",
        required=False,
        help_text="Only if you want our answer. We use it for nothing else and forget it 90 days after the answer.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "inputmode": "email"}),
    )
    page = forms.CharField(
        required=False,
        label="Leave this empty",
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("initial", {"key": uuid.uuid4()})
        super().__init__(*args, **kwargs)

    def layout(self):
        trap = Field("page", template="directory/suggestions/trap.html")
        return ["key", "topic", "words", "reply_to", trap]

    @property
    def is_from_a_robot(self) -> bool:
        """Whether something was written where people see no box."""
        return bool(self.cleaned_data.get("page"))

    @property
    def said(self) -> dict:
        """What the operation takes."""
        taken = {name: self.cleaned_data[name] for name in ("topic", "words", "reply_to")}
        return taken | {"key": self.cleaned_data["key"] or uuid.uuid4()}


class AnswerForm(PortalForm):
    """The answer to one suggestion."""

    submit_label = "Answer"
    words = Words(
        rows=5,
        label="Your answer",
        max_length=LONGEST_ANSWER,
        help_text="For example: Thank you, the phone number is right now.",
    )

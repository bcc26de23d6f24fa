"""Making a link, typing a code, and saying how it was."""

from django import forms

from chatr.web.forms import PortalForm

from .. import questions
from ..models import Cohort
from ..queries.names import person_name
from .fields import ShortWords


class MakeLinkForm(PortalForm):
    """For whom, and for a professional perhaps by e-mail. ``people`` are those who can be written to."""

    submit_label = "Make the link"
    cohort = forms.ChoiceField(choices=Cohort.choices, widget=forms.RadioSelect, label="Who is it for?")

    def __init__(self, *args, people=(), **kwargs):
        super().__init__(*args, **kwargs)
        if people:
            self.fields["send_to"] = forms.TypedChoiceField(
                choices=[
                    ("", "Nobody: I print it or hand it over"),
                    *((str(one.pk), person_name(one)) for one in people),
                ],
                coerce=lambda pk: next(one.user for one in people if str(one.pk) == pk),
                empty_value=None,
                required=False,
                label="Send it by e-mail to a professional",
                help_text="The e-mail says that we ask how it was, and nothing else.",
            )
            self.fields["send_to"].widget.attrs["dir"] = "auto"

    @property
    def answers(self) -> dict:
        """What the operation takes."""
        return {"cohort": self.cleaned_data["cohort"], "send_to": self.cleaned_data.get("send_to")}


class CodeForm(PortalForm):
    """A code as it is printed, typed with or without its dashes."""

    submit_label = "Continue"
    code = ShortWords(
        required=True,
        label="The code on your sheet",
        help_text="12 letters and numbers, like bcdf-2345-wxyz. You can leave out the dashes.",
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "class": "govuk-input--width-20",
            }
        ),
    )

    def clean_code(self):
        letters = "".join(letter for letter in self.cleaned_data["code"].lower() if letter.isalnum())
        if len(letters) != questions.LENGTH or not letters.isascii():
            raise forms.ValidationError(f"Type all {questions.LENGTH} letters and numbers of the code.")
        return questions.in_groups(letters)


class AnswersForm(PortalForm):
    """The questions of one cohort. Every one can be left out."""

    marks_optional = False
    choose_one = "You have not chosen an answer yet. Choose one or more, or close this page: you do not have to answer."

    def __init__(self, cohort: str, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for question in questions.QUESTIONS[cohort]:
            self.fields[question.code] = forms.ChoiceField(
                choices=list(questions.answers_for(cohort).items()),
                widget=forms.RadioSelect,
                required=False,
                label=question.words,
            )

    def clean(self):
        if not any(self.cleaned_data.values()) and not self.errors:
            raise forms.ValidationError(self.choose_one)
        return self.cleaned_data

    @property
    def answers(self) -> dict[str, str]:
        """What was chosen, by question."""
        return {name: answer for name, answer in self.cleaned_data.items() if answer}

"""Is what is written in, or about, an agency report well formed? Nothing here is kept."""

from crispy_forms_gds.layout import HTML, Button, Field, Size
from django import forms

from chatr.web.forms import DayField, PortalForm

from ..models import ReportPartKind, SpokeDirectly
from ..operations.reports import NO, YES, Answers
from ..queries.reports import full_name
from ..rules.reports import PARTS
from .fields import LongWords

Part = ReportPartKind
CHAIR_ONLY = Part.CHAIR_ONLY

SAVED_BAR = (
    '<div class="saved-bar needs-script"><p class="saved-bar__state" data-state role="status">'
    "What you type is saved by itself.</p></div>"
)
HINTS = {
    Part.CONTACT: "Since when, how often, and when you last saw them.",
    Part.CHILD_SAYS: "Word for word, for each child. Say when, and how it was said. Leave it empty if you do not know.",
    Part.STRENGTHS: "What the child and family do well, who helps them, what has got better.",
    Part.FACTS: "Dates, what was seen or said and by whom. Leave out what you make of it: that comes next.",
    Part.WORRIES: "Your professional view of how it affects each child, and why you think so.",
    Part.HELP: "What would make a difference, and what you or your service will do.",
    Part.DISCUSSION: "Who of you talked with whom. If you have not discussed it: why not.",
    Part.FAMILY_SAYS: "What they agree with, what they see differently, in their words.",
    CHAIR_ONLY: (
        "Only what would put somebody at risk if the family read it. It goes to the chair alone; say why, so that the "
        "chair can decide."
    ),
}


class ChildrenField(forms.MultipleChoiceField):
    """Some of the children of a conference, by name."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "Which children is it about?")
        kwargs.setdefault("error_messages", {"required": "Choose at least one child."})
        super().__init__(**kwargs)


def child_choices(children) -> list[tuple[str, str]]:
    """The children of a conference as choices."""
    return [(str(one.pk), full_name(one)) for one in children]


class AskForm(PortalForm):
    """Whom to ask for a report, and about which children."""

    submit_label = "Ask for the report"

    email = forms.EmailField(
        label="Their work e-mail address",
        help_text="Check it letter by letter: whoever has this mailbox reads the children's names after signing in.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    children = ChildrenField(help_text="They see the names of these children and of no other.")

    def __init__(self, *args, children, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["children"].choices = child_choices(children)


class ReportForm(PortalForm):
    """A whole report. Every box may be left empty in a draft; filing says what is missing."""

    marks_optional = False
    parts = (*PARTS, CHAIR_ONLY)
    can_stay = True

    discussed = forms.ChoiceField(
        label="Have you discussed this report with the family?",
        required=False,
        choices=[(YES, "Yes"), (NO, "No")],
        widget=forms.RadioSelect,
    )
    discussed_on = DayField(label="On which day?", required=False, help_text="If you have: for example, 27 3 2026.")
    spoke_directly = forms.ChoiceField(
        label="Did you speak to them directly?",
        help_text="Yourself, in person or by phone; not by letter or through somebody else.",
        required=False,
        choices=[(SpokeDirectly.YES, "Yes"), (SpokeDirectly.NO, "No")],
        widget=forms.RadioSelect,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, is_filed: bool = False, half_typed: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_filed, self.half_typed = is_filed, half_typed
        for kind in self.parts:
            self.fields[kind.value] = LongWords(
                label=kind.label, help_text=HINTS[kind], rows=4 if kind == Part.CONTACT else 8
            )
            self.fields[kind.value].widget.attrs["class"] = "words__box"

    @property
    def helper(self):
        helper = super().helper
        # In a plain form each letter of another alphabet would take up to nine, and long reports would not get through.
        helper.attrs["enctype"] = "multipart/form-data"
        if self.can_stay and not self.is_filed:
            helper.layout.append(Button.secondary("draft", "Save and stay on this page", css_id="id_draft"))
        if self.saves_itself:
            helper.attrs["data-record"] = "report"
            helper.layout.append(HTML(SAVED_BAR))
        return helper

    @property
    def saves_itself(self) -> bool:
        """Whether the page's script sends what is typed: a draft, shown as it is kept."""
        return self.can_stay and not self.is_filed and not self.is_bound

    @property
    def submit_label(self):
        return "Save the change" if self.is_filed else "Save and check your answers"

    def layout(self):
        words = [self._words(kind) for kind in PARTS if kind not in (Part.DISCUSSION, Part.FAMILY_SAYS)]
        return [
            "version",
            *words,
            Field.radios("discussed", legend_size=Size.MEDIUM, inline=True),
            "discussed_on",
            self._words(Part.DISCUSSION),
            Field.radios("spoke_directly", legend_size=Size.MEDIUM, inline=True),
            self._words(Part.FAMILY_SAYS),
            *([self._words(CHAIR_ONLY)] if CHAIR_ONLY in self.parts else []),
        ]

    @staticmethod
    def _words(kind: str):
        return Field(str(kind), context={"label_size": "govuk-label--m"})

    def clean(self):
        cleaned = super().clean()
        if self.half_typed and (self.errors.pop("discussed_on", None) or not cleaned.get("discussed_on")):
            # Saved while they type: a day that is not whole yet can wait, the words can not.
            return cleaned | {"discussed_on": None, "discussed": NO if cleaned.get("discussed") == NO else ""}
        if cleaned.get("discussed") == YES and not cleaned.get("discussed_on") and "discussed_on" not in self.errors:
            self.add_error("discussed_on", "Enter the day you discussed it.")
        return cleaned

    @property
    def answers(self) -> Answers:
        """What was typed, once valid."""
        return Answers(
            words={kind.value: self.cleaned_data[kind.value] for kind in self.parts},
            discussed=self.cleaned_data["discussed"],
            discussed_on=self.cleaned_data["discussed_on"],
            spoke_directly=self.cleaned_data["spoke_directly"] or SpokeDirectly.NOT_ASKED,
        )

    @classmethod
    def holding(cls, report, words) -> dict:
        """What the form starts with."""
        discussed = YES if report.discussed_on else NO if report.not_discussed else ""
        spoke = "" if report.spoke_directly == SpokeDirectly.NOT_ASKED else report.spoke_directly
        return {
            **words,
            "discussed": discussed,
            "discussed_on": report.discussed_on,
            "spoke_directly": spoke,
            "version": report.version,
        }


class PaperForm(ReportForm):
    """A report that came on paper, typed in by somebody who records the conference."""

    submit_label = "Keep the report"
    parts = PARTS
    can_stay = False

    received_on = DayField(label="On which day did it come?", help_text="For example, 27 3 2026.")
    children = ChildrenField()

    def __init__(self, *args, children, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["children"].choices = child_choices(children)

    def layout(self):
        return ["received_on", "children", *super().layout()]


class LateReportsForm(PortalForm):
    """What the family chose when they saw reports late."""

    submit_label = "Save what they chose"
    marks_optional = False

    words = LongWords(
        label="What the family chose",
        help_text="Ask them: would they rather go on, or meet another day once they have read the reports?",
        rows=3,
    )

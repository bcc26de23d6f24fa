"""What is typed about a decision, about disagreement, and about what has to be explained."""

from collections.abc import Iterable

from django import forms

from chatr.web.forms import PortalForm

from ..models import Category, Person
from ..queries.names import person_name
from .fields import LongWords

YES, NO = "yes", "no"
WHOLE_FAMILY = "family"


def person_choices(people: Iterable[Person]) -> list[tuple[str, str]]:
    """People to choose from, with who they are."""
    return [(str(person.pk), person_name(person)) for person in people]


def child_choices(children, all_label: str) -> list[tuple[str, str]]:
    """The children of a conference to choose from (``queries.plans.ChildHere``), and all of them."""
    return [(str(here.child.pk), here.name) for here in children] + [(WHOLE_FAMILY, all_label)]


def wide_select() -> forms.Select:
    """A list to choose from that fits a phone, however long its lines are."""
    return forms.Select(attrs={"class": "govuk-!-width-full"})


class DecisionForm(PortalForm):
    """The decision for one child."""

    marks_optional = False
    submit_label = "Save the decision"
    family_view = LongWords(
        label="What does the family think, before the decision is made?",
        help_text="In their words. Ask before you say what you decide.",
    )
    family_view_not_given = forms.BooleanField(label="They chose not to say", required=False)
    threshold_met = forms.ChoiceField(
        label="Is the child suffering significant harm, or likely to?",
        choices=[(YES, "Yes"), (NO, "No")],
        widget=forms.RadioSelect,
    )
    outcome = forms.ChoiceField(label="What is decided?", widget=forms.RadioSelect)
    categories = forms.MultipleChoiceField(
        label="For a plan: in which categories?",
        help_text="Choose all that apply. More than one is reported as “multiple”, and each of them is kept.",
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reasons = LongWords(label="Why?", help_text="So that the child and the family can follow it.", required=True)

    def __init__(self, *args, outcomes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(one.value, one.label) for one in outcomes]

    def clean_threshold_met(self) -> bool:
        return self.cleaned_data["threshold_met"] == YES


class DissentForm(PortalForm):
    """That somebody disagrees."""

    marks_optional = False
    submit_label = "Save"
    person = forms.ChoiceField(label="Who disagrees?", widget=forms.RadioSelect)
    child = forms.ChoiceField(label="With the decision for whom?", widget=forms.RadioSelect)
    formal = forms.BooleanField(
        label="A professional said “I dissent”",
        help_text="Formal dissent goes to the safeguarding lead of their agency.",
        required=False,
    )
    words = LongWords(label="What do they say, in their own words?", required=True)
    next_step = LongWords(label="What happens next?", rows=3, required=True)

    def __init__(self, *args, people, children, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = person_choices(people)
        self.fields["child"].choices = child_choices(children, "All the children")


class ExplanationsForm(PortalForm):
    """Everything that has to be explained in this record: a box each, and only those that apply."""

    marks_optional = False
    submit_label = "Save"

    def __init__(self, *args, asked, **kwargs):
        super().__init__(*args, **kwargs)
        for one in asked:
            self.fields[one.name] = LongWords(label=one.label, help_text=one.hint)

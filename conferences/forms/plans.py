"""What is typed about a plan."""

from django import forms

from chatr.web.forms import DayField, PortalForm

from ..models import Category, Person, Progress
from .deciding import WHOLE_FAMILY, child_choices, person_choices, wide_select
from .fields import LongWords, ShortWords

NOT_A_DATE = "“As soon as possible” and “ongoing” are not dates. Enter a day, like 14 1 2027"


class DueField(DayField):
    """A day by which something is done. Words are refused in plain words."""

    def clean(self, value):
        typed = [one.strip() for one in value or () if isinstance(one, str)]
        if any(one and not one.isdecimal() for one in typed):
            raise forms.ValidationError(NOT_A_DATE, code="invalid")
        return super().clean(value)


class NotePlanForm(PortalForm):
    """A plan that was open before its first review here."""

    submit_label = "Save the plan"
    started_on = DayField(label="On which day did the plan start?")
    initial_categories = forms.MultipleChoiceField(
        label="In which categories did it start?", choices=Category.choices, widget=forms.CheckboxSelectMultiple
    )
    latest_categories = forms.MultipleChoiceField(
        label="In which categories is it now, before this review?",
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    other_authority = forms.BooleanField(label="Another authority started it", required=False)


class ActionForm(PortalForm):
    """One thing somebody does."""

    marks_optional = False
    submit_label = "Save the action"
    child = forms.ChoiceField(label="For whom is it?", widget=forms.RadioSelect, initial=WHOLE_FAMILY)
    need = LongWords(label="What is needed?", rows=2)
    outcome = LongWords(label="What will be different for the child?", rows=2)
    action = LongWords(label="What is done?", rows=3, required=True)
    owner = forms.ChoiceField(
        label="Who does it?",
        help_text="Somebody who is among the people of this conference.",
        required=False,
        widget=wide_select(),
    )
    due_on = DueField(label="By when?", help_text="A day, for example 14 1 2027.", required=False)
    measure = LongWords(label="How will we know?", rows=2)
    contingency = LongWords(label="What happens if it is not done?", rows=2)
    plain_words = LongWords(
        label="How do you say it to the child or family?",
        help_text="One plain sentence, to them: “We will …”, “Mum will …”, “You can …”.",
        rows=2,
    )

    def __init__(self, *args, people: list[Person], children, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["child"].choices = child_choices(children, "The whole family")
        self.fields["owner"].choices = [("", "Not agreed yet"), *person_choices(people)]


class ActionReviewForm(PortalForm):
    """What came of an action."""

    marks_optional = False
    submit_label = "Save"
    progress = forms.ChoiceField(label="Is it done?", choices=Progress.choices, widget=forms.RadioSelect)
    evidence = LongWords(label="What shows it?", required=True)
    carry_on = forms.BooleanField(
        label="Carry it on into the new plan",
        help_text="It keeps its words. Agree a new date for it.",
        required=False,
    )


class CoreGroupForm(PortalForm):
    """Who is in a child's core group."""

    marks_optional = False
    submit_label = "Save the core group"
    members = forms.MultipleChoiceField(
        label="Who is in it?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose who is in the core group"},
    )
    lead = forms.ChoiceField(label="Who is the lead practitioner?", widget=wide_select())
    same_for_all = forms.BooleanField(label="The same for every child with a plan", required=False)

    def __init__(self, *args, people: list[Person], several: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = person_choices(people)
        self.fields["lead"].choices = [("", "Choose"), *person_choices(people)]
        if not several:
            del self.fields["same_for_all"]


class NextDatesForm(PortalForm):
    """When people meet next."""

    marks_optional = False
    submit_label = "Save the dates"
    core_group_on = DueField(label="First core group meeting", required=False)
    core_group_place = ShortWords(label="Where does the core group meet?")
    review_on = DueField(label="Review conference", required=False)
    review_place = ShortWords(label="Where is the review?")
    why_late = LongWords(
        label="If a date is after its limit: why?", help_text="Leave it empty when both are in time.", rows=3
    )

    def __init__(self, *args, with_core_group: bool, limits: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        for name, limit in limits.items():
            self.fields[name].help_text = limit
        if not with_core_group:
            del self.fields["core_group_on"], self.fields["core_group_place"]

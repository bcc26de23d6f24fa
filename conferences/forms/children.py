"""The children a conference is about, as typed in. A button adds a child, without scripts too."""

import re
from collections.abc import Mapping
from datetime import date

from crispy_forms_gds.layout import HTML, Fieldset, Size
from django import forms

from chatr.web.forms import DayField, PortalForm

from ..models import ChildDetails, Sex
from ..operations.children import TWICE, ChildToBe
from ..rules.scheduling import why_not_born, why_not_expected
from .fields import ShortWords

MOST_CHILDREN = 12
LOCAL_ID = re.compile(r"[A-Za-z0-9]{1,20}")
# The Enter key presses a form's first button; this one, which nobody sees, is "Continue".
CONTINUE_ON_ENTER = HTML(
    '<button class="govuk-visually-hidden" name="submit" value="Continue" tabindex="-1" aria-hidden="true">'
    "Continue</button>"
)


def child_fields(n: int | str) -> dict[str, forms.Field]:
    """The fields about one child; ``n`` is their place in the list."""
    return {
        f"la_child_id_{n}": forms.CharField(
            label="Local child id",
            help_text="The council's own id: up to 20 letters and digits, exactly as it is written there.",
            error_messages={"required": "Enter the child's local id"},
            widget=forms.TextInput(
                attrs={"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
            ),
        ),
        f"name_{n}": ShortWords(label="Full name", help_text="For an unborn child, what the family wants to be said."),
        f"known_as_{n}": ShortWords(label="What they like to be called (optional)"),
        f"born_on_{n}": DayField(label="Date of birth", help_text="For example, 27 3 2015", required=False),
        f"expected_on_{n}": DayField(
            label="Or, for a child who is not born yet, the expected date",
            help_text="For example, 27 3 2027",
            required=False,
        ),
        f"sex_{n}": forms.ChoiceField(
            label="Sex", choices=Sex.choices, initial=Sex.NOT_KNOWN, required=False, widget=forms.Select
        ),
    }


class DatedForm(PortalForm):
    """A form that knows which day it is, and says itself what may be left empty."""

    marks_optional = False

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today


class ChildrenForm(DatedForm):
    """Some children, each with a local id; those known in a record the person can open need nothing more."""

    def __init__(self, *args, children: int = 1, known: Mapping[str, ChildDetails] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known or {}
        self.places = range(1, min(max(children, 1), MOST_CHILDREN) + 1)
        for n in self.places:
            self.fields |= child_fields(n)

    @property
    def children(self) -> list[ChildToBe]:
        """The children as typed in; for those known already only the id counts."""
        names = ("la_child_id", "name", "known_as", "born_on", "expected_on", "sex")
        return [ChildToBe(**{name: self.cleaned_data[f"{name}_{n}"] for name in names}) for n in self.places]

    def child_set(self, n: int, legend: str = "") -> Fieldset:
        """The fields of one child."""
        return Fieldset(*child_fields(n), legend=legend, legend_size=Size.MEDIUM, legend_tag="h2")

    def clean(self):
        seen = set()
        for n in self.places:
            local_id = self.cleaned_data.get(f"la_child_id_{n}", "")
            if local_id and not LOCAL_ID.fullmatch(local_id):
                self.add_error(f"la_child_id_{n}", "A local child id is up to 20 letters and digits, without spaces.")
            elif local_id and local_id in seen:
                self.add_error(f"la_child_id_{n}", TWICE)
            elif local_id and local_id not in self.known:
                check_details(self, n)
            seen.add(local_id)
        return self.cleaned_data


def check_details(form: forms.Form, n: int | str) -> None:
    """A child has a name, and either a date of birth or an expected date."""
    born, expected, name = (f"{field}_{n}" for field in ("born_on", "expected_on", "name"))
    if name not in form.errors and not form.cleaned_data.get(name):
        form.add_error(name, "Enter the child's name")
    if born in form.errors or expected in form.errors:
        return
    born_on, expected_on = form.cleaned_data.get(born), form.cleaned_data.get(expected)
    if born_on and expected_on:
        form.add_error(expected, "Enter the date of birth or the expected date, not both")
    elif born_on and (why_not := why_not_born(born_on, form.today)):
        form.add_error(born, why_not)
    elif expected_on and (why_not := why_not_expected(expected_on, form.today)):
        form.add_error(expected, why_not)
    elif not born_on and not expected_on:
        form.add_error(born, "Enter the date of birth, or below it the expected date")


class AddChildForm(ChildrenForm):
    """One more child."""

    submit_label = "Add this child"

    def layout(self) -> list:
        return [self.child_set(1)]


class CorrectChildForm(DatedForm):
    """What is known about a child; the local id stays."""

    submit_label = "Save"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= {name: field for name, field in child_fields(1).items() if not name.startswith("la_child_id")}
        self.fields["died_on_1"] = DayField(
            label="If the child has died: on which day (optional)", help_text="For example, 27 3 2027", required=False
        )

    def clean(self):
        born_on, expected_on = self.cleaned_data.get("born_on_1"), self.cleaned_data.get("expected_on_1")
        if born_on and expected_on:  # a child who was born keeps the day they were expected on
            self.cleaned_data["expected_on_1"] = None
        check_details(self, 1)
        self.cleaned_data["expected_on_1"] = expected_on
        return self.cleaned_data

    @property
    def details(self) -> dict:
        return {name.removesuffix("_1"): self.cleaned_data[name] for name in self.fields}


def typed_in(form: forms.Form) -> dict:
    """What was typed into a form, as the initial values of another: nothing is judged yet."""
    return {name: field.widget.value_from_datadict(form.data, {}, name) for name, field in form.fields.items()}


def without_child(typed: dict, gone: int) -> dict:
    """What was typed, without one child; those after it move up."""
    moved = {}
    for name, value in typed.items():
        stem, _, number = name.rpartition("_")
        if stem in {"la_child_id", "name", "known_as", "born_on", "expected_on", "sex"} and number.isdigit():
            if int(number) == gone:
                continue
            name = f"{stem}_{int(number) - (int(number) > gone)}"
        moved[name] = value
    return moved

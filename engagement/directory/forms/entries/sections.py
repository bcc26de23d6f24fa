"""What every page of an entry shares, and the first two: what the service is, and who it is for."""

from crispy_forms_gds.layout import HTML, Button, Field, Fieldset, Size
from django import forms

from ...models import Service
from ...queries.mine import Choices
from ...rules.differences import BY_FIELD
from ...rules.entries import Entry
from ..fields import AgeField, WebPage, Words, stated
from ..rows import RowsForm

RADIOS = {"legend_size": Size.SMALL}


class SectionForm(RowsForm):
    """One page of an entry. ``parts`` are the fields of ``rules.differences`` it is about."""

    slug = title = intro = ""
    parts: tuple[str, ...] = ()
    submit_label = "Save and go on"

    def __init__(self, *args, entry: Entry, choices: Choices, **kwargs):
        self.entry, self.choices = entry, choices
        self.notes: list[str] = []  # worth a look, not wrong
        self.hidden: dict = {}  # addresses that must not be shown, by the number of their place
        super().__init__(*args, **kwargs)

    def given(self) -> dict:
        """Boxes that are called as the entry calls them begin with what it says."""
        same = (name for name in self.fields if hasattr(self.entry, name))
        return {name: getattr(self.entry, name) for name in same}

    def changes(self) -> dict:
        """What the page says of the entry, once it is cleaned."""
        names = (each for part in self.parts for each in BY_FIELD[part].of)
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    @property
    def helper(self):
        helper = super().helper
        helper.form_tag = False  # the page adds what it was opened with
        helper.layout.fields.append(Button.secondary("back", "Save and see all parts"))
        return helper


class WhatForm(SectionForm):
    """What it is called and what it does."""

    slug, title = "what", "What it is"
    parts = (
        *("name", "summary", "description", "alert", "url", "email", "accreditations", "funding"),
        *("is_sensitive", "cycle_months"),
    )

    name = Words(label="Name", max_length=120, required=True)
    summary = Words(label="In one line", max_length=200, help_text="What somebody reads first in a list.")
    description = Words(label="What it does", rows=8, max_length=5000, required=True)
    alert = Words(
        label="To know at once", max_length=300, help_text="Shown at the top, such as “Only by video until Easter”."
    )
    url = WebPage("Web page")
    email = forms.EmailField(label="Public e-mail address", required=False)
    accreditations = Words(
        label="Accreditations", max_length=300, help_text="Quality marks, registration, membership of a body."
    )
    funding = Words(label="Paid for by", max_length=300)
    is_sensitive = forms.BooleanField(
        label="Show “Exit this page” at the top",
        required=False,
        help_text="For services where being seen reading about them is a risk, such as help after domestic abuse.",
    )
    cycle_months = forms.TypedChoiceField(
        label="How often will you say that everything is still right?",
        choices=Service.CYCLES,
        coerce=int,
        help_text="We remind you by e-mail.",
    )


class WhoForm(SectionForm):
    """Whom it helps with what, and how it works."""

    slug, title = "who", "Who it is for"
    parts = ("who_for", "not_for", "ages", "terms")

    who_for = Words(label="Who it is for", rows=4, max_length=2000)
    not_for = Words(
        label="Who it is not for", rows=4, max_length=2000, help_text="So that nobody asks in vain. Plain words."
    )
    ages = stated("Which ages?", choices=(("any", "Every age"), ("some", "Some ages"), ("", "Not stated")))
    minimum_age = AgeField(label="Youngest age", help_text="Like 7, 0.5 or 6 months. Empty: no lower limit.")
    maximum_age = AgeField(label="Oldest age", help_text="They may be this old. Empty: no upper limit.")
    needs = forms.MultipleChoiceField(label="What it helps with", required=False, widget=forms.CheckboxSelectMultiple)
    groups = forms.MultipleChoiceField(label="For these groups", required=False, widget=forms.CheckboxSelectMultiple)
    modes = forms.MultipleChoiceField(label="How it works", required=False, widget=forms.CheckboxSelectMultiple)
    LISTS = ("needs", "groups", "modes")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.LISTS:
            self.fields[name].choices = getattr(self.choices, name)

    def given(self) -> dict:
        entry = self.entry
        some = entry.minimum_age is not None or entry.maximum_age is not None
        lists = {name: [c for c, _ in getattr(self.choices, name) if c in entry.terms] for name in self.LISTS}
        return super().given() | lists | {"ages": "any" if entry.any_age else "some" if some else ""}

    def layout(self) -> list:
        ages = [Field.radios("ages", **RADIOS), "minimum_age", "maximum_age"]
        lists = [Field.checkboxes(name, legend_size=Size.MEDIUM, small=True) for name in self.LISTS]
        return ["who_for", "not_for", Fieldset(*ages, legend="Ages", legend_size=Size.MEDIUM), *lists]

    def clean(self):
        data = super().clean()
        said, youngest, oldest = data.get("ages"), data.get("minimum_age"), data.get("maximum_age")
        if said == "any" and (youngest is not None or oldest is not None):
            self.add_error("ages", "Choose “Some ages”, or take the ages out: it can’t be both.")
        elif said == "some" and youngest is None and oldest is None and "minimum_age" in data and "maximum_age" in data:
            self.add_error("minimum_age", "Enter the youngest age, the oldest, or both")
        elif youngest is not None and oldest is not None and oldest < youngest:
            self.add_error("maximum_age", "The oldest age must not be below the youngest")
        return data

    def changes(self) -> dict:
        data = self.cleaned_data
        offered = {code for name in self.LISTS for code, _ in getattr(self.choices, name)}
        others = tuple(code for code in self.entry.terms if code not in offered)
        return super().changes() | {
            "any_age": data["ages"] == "any",
            "terms": (*(code for name in self.LISTS for code in data[name]), *others),
        }


def note(words: str) -> HTML:
    """A sentence between the boxes. The words are ours."""
    return HTML(f'<p class="govuk-body">{words}</p>')

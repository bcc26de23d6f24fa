"""One shape for every form: GOV.UK markup, an error summary that leads to the field, and errors in plain words.

A page shows a form with ``{% load crispy_forms_tags %}{% crispy form %}``; ``base.html`` puts the error summary above
the heading by itself, as long as the form is called ``form`` in the context.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from crispy_forms_gds.fields import DateInputField
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Layout
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.boundfield import BoundField


class PortalForm(forms.Form):
    """A form as every page of ours shows it.

    Set ``submit_label``; override :meth:`layout` to choose label sizes or to leave a field to the page.
    Errors keep what was typed. Fields that may be left empty say so.
    """

    submit_label = "Continue"
    submit_warns = False  # a button that destroys something
    form_method = "post"
    form_action = ""
    marks_optional = True
    use_required_attribute = False  # browsers' own bubbles are not read out well and cannot be worded

    def show_refusal(self, refusal: Exception, field: str | None = None) -> None:
        """Put why an operation refused beside the field it names, or above the form where there is no such field."""
        named = getattr(refusal, "field", None) if field is None else field
        self.add_error(named if named in self.fields else None, str(refusal))

    def layout(self) -> list:
        """The parts of the form above its button: field names or crispy-forms layout objects."""
        return list(self.fields)

    @property
    def helper(self) -> FormHelper:
        """How crispy-forms shows this form."""
        helper = FormHelper()
        helper.form_method = self.form_method
        helper.form_action = self.form_action
        helper.attrs = {"novalidate": True}
        button = Button.warning if self.submit_warns else Button.primary
        helper.layout = Layout(*self.layout(), button("submit", self.submit_label, css_id="id_submit"))
        return helper


class DayField(DateInputField):
    """A day typed in three boxes, with errors that say what is missing."""

    def __init__(self, **kwargs):
        kwargs.setdefault("require_all_fields", False)
        super().__init__(**kwargs)
        self.error_messages["required"] = f"Enter the day, month and year: {_lower(str(self.label or 'the date'))}"

    def compress(self, data_list):
        try:
            day = super().compress(data_list)
        except (forms.ValidationError, OverflowError):  # a year of eleven digits is no date either
            raise forms.ValidationError("Enter a date that exists, like 14 1 2027", code="invalid") from None
        if day and not 1900 <= day.year < 2200:  # “27” would be kept as a year of the Romans
            raise forms.ValidationError("Check the year: it has four digits, like 2027", code="year")
        return day


# Errors in plain words. Django's and allauth's stock sentences never name the field, so they are reworded when shown,
# whichever form they come from; a sentence of our own is left alone.


def _lower(label: str) -> str:
    """The label inside a sentence: ``Your name`` becomes ``your name``; ``NHS number`` stays."""
    return label[:1].lower() + label[1:] if label[1:2].islower() or len(label) == 1 else label


def _missing(field: BoundField) -> str:
    label, widget = str(field.label).rstrip(":"), field.field.widget
    if label.endswith("?"):
        return f"Answer the question: {label}"
    if isinstance(widget, forms.CheckboxInput):
        return f"Tick the box: {_lower(label)}"
    verb = "Choose" if isinstance(widget, (forms.Select, forms.RadioSelect, forms.FileInput)) else "Enter"
    return f"{verb} {_lower(label)}"


STOCK = {
    "This field is required.": _missing,
    "This field cannot be blank.": _missing,
    "Enter a valid email address.": lambda _: "Enter an e-mail address like name@example.org",
    "Enter a valid date.": lambda _: "Enter a date like 14/1/2027",
    "Enter a valid time.": lambda _: "Enter a time like 9:30",
    "Enter a valid date/time.": lambda _: "Enter a date and time like 14/1/2027 9:30",
    "Enter a whole number.": lambda field: f"Enter {_lower(str(field.label))} as a whole number",
    "Enter a number.": lambda field: f"Enter {_lower(str(field.label))} as a number",
    "Enter a valid URL.": lambda _: "Enter a web address that starts with https://",
    "Null characters are not allowed.": lambda _: "Type this again: what was pasted holds a hidden character",
}


def plain_errors(field: BoundField) -> list[str]:
    """What is wrong with a field, each as a sentence a person can act on."""
    return [_reword(field, code, message) for code, message in _said(field.errors)]


def _reword(field: BoundField, code: str, message: str) -> str:
    if message in STOCK:
        return STOCK[message](field)
    if code == "max_length" and message.startswith("Ensure this value"):
        return f"{field.label} must be {field.field.max_length:,} characters or fewer"
    if code == "invalid_choice" and message.startswith("Select a valid choice"):
        return "Choose one of the answers on the page"
    return message


def _said(errors) -> Iterator[tuple[str, str]]:
    """Each error's code and its words."""
    for error in errors.as_data():
        for message in error.messages:
            yield error.code or "", str(message)


@dataclass(frozen=True)
class Problem:
    """A line of the error summary and the id of the box it leads to."""

    message: str
    target: str


def problems(form: forms.BaseForm) -> list[Problem]:
    """Everything wrong with a form, in the order of its fields, those of the whole form first."""
    found = [Problem(message, "") for _, message in _said(form.errors.get(NON_FIELD_ERRORS, forms.utils.ErrorList()))]
    for field in form:
        if field.errors:
            target = "" if field.is_hidden else _first_box(field)
            found += [Problem(message, target) for message in plain_errors(field)]
    return found


def _first_box(field: BoundField) -> str:
    """The id of the first input of a field; for a day in three boxes, the first that is wrong."""
    if isinstance(field.field, forms.MultiValueField):
        wrong = (n for n, part in enumerate(field.field.fields) if getattr(part.widget, "errors", None))
        return f"{field.auto_id}_{next(wrong, 0)}"
    return field.auto_id


@dataclass(frozen=True)
class Option:
    """One radio button or tick box."""

    id: str
    value: object
    label: str
    hint: str
    divider: str
    chosen: bool


def options(field: BoundField) -> list[Option]:
    """The choices of a field, the first with the field's own id, so that an error leads to it."""
    value = field.value()
    given = {str(one) for one in value} if isinstance(value, (list, tuple, set)) else {str(value)}
    return [
        Option(
            id=field.auto_id if n == 0 else f"{field.auto_id}_{n}",
            value=choice[0],
            label=choice[1],
            hint=getattr(choice, "hint", None) or "",
            divider=getattr(choice, "divider", None) or "",
            chosen=str(choice[0]) in given,
        )
        for n, choice in enumerate(field.field.choices)
    ]

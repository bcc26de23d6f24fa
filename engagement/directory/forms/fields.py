"""Boxes of the editors' pages: words never cut, ages with part-years, times, facts nobody need state."""

import re
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.validators import URLValidator

THREE_STATES = (("yes", "Yes"), ("no", "No"), ("", "Not stated"))
LONG = 2000


class Words(forms.CharField):
    """Words of any language: right-to-left text shows as such, a new line counts as one character. Never cut."""

    def __init__(self, *, rows: int = 0, max_length: int = LONG, **kwargs):
        kwargs.setdefault("required", False)
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        super().__init__(max_length=max_length, widget=kwargs.pop("widget", widget), **kwargs)
        self.widget.attrs.setdefault("dir", "auto")
        self.widget.attrs.pop("maxlength", None)  # a browser would cut what is pasted without a word

    def to_python(self, value):
        return super().to_python((value or "").replace("\r\n", "\n"))


def stated(label: str, *, choices=THREE_STATES, small: bool = False, **kwargs) -> forms.ChoiceField:
    """Yes, no or not stated; ``small`` for a list that stands among many."""
    widget = forms.Select if small else forms.RadioSelect
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=widget, **kwargs)


def email(label: str = "E-mail address", **kwargs) -> forms.EmailField:
    return forms.EmailField(label=label, required=False, **kwargs)


class WebPage(forms.URLField):
    """A web address; typed without its scheme it is https."""

    def __init__(self, label: str, **kwargs):
        super().__init__(label=label, required=False, assume_scheme="https", max_length=200, **kwargs)
        self.validators = [each for each in self.validators if not isinstance(each, URLValidator)]
        self.validators.append(URLValidator(schemes=["http", "https"]))


class AgeField(forms.CharField):
    """An age as people say it: ``7``, ``0.5``, ``6 months``, ``1 year 6 months``. Gives years."""

    widget = forms.TextInput(attrs={"class": "govuk-input--width-10"})
    AGE = re.compile(r"(?:(?P<years>\d+(?:\.\d+)?)\s*(?:years?|yrs?|y)?)?\s*(?:(?P<months>\d+)\s*(?:months?|m))?")

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=30, **kwargs)

    def prepare_value(self, value):
        if not isinstance(value, Decimal):
            return value
        months = round(value * 12)
        if value % 1 and value < 2 and round(Decimal(months) / 12, 2) == value:
            return f"{months} month{'' if months == 1 else 's'}"
        return format(value.normalize(), "f")

    def clean(self, value):
        said = super().clean(value).lower().replace("½", ".5").replace(",", ".").strip()
        if not said:
            return None
        months = re.fullmatch(r"(\d+)\s*(?:months?|m)", said)
        found = None if months else self.AGE.fullmatch(said)
        if months:
            age = Decimal(months[1]) / 12
        elif found and (found["years"] or found["months"]):
            age = Decimal(found["years"] or 0) + Decimal(found["months"] or 0) / 12
        else:
            raise forms.ValidationError("Enter an age like 7, 0.5 or 6 months")
        if age > 99:
            raise forms.ValidationError("Enter an age below 100. For no upper limit leave it empty")
        return round(age, 2)


class PoundsField(forms.CharField):
    """Pounds and pence, with or without the sign."""

    widget = forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "decimal"})

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=20, **kwargs)

    def prepare_value(self, value):
        return format(value, "f") if isinstance(value, Decimal) else value

    def clean(self, value):
        said = super().clean(value).replace("£", "").replace(",", "").strip()
        if not said:
            return None
        try:
            amount = Decimal(said)
        except InvalidOperation:
            raise forms.ValidationError("Enter pounds like 5 or 12.50") from None
        if not amount.is_finite() or not 0 <= amount < 100_000 or round(amount, 2) != amount:
            raise forms.ValidationError("Enter pounds like 5 or 12.50")
        return round(amount, 2)


class ClockField(forms.TimeField):
    """A time as people write it: 9:30, 09.30, 2pm, midnight."""

    def __init__(self, **kwargs):
        kwargs.setdefault("required", False)
        super().__init__(
            widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
            input_formats=["%H:%M", "%H.%M", "%H", "%I:%M%p", "%I.%M%p", "%I%p"],
            error_messages={"invalid": "Enter a time like 9:30 or 2pm"},
            **kwargs,
        )

    def to_python(self, value):
        if isinstance(value, str):
            value = value.replace(" ", "").upper()
            value = {"MIDNIGHT": "00:00", "24:00": "00:00", "NOON": "12:00", "MIDDAY": "12:00"}.get(value, value)
        return super().to_python(value)

    def prepare_value(self, value):
        return f"{value:%H:%M}" if hasattr(value, "hour") else value

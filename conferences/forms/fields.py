"""What people write in conferences: kept exactly as they wrote it, or refused in plain words. Never cut."""

from django import forms

SHORT, LONG = 200, 50_000


class Words(forms.CharField):
    """Any words: right-to-left text shows as such, a new line counts as one character."""

    def __init__(self, *, max_length: int, widget, **kwargs):
        kwargs.setdefault("required", False)
        super().__init__(max_length=max_length, widget=widget, **kwargs)
        self.widget.attrs.setdefault("dir", "auto")
        self.widget.attrs.pop("maxlength", None)  # a browser would cut what is pasted without a word

    def to_python(self, value):
        return super().to_python((value or "").replace("\r\n", "\n"))


class ShortWords(Words):
    """A name, a place: one line, at most 200 characters."""

    def __init__(self, **kwargs):
        super().__init__(max_length=SHORT, widget=kwargs.pop("widget", forms.TextInput), **kwargs)


class LongWords(Words):
    """Sentences: at most 50,000 characters, kept with their spaces; spaces alone are nothing."""

    def __init__(self, *, rows: int = 4, **kwargs):
        widget = kwargs.pop("widget", None) or forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=LONG, widget=widget, strip=False, **kwargs)

    def to_python(self, value):
        words = super().to_python(value)
        return words if words.strip() else ""


class ClockField(forms.TimeField):
    """A time as people write it: 9:30, 09.30, 2pm, 2:30 pm."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "govuk-input--width-5"}))
        formats = ["%H:%M", "%H.%M", "%I:%M%p", "%I.%M%p", "%I%p"]
        super().__init__(input_formats=formats, error_messages={"invalid": "Enter a time like 9:30 or 2pm"}, **kwargs)

    def to_python(self, value):
        return super().to_python(value.replace(" ", "").upper() if isinstance(value, str) else value)

    def prepare_value(self, value):
        return f"{value:%H:%M}" if hasattr(value, "hour") else value

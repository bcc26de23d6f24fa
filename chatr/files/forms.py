"""A form field that takes one private file and says plainly why it can't."""

from django import forms

from .rules import CannotStore, check, kind_of, size_in_words


class PrivateFileField(forms.FileField):
    """Takes a file of a registered kind. The cleaned value is the upload; hand its name and bytes to ``store``."""

    default_error_messages = {"required": "Select a file.", "empty": "The selected file is empty."}

    def __init__(self, kind: str, **options):
        self.kind = kind_of(kind)
        options.setdefault("help_text", f"{self.kind.type_names}, up to {size_in_words(self.kind.max_bytes)}.")
        super().__init__(**options)

    def widget_attrs(self, widget) -> dict:
        return super().widget_attrs(widget) | {"accept": ",".join(self.kind.endings)}

    def to_python(self, data):
        upload = super().to_python(data)
        if upload is None:
            return None
        try:
            # One byte past the limit shows it is too large without loading all of it.
            check(self.kind, upload.name, upload.read(self.kind.max_bytes + 1))
        except CannotStore as refusal:
            raise forms.ValidationError(str(refusal), code="refused") from None
        finally:
            upload.seek(0)
        return upload

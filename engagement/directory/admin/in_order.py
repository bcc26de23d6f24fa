"""What staff pages of things in numbered order share: numbers may change places, and a preview saves nothing."""

from django import forms
from django.db import transaction


class NumberedForm(forms.ModelForm):
    """A row with a number. Whether two have the same is judged over all rows at once, so that two can change places."""

    def validate_constraints(self):
        """Left to the operation, which sees all rows at once."""


def rows_of(formset) -> tuple[list, list]:
    """Of a page's rows: the forms that stay, and those ticked to go."""
    gone = set(formset.deleted_forms)
    kept = [form for form in formset.forms if form not in gone and (form.instance.pk or form.has_changed())]
    return kept, list(gone)


class Previews:
    """Adds a Preview button beside Save: everything is written, read as the public would, and undone again."""

    change_form_template = "directory/pathways/staff_form.html"

    def preview(self, request, thing):
        """The public page of ``thing`` as it was typed, as a finished response."""
        raise NotImplementedError

    def response_add(self, request, obj, post_url_continue=None):
        if "_preview" in request.POST:
            return self._undone(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        if "_preview" in request.POST:
            return self._undone(request, obj)
        return super().response_change(request, obj)

    def _undone(self, request, obj):
        response = self.preview(request, obj)
        transaction.set_rollback(True)
        return response

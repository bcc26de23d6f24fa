"""How an entry and a difference look on the staff pages. Everything people wrote is escaped."""

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from ..models import Revision
from ..queries.entries import entry_of
from ..queries.names import names_of
from ..rules.differences import Difference, differences, everything
from ..rules.entries import Entry


class SeenForm(forms.Form):
    """Which saving of a proposal somebody looked at before pressing."""

    edit = forms.IntegerField(widget=forms.HiddenInput)


class RejectForm(SeenForm):
    """Asks why, for the editors to read."""

    reason = forms.CharField(
        label="Why it is not approved",
        help_text="The editors read it as you write it.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say why it is not approved, so that the editors know what to change."},
    )


def entry_table(entry: Entry, caption: str) -> SafeString:
    """All of one entry, a row a field."""
    rows = [each for each in everything(entry, names_of(entry)) if each.after]
    return render_to_string("admin/directory/entry.html", {"rows": rows, "caption": caption})


def difference_table(rows: list[Difference], before: str, after: str) -> SafeString:
    """Two columns, a row for each field that is not the same."""
    return render_to_string("admin/directory/difference.html", {"rows": rows, "before": before, "after": after})


def public_entry(revision: Revision) -> Entry | None:
    """What is public of the service of a proposal; None before its first entry is approved."""
    return entry_of(revision.service) if revision.service.version else None


def changes_of(revision: Revision) -> list[Difference]:
    """A proposal beside what is public now; of one that is decided, beside what was public when it began."""
    proposed = Entry.from_json(revision.entry)
    if revision.state in (Revision.State.DRAFT, Revision.State.SUBMITTED):
        before = public_entry(revision)
    else:
        before = Entry.from_json(revision.base) if revision.base else None
    return differences(before, proposed, names_of(before, proposed))

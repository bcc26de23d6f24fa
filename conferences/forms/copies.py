"""Is what is typed about a copy well formed?"""

from collections.abc import Iterable

from django import forms

from chatr.web.forms import PortalForm

from ..models import CopyKind, CopyMethod
from .fields import LongWords


class PrepareForm(PortalForm):
    """Which copy, and what is typed for this reader alone."""

    submit_label = "Prepare it"

    kind = forms.ChoiceField(label="What do they get?", widget=forms.RadioSelect)
    talked_about = LongWords(
        label="What we talked about, in words for this child",
        help_text="Only in a letter to a child. Short sentences, as you would say them. Name no other child.",
        rows=6,
    )
    personal = LongWords(
        label="Some words of your own",
        help_text="They stand near the beginning, as you write them.",
        rows=4,
    )

    def __init__(self, *args, kinds: Iterable[CopyKind], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        if CopyKind.CHILD_LETTER not in kinds:
            del self.fields["talked_about"]


class IssueForm(PortalForm):
    """How a copy reaches its reader."""

    submit_label = "Give it out"

    method = forms.ChoiceField(label="How does it reach them?", choices=CopyMethod.choices, widget=forms.RadioSelect)
    tell = forms.BooleanField(
        label="Send them an e-mail that says something waits, and nothing else",
        required=False,
    )

    def __init__(self, *args, by_email: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not by_email:
            del self.fields["tell"]


class WithdrawForm(PortalForm):
    """Why a copy is taken back."""

    submit_label = "Take it back"
    submit_warns = True

    reason = LongWords(
        label="Why is it taken back?",
        help_text="If it reached somebody it should not have, also follow your council’s steps for a data breach.",
        required=True,
        rows=3,
    )

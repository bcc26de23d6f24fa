"""Is what a person typed about training well formed? Nothing here is kept."""

from datetime import date

from django import forms

from chatr.web.forms import PortalForm

from .models import Course, CourseRun
from .operations.bookings import NeedsGiven
from .queries.catalogue import Filters

LONGEST_ANSWER = 1000


class AnswerField(forms.CharField):
    """A few sentences. A new line counts as one character, as it does for the person typing."""

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=LONGEST_ANSWER, widget=forms.Textarea, **kwargs)

    def to_python(self, value):
        return super().to_python((value or "").replace("\r\n", "\n"))


class NeedsForm(PortalForm):
    """What a person needs on the day. The page lays it out by hand: it is on the way of every booking."""

    access = AnswerField(label="Access needs")
    dietary = AnswerField(label="Dietary needs")

    @property
    def needs(self) -> NeedsGiven:
        return NeedsGiven(access=self.cleaned_data["access"], dietary=self.cleaned_data["dietary"])


class BookingForm(NeedsForm):
    """The same, with the key that makes answers sent twice one booking."""

    form_key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "Your answers came in part. Look at them again, then continue.",
            "invalid": "Your answers came in part. Look at them again, then continue.",
        },
    )


class MoveForm(PortalForm):
    """Which other run a booking should move to."""

    to = forms.CharField(max_length=40, error_messages={"required": "Choose a date"})


# Filters live in the address, so they are read, not posted.

_NAMES = {"level": "level", "month": "month", "mode": "in person or online", "places": "places left"}


def read_filters(query) -> tuple[Filters, list[str]]:
    """The filters of an address, and the names of those left out because nobody could have chosen them on the page."""
    given = {name: query.get(name, "") for name in _NAMES}
    good = {name: value if _is_known(name, value) else "" for name, value in given.items()}
    return Filters(**good), [_NAMES[name] for name in _NAMES if given[name] and not good[name]]


def _is_known(name: str, value: str) -> bool:
    if name == "level":
        return value in Course.Level.values
    if name == "mode":
        return value in CourseRun.Mode.values
    if name == "places":
        return value == "yes"
    return _is_month(value)


def _is_month(value: str) -> bool:
    try:
        return len(value) == 7 and date.fromisoformat(f"{value}-01").isoformat()[:7] == value
    except ValueError:
        return False

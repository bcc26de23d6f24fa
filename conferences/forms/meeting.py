"""Planning the parts of a meeting and who is in each; handing a conference over."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from crispy_forms_gds.layout import Fieldset, Size
from django import forms
from django.utils.html import format_html

from chatr.web.forms import PortalForm
from chatr.workdays.clock import NoSuchTime, local

from ..models import AssignmentRole, TeamMember
from ..operations.meeting import PartFacts, Seat
from ..queries.meeting import PlannedSeat
from .fields import ClockField, LongWords, ShortWords


class PartForm(PortalForm):
    """When a part is and where."""

    submit_label = "Save"

    starts = ClockField(label="Starts at")
    ends = ClockField(label="Ends at")
    place = ShortWords(label="Room")
    waiting_area = ShortWords(
        label="Waiting area", help_text="Where people of this part wait, unless somebody waits elsewhere."
    )
    call = ShortWords(label="Link of the call", help_text="For those who join online in this part.")

    def __init__(self, *args, day: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.day = day

    def clean(self):
        given = self.cleaned_data
        for name in ("starts", "ends"):
            if given.get(name):
                try:
                    given[f"{name}_at"] = local(self.day, given[name])
                except NoSuchTime:
                    self.add_error(name, "The clocks change then. Choose another time.")
        return given

    @property
    def facts(self) -> PartFacts:
        return PartFacts(**{name: self.cleaned_data[name] for name in PartFacts.__dataclass_fields__})


class SeatsForm(PortalForm):
    """Who is in a part, who joins online, who waits elsewhere. Those already marked in the room are not asked about."""

    submit_label = "Save who is in this part"

    def __init__(self, *args, seats: Sequence[PlannedSeat], **kwargs):
        super().__init__(*args, **kwargs)
        self.seats = [seat for seat in seats if not seat.is_marked]
        for seat in self.seats:
            planned, name = seat.attendance, seat.name
            self.fields[self._name("in", seat)] = forms.BooleanField(
                label=_of("In this part", name), required=False, initial=seat.is_in
            )
            self.fields[self._name("online", seat)] = forms.BooleanField(
                label=_of("Joins online", name), required=False, initial=bool(planned and planned.online)
            )
            self.fields[self._name("waits", seat)] = ShortWords(
                label=_of("Where they wait, if not with the others", name), initial=planned.waits_in if planned else ""
            )

    def layout(self) -> list:
        return [
            Fieldset(
                *(self._name(what, seat) for what in ("in", "online", "waits")),
                legend=seat.name,
                legend_size=Size.SMALL,
            )
            for seat in self.seats
        ]

    @property
    def answers(self) -> dict[UUID, Seat]:
        """Each person's seat by their id."""
        given = self.cleaned_data
        return {
            seat.person.pk: Seat(*(given[self._name(what, seat)] for what in ("in", "online", "waits")))
            for seat in self.seats
        }

    @staticmethod
    def _name(what: str, seat: PlannedSeat) -> str:
        return f"{what}_{seat.person.pk.hex}"


def _of(label: str, name: str) -> str:
    """A label below somebody's name, which is said again to those who hear it alone."""
    return format_html('{}<span class="govuk-visually-hidden">: {}</span>', label, name)


HANDED = {
    AssignmentRole.CHAIR: "Chair it from now on",
    AssignmentRole.COVER: "Cover for the chair, who stays",
    AssignmentRole.MINUTE_TAKER: "Take the minutes from now on",
}


class HandOverForm(PortalForm):
    """To whom, as what and why."""

    submit_label = "Hand over"

    to = forms.ChoiceField(label="Who?", widget=forms.RadioSelect, error_messages={"required": "Choose somebody"})
    role = forms.ChoiceField(label="What will they do?", widget=forms.RadioSelect)
    reason = LongWords(label="Why is it handed over?", required=True, rows=3)

    def __init__(self, *args, members: Sequence[TeamMember], roles: Sequence[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.members = {str(member.pk): member for member in members}
        self.fields["to"].choices = [
            (key, f"{member.user}, {member.get_role_display().lower()}") for key, member in self.members.items()
        ]
        self.fields["role"].choices = [(role, HANDED[role]) for role in roles]

    @property
    def member(self) -> TeamMember:
        return self.members[self.cleaned_data["to"]]

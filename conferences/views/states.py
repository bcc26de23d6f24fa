"""Pages that move a conference on before it is signed, and the one that explains why it was late."""

from django.contrib import messages
from django.shortcuts import redirect

from chatr.workdays.clock import LONDON
from chatr.workdays.queries import bank_holidays

from ..forms.states import BeginForm, CallOffForm, LatenessForm
from ..models import Reason, State
from ..operations import lateness, states
from ..operations.explanations import CannotExplain
from ..queries.access import managers_of
from ..queries.clocks import day_of, limit_missed
from ..queries.explanations import explanations_of
from ..rules import access as rules
from ..rules import overview
from ..rules.timescales import due_in_words, holidays_around
from .base import OpenConferenceView

REFUSALS = (states.CannotChangeState, lateness.CannotExplainLateness, CannotExplain)


class Form(OpenConferenceView):
    """A page with one form; what is refused is said beside its field, with everything typed kept."""

    template = ""

    def make_form(self, data=None):
        raise NotImplementedError

    def do(self, answers: dict) -> None:
        """Make the change, or raise one of ``REFUSALS``."""
        raise NotImplementedError

    def context(self) -> dict:
        return {}

    def get(self, request, conference_id):
        return self.show(self.make_form())

    def post(self, request, conference_id):
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            self.do(form.cleaned_data)
        except REFUSALS as refusal:
            self.refused(form, refusal)
            return self.show(form)
        return redirect("conferences:conference", conference_id)

    def refused(self, form, refusal) -> None:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, str(refusal))

    def show(self, form):
        return self.page(self.template, {"form": form, **self.context()})

    @property
    def acting(self) -> dict:
        """Who does it, to what, and when."""
        return {"conference": self.conference, "by": self.request.user, "now": self.now}


class Begin(Form):
    """Start recording, or put the day right."""

    who_may_see = "The chair, whoever covers for them, and the minute-taker, until it is being checked."
    may = staticmethod(overview.can_move_on)
    template = "conferences/begin.html"

    def enter(self, conference_id, *args, **kwargs):
        closed = super().enter(conference_id, *args, **kwargs)
        if closed is None and self.conference.state == State.CHECK:
            return redirect("conferences:conference", conference_id)
        return closed

    def make_form(self, data=None):
        day = self.conference.held_on or min(self.conference.scheduled_at, self.now).astimezone(LONDON).date()
        form = BeginForm(data, initial={"held_on": day})
        if self.conference.state == State.DRAFT:
            form.submit_label = "Save the day"
        return form

    def do(self, answers):
        states.begin(**answers, **self.acting)

    def refused(self, form, refusal):
        if isinstance(refusal, states.IsBankHoliday):
            form.ask_about_bank_holiday()
        super().refused(form, refusal)


class CallOff(Form):
    """Adjourn or cancel, with the reason."""

    who_may_see = "The chair, whoever covers for them, and the team's manager, before the record is checked."
    may = staticmethod(overview.can_call_off)
    template = "conferences/call_off.html"

    def enter(self, conference_id, *args, **kwargs):
        closed = super().enter(conference_id, *args, **kwargs)
        if closed is None and self.conference.state == State.CHECK:
            return redirect("conferences:conference", conference_id)
        return closed


class Adjourn(CallOff):
    """Put it off: the new date is a conference of its own."""

    def make_form(self, data=None):
        return CallOffForm(data, submit_label="Adjourn this conference")

    def do(self, answers):
        states.adjourn(reason=answers["words"], **self.acting)

    def context(self):
        return {"adjourns": True}


class Cancel(CallOff):
    """Call it off for good."""

    def make_form(self, data=None):
        return CallOffForm(data, submit_label="Cancel this conference", submit_warns=True)

    def do(self, answers):
        states.cancel(reason=answers["words"], **self.acting)


class Move(OpenConferenceView):
    """One button of the overview. Looking changes nothing: it leads back there."""

    may = staticmethod(overview.can_move_on)
    done = ""

    def get(self, request, conference_id):
        return redirect("conferences:conference", conference_id)

    def post(self, request, conference_id):
        try:
            self.move(conference=self.conference, by=request.user, now=self.now)
            messages.success(request, self.done)
        except states.CannotChangeState as refusal:
            messages.warning(request, str(refusal))
        return redirect("conferences:conference", conference_id)


class SendToCheck(Move):
    """The record is written; the chair reads it."""

    who_may_see = "The chair, whoever covers for them, and the minute-taker."
    move = staticmethod(states.send_to_check)
    done = "The record waits to be checked."


class TakeBack(Move):
    """The record needs more work."""

    who_may_see = "The chair, or whoever covers for them."
    may = staticmethod(rules.can_decide)
    move = staticmethod(states.back_to_draft)
    done = "The record can be written on."


class Late(Form):
    """Why it was late, which manager agreed, how the child was kept safe."""

    who_may_see = "The chair, whoever covers for them, and the minute-taker, of a conference after its limit."
    may = staticmethod(rules.can_write_record)
    template = "conferences/late.html"

    def enter(self, conference_id, *args, **kwargs):
        closed = super().enter(conference_id, *args, **kwargs)
        if closed is not None:
            return closed
        self.clock = limit_missed(self.conference, self._today)
        return redirect("conferences:conference", conference_id) if self.clock is None else None

    @property
    def _today(self):
        return self.now.astimezone(LONDON).date()

    def make_form(self, data=None):
        managers = managers_of(self.conference)
        said = {kind: found.words for (kind, child), found in explanations_of(self.conference).items() if not child}
        only = managers[0].pk if len(managers) == 1 else ""
        initial = {
            "why": said.get(Reason.LATE, ""),
            "interim": said.get(Reason.INTERIM_PROTECTION, ""),
            "agreed_by": str(self.conference.late_agreed_by_id or only),
        }
        return LatenessForm(data, initial=initial, managers=managers)

    def do(self, answers):
        lateness.explain_lateness(**answers, **self.acting)

    def context(self):
        day = day_of(self.conference, self._today)
        holidays = bank_holidays(*holidays_around(self.clock.due_on, day))
        return {"late": due_in_words(self.clock.due_on, day, holidays)}

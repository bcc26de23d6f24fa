"""Decisions, who disagrees, and what has to be explained."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect

from ..forms.deciding import NO, WHOLE_FAMILY, YES, DecisionForm, DissentForm, ExplanationsForm
from ..models import Conference, ConferenceChild, Dissent, Person
from ..operations import deciding, explanations
from ..queries import plans as queries
from ..queries.amending import with_amendments
from ..queries.explanations import asked_to_explain
from ..rules import access as rules
from ..rules.census import reporting_code
from ..rules.deciding import outcomes
from .base import ConferenceView, OpenConferenceView


class FormPage(OpenConferenceView):
    """A page with one form: what is refused is said beside its field, with everything typed kept."""

    may = staticmethod(rules.can_write_record)
    template = "conferences/deciding/form.html"
    heading = ""
    goes_to = ""
    refusals: tuple[type[Exception], ...] = ()

    def enter(self, conference_id, *args, **kwargs):
        closed = super().enter(conference_id, *args, **kwargs)
        return closed or self.load(**kwargs)

    def load(self, **kwargs) -> None:
        """Load what the address names, or raise Http404."""

    def make_form(self, data=None):
        raise NotImplementedError

    def keep(self, answers: dict) -> None:
        """Make the one call, or raise one of ``refusals``."""
        raise NotImplementedError

    def context(self) -> dict:
        return {}

    def get(self, request, *args, **kwargs):
        return self.show(self.make_form())

    def post(self, request, *args, **kwargs):
        form = self.make_form(request.POST)
        if form.is_valid():
            try:
                self.keep(form.cleaned_data)
            except self.refusals as refusal:
                form.show_refusal(refusal)
            else:
                return redirect(f"conferences:{self.goes_to}", self.conference.pk)
        return self.show(form)

    def show(self, form):
        # When something was refused, the transaction of the page goes on: the refusal undid its own part alone.
        return self.page(self.template, {"form": form, "heading": self.heading, "back": self.goes_to, **self.context()})

    @property
    def acting(self) -> dict:
        """Who does it and when."""
        return {"by": self.request.user, "now": self.now}


def child_of(conference: Conference, child_id) -> ConferenceChild:
    """A child of this conference, or Http404."""
    children = ConferenceChild.objects.select_related("child__details", "decision")
    return get_object_or_404(children, pk=child_id, conference=conference)


def chosen_child(conference: Conference, value: str) -> ConferenceChild | None:
    """The child chosen in a form, or None for all of them."""
    return None if value == WHOLE_FAMILY else child_of(conference, value)


def chosen_person(people: list[Person], value: str) -> Person | None:
    """The person chosen in a form, or None for nobody."""
    return next((one for one in people if str(one.pk) == value), None)


class Decisions(ConferenceView):
    """What is decided for each child, with who disagrees beside it."""

    who_may_see = "Those whose assignment lets them read the record, and the team's manager."

    def get(self, request, conference_id):
        children = queries.children_here(self.conference)
        with_amendments([here.decision for here in children if here.decision], self.conference)
        for here in children:
            here.reporting_code = reporting_code(here.decision.categories) if here.categories else ""
        context = {
            "children": children,
            "about_all": queries.with_dissents(children, self.conference),
            "is_open": rules.is_open(self.conference),
            "may_decide": rules.can_decide(self.access),
            "may_write": rules.can_write_record(self.access),
        }
        return self.page("conferences/deciding/decisions.html", context)


class Decide(FormPage):
    """Decide for one child."""

    who_may_see = "The chair, or whoever covers for them, until the record is signed."
    may = staticmethod(rules.can_decide)
    template = "conferences/deciding/decide.html"
    goes_to = "decisions"
    refusals = (deciding.CannotDecide,)

    def load(self, child_id, **kwargs):
        here = next((one for one in queries.children_here(self.conference) if one.child.pk == child_id), None)
        if here is None:
            raise Http404
        self.here = here

    def make_form(self, data=None):
        decision = self.here.decision
        initial = decision and {
            "threshold_met": YES if decision.threshold_met else NO,
            **{
                name: getattr(decision, name)
                for name in ("outcome", "categories", "reasons", "family_view", "family_view_not_given")
            },
        }
        allowed = outcomes(self.conference.kind, has_plan=self.here.plan is not None)
        return DecisionForm(data, initial=initial, outcomes=allowed)

    def keep(self, answers):
        deciding.decide(child=self.here.child, **answers, **self.acting)

    def context(self):
        return {"here": self.here}


class AddDissent(FormPage):
    """Write down that somebody disagrees."""

    who_may_see = "The chair, whoever covers for them, and the minute-taker, until the record is signed."
    heading = "Somebody disagrees"
    template = "conferences/deciding/dissent.html"
    goes_to = "decisions"
    refusals = (deciding.CannotDecide,)
    dissent: Dissent | None = None

    def make_form(self, data=None):
        known = self.dissent
        initial = known and {
            "person": str(known.person_id),
            "child": str(known.child_id or WHOLE_FAMILY),
            "formal": known.formal,
            "words": known.words,
            "next_step": known.next_step,
        }
        self.people = queries.people_to_ask(self.conference)
        children = queries.children_here(self.conference)
        return DissentForm(data, initial=initial, people=self.people, children=children)

    def keep(self, answers):
        person = chosen_person(self.people, answers.pop("person"))
        child = chosen_child(self.conference, answers.pop("child"))
        deciding.record_dissent(
            conference=self.conference, person=person, child=child, dissent=self.dissent, **answers, **self.acting
        )


class ChangeDissent(AddDissent):
    """Put it right, or take it away, before the record is signed."""

    def load(self, dissent_id, **kwargs):
        self.dissent = get_object_or_404(Dissent, pk=dissent_id, conference=self.conference)

    def post(self, request, *args, **kwargs):
        if "remove" in request.POST:
            deciding.remove_dissent(dissent=self.dissent, **self.acting)
            return redirect("conferences:decisions", self.conference.pk)
        return super().post(request, *args, **kwargs)

    def context(self):
        return {"dissent": self.dissent}


class Explanations(FormPage):
    """What has to be explained, a box each."""

    who_may_see = "The chair, whoever covers for them, and the minute-taker, until the record is signed."
    heading = "What this record explains"
    template = "conferences/deciding/explanations.html"
    goes_to = "sign"
    refusals = (explanations.CannotExplain,)

    def load(self, **kwargs):
        self.asked = asked_to_explain(self.conference)

    def make_form(self, data=None):
        return ExplanationsForm(data, initial={one.name: one.words for one in self.asked}, asked=self.asked)

    def keep(self, answers):
        explanations.explain_all(
            conference=self.conference, answers={one: answers[one.name] for one in self.asked}, **self.acting
        )

    def context(self):
        return {"asked": self.asked}

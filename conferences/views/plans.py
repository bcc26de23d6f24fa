"""The plan: actions, what came of the last ones, the core group, the next dates."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect

from chatr.workdays.clock import LONDON
from chatr.workdays.queries import bank_holidays

from ..forms.deciding import WHOLE_FAMILY
from ..forms.plans import ActionForm, ActionReviewForm, CoreGroupForm, NextDatesForm, NotePlanForm
from ..models import ConferenceKind, NextMeeting, PlanAction, Reason
from ..operations import plans
from ..queries import plans as queries
from ..queries.amending import with_amendments
from ..queries.explanations import explanations_of
from ..rules import access as rules
from ..rules.readability import hint
from ..rules.timescales import due_in_words, holidays_around
from .base import ConferenceView
from .deciding import FormPage, chosen_child, chosen_person

WRITERS = "The chair, whoever covers for them, and the minute-taker, until the record is signed."
READERS = "Those whose assignment lets them read the record, and the team's manager."
ACTION_WORDS = ("need", "outcome", "action", "measure", "contingency", "plain_words", "due_on")


class ShowPlan(ConferenceView):
    """The plan for each child and for the family, and what came of the last one."""

    who_may_see = READERS

    def get(self, request, conference_id):
        children = queries.children_here(self.conference)
        family = queries.with_actions(children, self.conference)
        actions = [*family, *(one for here in children for one in here.actions)]
        with_amendments(actions, self.conference)
        for action in actions:
            action.hint = hint(action.plain_words)
        context = {
            "children": children,
            "family": family,
            "last": queries.last_actions(self.conference),
            "next_dates": [one for one in queries.next_limits(self.conference).values() if one.on],
            "may_write": rules.can_write_record(self.access) and rules.is_open(self.conference),
        }
        return self.page("conferences/deciding/plan.html", context)


class NotePlan(FormPage):
    """Write down a plan that was open before its first review here."""

    who_may_see = "The chair, or whoever covers for them, in a review of a child without a plan here."
    may = staticmethod(rules.can_decide)
    template = "conferences/deciding/note_plan.html"
    goes_to = "decisions"
    refusals = (plans.CannotPlan,)

    def load(self, child_id, **kwargs):
        children = queries.children_here(self.conference)
        self.here = next((one for one in children if one.child.pk == child_id and one.plan is None), None)
        if self.here is None or self.conference.kind != ConferenceKind.REVIEW:
            raise Http404

    def make_form(self, data=None):
        return NotePlanForm(data)

    def keep(self, answers):
        plans.note_plan(child=self.here.child, **answers, **self.acting)

    def context(self):
        return {"here": self.here}


class ActionPage(FormPage):
    """One action of the plan."""

    who_may_see = WRITERS
    template = "conferences/deciding/action.html"
    goes_to = "plan"
    refusals = (plans.CannotPlan,)
    action: PlanAction | None = None

    def make_form(self, data=None):
        self.people = queries.people_to_ask(self.conference)
        self.children = queries.children_here(self.conference)
        return ActionForm(data, initial=self.initial(), people=self.people, children=self.children)

    def initial(self) -> dict:
        raise NotImplementedError

    def keep(self, answers):
        owner, child = answers.pop("owner"), chosen_child(self.conference, answers.pop("child"))
        answers["owner"] = chosen_person(self.people, owner)
        plans.save_action(
            conference=self.conference,
            child=child,
            given=plans.ActionGiven(**answers),
            action=self.action,
            **self.acting,
        )

    def context(self):
        return {"action": self.action, "hint": hint(self.action.plain_words) if self.action else ""}


class AddAction(ActionPage):
    """Add an action; the address may say for which child."""

    heading = "Add an action"

    def initial(self):
        wanted = self.request.GET.get("child", "")
        known = {str(here.child.pk) for here in self.children}
        return {"child": wanted if wanted in known else WHOLE_FAMILY}


class ChangeAction(ActionPage):
    """Put an action right, or take it out."""

    heading = "An action of the plan"

    def load(self, action_id, **kwargs):
        self.action = get_object_or_404(PlanAction, pk=action_id, conference=self.conference)

    def initial(self):
        action = self.action
        return {
            "child": str(action.child_id or WHOLE_FAMILY),
            "owner": str(action.owner_id or ""),
            **{name: getattr(action, name) for name in ACTION_WORDS},
        }

    def post(self, request, *args, **kwargs):
        if "remove" in request.POST:
            plans.remove_action(action=self.action, **self.acting)
            return redirect("conferences:plan", self.conference.pk)
        return super().post(request, *args, **kwargs)


class ReviewAction(FormPage):
    """Say what came of an action of the last conference."""

    who_may_see = WRITERS
    heading = "What came of this action"
    template = "conferences/deciding/review_action.html"
    goes_to = "plan"
    refusals = (plans.CannotPlan,)

    def load(self, action_id, **kwargs):
        found = (one for one in queries.last_actions(self.conference) if one.action.pk == action_id)
        self.last = next(found, None)
        if self.last is None:
            raise Http404

    def make_form(self, data=None):
        review = self.last.review
        initial = review and {"progress": review.progress, "evidence": review.evidence}
        form = ActionReviewForm(data, initial=initial)
        if self.last.is_carried:
            del form.fields["carry_on"]
        return form

    def keep(self, answers):
        plans.review_action(conference=self.conference, action=self.last.action, **answers, **self.acting)

    def context(self):
        return {"last": self.last}


class CoreGroups(ConferenceView):
    """The core group of each child with a plan."""

    who_may_see = READERS

    def get(self, request, conference_id):
        groups = queries.core_groups(self.conference)
        children = [(here, groups.get(here.child.pk, [])) for here in queries.children_here(self.conference)]
        context = {
            "children": [one for one in children if one[0].goes_on or one[1]],
            "may_write": rules.can_write_record(self.access) and rules.is_open(self.conference),
        }
        return self.page("conferences/deciding/core_groups.html", context)


class SetCoreGroup(FormPage):
    """Say who is in one child's core group, or in that of all children with a plan."""

    who_may_see = WRITERS
    template = "conferences/deciding/core_group.html"
    goes_to = "core-group"
    refusals = (plans.CannotPlan,)

    def load(self, child_id, **kwargs):
        children = queries.children_here(self.conference)
        self.here = next((one for one in children if one.child.pk == child_id and one.goes_on), None)
        if self.here is None:
            raise Http404
        self.with_plan = [one.child for one in children if one.goes_on]

    def make_form(self, data=None):
        self.people = queries.people_to_ask(self.conference)
        members = queries.core_groups(self.conference).get(self.here.child.pk, [])
        initial = {
            "members": [str(one.person_id) for one in members],
            "lead": next((str(one.person_id) for one in members if one.is_lead), ""),
        }
        return CoreGroupForm(data, initial=initial, people=self.people, several=len(self.with_plan) > 1)

    def keep(self, answers):
        plans.set_core_group(
            children=self.with_plan if answers.get("same_for_all") else [self.here.child],
            members=[one for one in self.people if str(one.pk) in answers["members"]],
            lead=chosen_person(self.people, answers["lead"]),
            **self.acting,
        )

    def context(self):
        return {"here": self.here}


class NextDates(FormPage):
    """When the first core group and the next review meet."""

    who_may_see = WRITERS
    heading = "Next dates"
    template = "conferences/deciding/next_dates.html"
    goes_to = "plan"
    refusals = (plans.CannotPlan,)

    def load(self, **kwargs):
        self.limits = queries.next_limits(self.conference)
        self.children = queries.children_here(self.conference)

    def make_form(self, data=None):
        group, review = self.limits[NextMeeting.CORE_GROUP], self.limits[NextMeeting.REVIEW]
        why = explanations_of(self.conference).get((Reason.NEXT_DATE_LATE, None))
        initial = {
            "core_group_on": group.on,
            "core_group_place": group.place,
            "review_on": review.on,
            "review_place": review.place,
            "why_late": why.words if why else "",
        }
        return NextDatesForm(
            data,
            initial=initial,
            with_core_group=queries.has_new_plan(self.children) or group.on is not None,
            limits={"core_group_on": self._limit(group), "review_on": self._limit(review)},
        )

    def _limit(self, limit: queries.Limit) -> str:
        """The limit in words; empty where no clock runs yet."""
        if limit.due_on is None:
            return ""
        due_on, today = limit.due_on, self.now.astimezone(LONDON).date()
        if due_on < today:
            return f"The limit was {due_on:%A} {due_on.day} {due_on:%B %Y}."
        words = due_in_words(due_on, today, bank_holidays(*holidays_around(today, due_on)))
        return f"{words[:1].upper()}{words[1:]}."

    def keep(self, answers):
        kept = {"core_group_on": None, "core_group_place": "", **answers}
        plans.set_next_dates(conference=self.conference, **kept, **self.acting)

    def context(self):
        return {"any_plan": any(here.goes_on for here in self.children)}

"""Scheduling a conference: the form, a page to check it, and changing its arrangements and children afterwards."""

import uuid

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from ..forms.children import (
    LOCAL_ID,
    MOST_CHILDREN,
    AddChildForm,
    CorrectChildForm,
    typed_in,
    without_child,
)
from ..forms.scheduling import ChangeForm, ScheduleForm
from ..models import ConferenceChild, State, TeamMember
from ..operations import children as children_operations
from ..operations import scheduling as operations
from ..operations.scheduling import CannotSchedule
from ..queries import family as queries
from ..rules import access as rules
from .base import AreaView, ConferenceView, OpenConferenceView


def show_refusal(form, refusal: CannotSchedule) -> None:
    """Put a refusal beside its field: of the child it is about, of the whole form where the page has no such field."""
    name = f"{refusal.field}_{refusal.child}" if refusal.child else refusal.field
    form.show_refusal(refusal, name)


def local_ids(data) -> list[str]:
    """Every well-formed local id typed into a form."""
    typed = (value.strip() for name, value in data.items() if name.startswith("la_child_id_"))
    return [value for value in typed if LOCAL_ID.fullmatch(value)]


def count_children(data) -> int:
    """How many children the form that was sent asked about."""
    return sum(name.startswith("la_child_id_") for name in data)


class ScheduleConference(AreaView):
    """One address for a new conference. What is typed travels in the page and is kept nowhere until confirmed."""

    who_may_see = "Chairs, minute-takers and chairs' managers who belong to a team."

    def enter(self):
        self.chairs = queries.chairs_for(self.request.user)
        if not rules.can_schedule(self.request.user) or not self.chairs:
            raise Http404

    def get(self, request):
        mine = [str(member.pk) for member in self.chairs if member.user_id == request.user.pk]
        return self._ask(self._form(initial={"form_key": uuid.uuid4(), "chair": next(iter(mine), "")}))

    def post(self, request):
        count = count_children(request.POST)
        form = self._form(request.POST, children=count, known=queries.known_children(local_ids(request.POST)))
        if "add-child" in request.POST:
            return self._ask(self._form(initial=typed_in(form), children=min(count + 1, MOST_CHILDREN)))
        for n in form.places:
            if f"remove-{n}" in request.POST and count > 1:
                return self._ask(self._form(initial=without_child(typed_in(form), n), children=count - 1))
        if "change" in request.POST or not form.is_valid():
            return self._ask(form)
        try:
            if "confirm" in request.POST:
                return self._schedule(form)
            operations.try_to_schedule(**self._answers(form))
        except CannotSchedule as refusal:
            show_refusal(form, refusal)
            return self._ask(form, action="search")
        return self._check(form)

    def _schedule(self, form):
        conference = operations.schedule_conference(**self._answers(form))
        return redirect("conferences:people", conference.pk)

    def _form(self, *args, **kwargs) -> ScheduleForm:
        return ScheduleForm(
            *args,
            chairs=self.chairs,
            may_override=queries.manages_a_team(self.request.user),
            today=timezone.localdate(self.now),
            **kwargs,
        )

    def _answers(self, form: ScheduleForm) -> dict:
        given = form.cleaned_data
        return {
            "team": form.chair_member.team,
            "chair": form.chair_member.user,
            "scheduled_at": form.scheduled_at,
            "children": form.children,
            "report_author": form.report_author,
            "independence_reason": given.get("independence_reason", ""),
            "key": given["form_key"],
            "by": self.request.user,
            "now": self.now,
            **{name: given[name] for name in ("kind", "minutes", "mode", "place", "joining", "notified_on")},
            "bank_holiday_meant": given["bank_holiday_meant"],
        }

    def _ask(self, form, **access):
        return self.page("conferences/before/schedule.html", {"form": form}, **access)

    def _check(self, form):
        children = [(child, form.known.get(child.la_child_id)) for child in form.children]
        # Exactly what was sent goes on to the next page.
        typed = [
            (name, value)
            for name, values in self.request.POST.lists()
            if name not in ("csrfmiddlewaretoken", "submit")
            for value in values
        ]
        context = {"form": form, "children": children, "typed": typed}
        return self.page("conferences/before/check_schedule.html", context, action="search")


class ChangeConference(OpenConferenceView):
    """When, where and how a conference meets, and which children it is about."""

    who_may_see = "Those who prepare the conference: its chair, minute-taker and the team's manager."

    def get(self, request, conference_id):
        one, words = self.conference, self.conference.arrangements
        starts = timezone.localtime(one.scheduled_at)
        author = TeamMember.objects.live().filter(user=one.report_author, team=one.team).first()
        initial = {
            "day": starts.date(),
            "at": starts.time(),
            "minutes": one.minutes,
            "mode": one.mode,
            "place": words.place,
            "joining": words.joining,
            "notes": words.notes,
            "notified_on": one.notified_on,
            "mother_not_medically_fit": one.mother_not_medically_fit,
            "wrote_report": str(author.pk) if author and one.report_author else "",
        }
        return self._show(self._form(initial=initial))

    def post(self, request, conference_id):
        form = self._form(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            kept = ("minutes", "mode", "place", "joining", "notes", "bank_holiday_meant")
            try:
                operations.change_arrangements(
                    conference=self.conference,
                    scheduled_at=form.scheduled_at,
                    report_author=form.report_author,
                    independence_reason=given.get("independence_reason", ""),
                    notified_on=given.get("notified_on"),
                    mother_not_medically_fit=given.get(
                        "mother_not_medically_fit", self.conference.mother_not_medically_fit
                    ),
                    by=request.user,
                    now=self.now,
                    **{name: given[name] for name in kept},
                )
                return redirect("conferences:conference", conference_id)
            except CannotSchedule as refusal:
                show_refusal(form, refusal)
        return self._show(form)

    def _form(self, *args, **kwargs) -> ChangeForm:
        self.children = queries.children_of(self.conference)
        mine = [one for one in queries.chairs_for(self.request.user) if one.team_id == self.conference.team_id]
        return ChangeForm(
            *args,
            chairs=mine,
            may_override=rules.can_manage(self.access),
            conference=self.conference,
            has_unborn=any(child.child.details.born_on is None for child in self.children),
            today=timezone.localdate(self.now),
            **kwargs,
        )

    def _show(self, form):
        context = {
            "form": form,
            "children": self.children,
            "has_begun": self.conference.state != State.SCHEDULED,
        }
        return self.page("conferences/before/change.html", context, thing=self.conference)


class AddChild(OpenConferenceView):
    """One more child, by their local id."""

    who_may_see = ChangeConference.who_may_see

    def get(self, request, conference_id):
        return self._show(AddChildForm(today=timezone.localdate(self.now)))

    def post(self, request, conference_id):
        known = queries.known_children(local_ids(request.POST))
        form = AddChildForm(request.POST, known=known, today=timezone.localdate(self.now))
        found = None
        if form.is_valid():
            (child,) = form.children
            found = form.known.get(child.la_child_id)
            if found and "confirm" not in request.POST:
                return self._show(form, found=found)
            try:
                operations.add_child(conference=self.conference, child=child, by=request.user, now=self.now)
                return redirect("conferences:change-conference", conference_id)
            except CannotSchedule as refusal:
                form.show_refusal(refusal, f"{refusal.field}_1")
        return self._show(form)

    def _show(self, form, found=None):
        return self.page("conferences/before/add_child.html", {"form": form, "found": found}, action="search")


class ChildMixin:
    """Loads the child a page is about; a child of another conference does not exist."""

    who_may_see = ChangeConference.who_may_see
    may = staticmethod(rules.can_prepare)

    def enter(self, conference_id, child_id):
        leads_back = super().enter(conference_id)
        self.child = get_object_or_404(
            ConferenceChild.objects.select_related("child__details", "conference", "person"),
            pk=child_id,
            conference=self.conference,
        )
        return leads_back


class CorrectChild(ChildMixin, ConferenceView):
    """Put right what is known about a child, or write down a birth: also once a plan made before it is signed."""

    def get(self, request, conference_id, child_id):
        details = self.child.child.details
        names = ("name", "known_as", "born_on", "expected_on", "sex", "died_on")
        initial = {f"{name}_1": getattr(details, name) for name in names}
        return self._show(CorrectChildForm(initial=initial, today=timezone.localdate(self.now)))

    def post(self, request, conference_id, child_id):
        form = CorrectChildForm(request.POST, today=timezone.localdate(self.now))
        if form.is_valid():
            try:
                children_operations.correct_child(child=self.child, **form.details, by=request.user, now=self.now)
                return redirect("conferences:person", conference_id, self.child.person.pk)
            except CannotSchedule as refusal:
                form.show_refusal(refusal, f"{refusal.field}_1")
        return self._show(form)

    def _show(self, form):
        return self.page("conferences/before/correct_child.html", {"form": form, "child": self.child}, thing=self.child)


class RemoveChild(ChildMixin, OpenConferenceView):
    """Take a child off, after one more question."""

    def get(self, request, conference_id, child_id):
        return self._show()

    def post(self, request, conference_id, child_id):
        try:
            children_operations.remove_child(child=self.child, by=request.user, now=self.now)
        except CannotSchedule as refusal:
            return self._show(str(refusal))
        return redirect("conferences:change-conference", conference_id)

    def _show(self, refusal: str = ""):
        context = {"child": self.child, "refusal": refusal}
        return self.page("conferences/before/remove_child.html", context, thing=self.child)

"""Who must be kept apart; and the section 47 enquiry of each child."""

from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from ..forms.children import typed_in
from ..forms.safety import MOST_DISCUSSIONS, EnquiryForm, FlagForm
from ..models import Person, SafetyFlag, State
from ..operations import enquiries
from ..operations import safety as operations
from ..queries import family as family_queries
from ..queries import safety as queries
from ..queries.names import person_name
from ..rules import access as rules
from ..rules.safety import conflicts
from .base import ConferenceView, OpenConferenceView
from .family import WHO
from .scheduling import ChildMixin


class Safety(ConferenceView):
    """Who must be kept apart. Flags can be added and ended after signing too."""

    may = staticmethod(rules.can_prepare)
    who_may_see = WHO

    def get(self, request, conference_id):
        return self._show(FlagForm(people=self._people()))

    def post(self, request, conference_id):
        form = FlagForm(request.POST, people=self._people())
        if form.is_valid():
            try:
                operations.add_flag(conference=self.conference, **form.flag, by=request.user, now=self.now)
                return redirect("conferences:safety", conference_id)
            except operations.CannotFlag as refusal:
                form.show_refusal(refusal)
        return self._show(form)

    def _people(self) -> list[Person]:
        people = Person.objects.filter(conference=self.conference)
        return sorted(people, key=lambda person: (person.position, person.name.casefold()))

    def _show(self, form):
        flags = queries.flags_of(self.conference)
        found = conflicts(queries.flags_in_force(self.conference), queries.placements_of(self.conference))
        meeting = {(form.people.get(str(one.person_a)), form.people.get(str(one.person_b)), one.where) for one in found}
        context = {
            "form": form,
            "flags": flags,
            "meeting": sorted((person_name(a), person_name(b), where) for a, b, where in meeting if a and b),
            "can_add": self.conference.state != State.CANCELLED,
        }
        return self.page("conferences/before/safety.html", context)


class EndFlag(ConferenceView):
    """Say that two people need not be kept apart any more."""

    may = staticmethod(rules.can_prepare)
    who_may_see = WHO

    def enter(self, conference_id, flag_id):
        super().enter(conference_id)
        self.flag = get_object_or_404(
            SafetyFlag.objects.select_related("person_a", "person_b"), pk=flag_id, conference=self.conference
        )

    def get(self, request, conference_id, flag_id):
        return self.page("conferences/before/end_flag.html", {"flag": self.flag}, thing=self.flag)

    def post(self, request, conference_id, flag_id):
        try:
            operations.end_flag(flag=self.flag, by=request.user, now=self.now)
        except operations.CannotFlag:
            pass  # sent twice: the list says that it ended
        return redirect("conferences:safety", conference_id)


class Enquiry(ConferenceView):
    """The enquiry of each child at a glance."""

    may = staticmethod(rules.can_prepare)
    who_may_see = WHO

    def get(self, request, conference_id):
        discussions: dict = {}
        for one in self.conference.strategy_discussions.order_by("held_on"):
            discussions.setdefault(one.child_id, []).append(one)
        children = self.conference.children.select_related("child__details", "enquiry").order_by("position")
        rows = [(child, getattr(child, "enquiry", None), discussions.get(child.pk, [])) for child in children]
        return self.page("conferences/before/enquiry.html", {"rows": rows, "is_open": rules.is_open(self.conference)})


class EditEnquiry(ChildMixin, OpenConferenceView):
    """One child's enquiry; the same dates can be kept for every child."""

    def get(self, request, conference_id, child_id):
        found = getattr(self.child, "enquiry", None)
        discussions = list(self.child.strategy_discussions.order_by("held_on"))
        initial = {f"held_on_{n}": one.held_on for n, one in enumerate(discussions, 1)}
        initial["initiated"] = next((str(n) for n, one in enumerate(discussions, 1) if one.initiated_s47), "1")
        if found:
            initial |= {
                "started_on": found.started_on,
                "referral_on": found.referral_on,
                "not_required": found.icpc_not_required,
            }
        return self._show(self._form(initial=initial, discussions=len(discussions) or 1))

    def post(self, request, conference_id, child_id):
        count = sum(name.startswith("held_on_") and name.endswith("_0") for name in request.POST)
        form = self._form(request.POST, discussions=count)
        if "add-discussion" in request.POST:
            return self._show(self._form(initial=typed_in(form), discussions=min(count + 1, MOST_DISCUSSIONS)))
        if form.is_valid():
            try:
                enquiries.record_enquiry(
                    conference=self.conference,
                    children=self.all_children if form.cleaned_data.get("for_all") else [self.child],
                    started_on=form.cleaned_data["started_on"],
                    referral_on=form.cleaned_data["referral_on"],
                    not_required=form.cleaned_data["not_required"],
                    discussions=form.discussions,
                    by=request.user,
                    now=self.now,
                )
                return redirect("conferences:enquiry", conference_id)
            except enquiries.CannotRecordEnquiry as refusal:
                name = refusal.field
                if refusal.discussion:
                    name = f"held_on_{form.place_of(refusal.discussion)}"
                form.show_refusal(refusal, name)
        return self._show(form)

    def _form(self, *args, **kwargs) -> EnquiryForm:
        self.all_children = family_queries.children_of(self.conference)
        today = timezone.localdate(self.now)
        return EnquiryForm(*args, siblings=len(self.all_children) > 1, today=today, **kwargs)

    def _show(self, form):
        return self.page("conferences/before/edit_enquiry.html", {"form": form, "child": self.child}, thing=self.child)

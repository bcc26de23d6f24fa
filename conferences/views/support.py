"""What somebody needs to take part, the meeting beforehand, what they chose, and a child's advocate."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from ..forms.support import AdvocateForm, ChoicesForm, PreparationForm, SupportForm
from ..models import Assignment, AssignmentRole, Support
from ..operations import support as operations
from ..queries import family as queries
from .base import ConferenceView, OpenConferenceView
from .family import PersonMixin


class SaveSupport(PersonMixin, OpenConferenceView):
    """Help somebody was offered: something new, or what came of it since."""

    def enter(self, conference_id, person_id, support_id=None):
        leads_back = super().enter(conference_id, person_id)
        self.support = None
        if support_id:
            self.support = get_object_or_404(
                Support.objects.select_related("conference"),
                pk=support_id,
                person=self.person,
                conference=self.conference,
            )
        return leads_back

    def get(self, request, *args, **kwargs):
        initial = {name: getattr(self.support, name) for name in SupportForm.base_fields} if self.support else {}
        return self._show(SupportForm(initial=initial))

    def post(self, request, *args, **kwargs):
        if self.support and "remove" in request.POST:
            operations.remove_support(support=self.support, by=request.user, now=self.now)
            return self.back()
        form = SupportForm(request.POST)
        if form.is_valid():
            try:
                operations.save_support(
                    person=self.person, facts=form.facts, support=self.support, by=request.user, now=self.now
                )
                return self.back()
            except operations.CannotSupport as refusal:
                form.show_refusal(refusal)
        return self._show(form)

    def _show(self, form):
        context = {"form": form, "support": self.support, "last_time": queries.last_time(self.person)}
        return self.page("conferences/before/support.html", context)


class SavePreparation(PersonMixin, OpenConferenceView):
    """The meeting with the chair beforehand."""

    def get(self, request, *args, **kwargs):
        found = getattr(self.person, "preparation", None)
        form = PreparationForm(
            initial={name: getattr(found, name) for name in PreparationForm.base_fields} if found else {}
        )
        return self._show(form)

    def post(self, request, *args, **kwargs):
        form = PreparationForm(request.POST)
        if form.is_valid():
            try:
                operations.save_preparation(person=self.person, facts=form.facts, by=request.user, now=self.now)
                return self.back()
            except operations.CannotSupport as refusal:
                form.show_refusal(refusal)
        return self._show(form)

    def _show(self, form):
        return self.page("conferences/before/preparation.html", {"form": form})


class SaveChoices(PersonMixin, OpenConferenceView):
    """What somebody chose, in their words; what they chose last time stands beside it."""

    def get(self, request, *args, **kwargs):
        return self._show(ChoicesForm(initial={one.kind: one.words for one in self.person.choices.all()}))

    def post(self, request, *args, **kwargs):
        form = ChoicesForm(request.POST)
        if form.is_valid():
            operations.save_choices(person=self.person, words=form.words, by=request.user, now=self.now)
            return self.back()
        return self._show(form)

    def _show(self, form):
        context = {"form": form, "last_time": queries.last_time(self.person)}
        return self.page("conferences/before/choices.html", context)


class LetAdvocateIn(PersonMixin, OpenConferenceView):
    """Let a child's advocate write that child's words, and nothing else."""

    def enter(self, conference_id, person_id):
        leads_back = super().enter(conference_id, person_id)
        if self.person.child is None:
            raise Http404
        return leads_back

    def get(self, request, *args, **kwargs):
        return self._show(AdvocateForm())

    def post(self, request, *args, **kwargs):
        form = AdvocateForm(request.POST)
        if form.is_valid():
            child = self.person.child
            child.conference = self.conference
            try:
                operations.let_advocate_in(child=child, email=form.cleaned_data["email"], by=request.user, now=self.now)
                return self.back()
            except operations.CannotSupport as refusal:
                form.show_refusal(refusal)
        return self._show(form)

    def _show(self, form):
        return self.page("conferences/before/advocate.html", {"form": form})


class LetAdvocateOut(PersonMixin, ConferenceView):
    """End an advocate's way in; what they wrote stays."""

    def post(self, request, conference_id, person_id, assignment_id):
        assignment = get_object_or_404(
            Assignment.objects.live().select_related("conference"),
            pk=assignment_id,
            conference=self.conference,
            role=AssignmentRole.ADVOCATE,
            for_children__child_id=self.person.child_id,
        )
        operations.let_advocate_out(assignment=assignment, by=request.user, now=self.now)
        return self.back()

"""Handing a conference over, and covering for its chair."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect

from ..forms.meeting import HandOverForm
from ..models import Assignment, AssignmentRole, TeamRole
from ..operations import handing_over as operations
from ..queries import meeting as queries
from ..rules import access as rules
from .base import ConferenceView


class HandOver(ConferenceView):
    """Who chairs, covers and takes the minutes, and handing it to somebody else of the team."""

    may = staticmethod(rules.can_hand_over)
    who_may_see = "The conference's chair, who covers for them, and the team's manager."

    def get(self, request, conference_id):
        return self._show(self._form())

    def post(self, request, conference_id):
        form = self._form(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                operations.hand_over(
                    conference=self.conference,
                    role=given["role"],
                    to=form.member,
                    reason=given["reason"],
                    by=request.user,
                    now=self.now,
                )
            except operations.CannotHandOver as refusal:
                form.show_refusal(refusal)
            else:
                messages.success(request, "Handed over.")
                return redirect("conferences:desk")
        return self._show(form)

    def _form(self, *args) -> HandOverForm:
        roles = [AssignmentRole.COVER, AssignmentRole.MINUTE_TAKER]
        if rules.is_open(self.conference):
            roles.insert(0, AssignmentRole.CHAIR)
        members = queries.team_members(self.conference, TeamRole.CHAIR, TeamRole.MINUTE_TAKER, TeamRole.MANAGER)
        return HandOverForm(*args, members=members, roles=roles)

    def _show(self, form):
        context = {"form": form, "let_in": queries.let_in(self.conference)}
        return self.page("conferences/meeting/hand_over.html", context)


class EndCover(ConferenceView):
    """Nobody covers any more."""

    may = staticmethod(rules.can_hand_over)
    who_may_see = HandOver.who_may_see

    def post(self, request, conference_id, assignment_id):
        cover = get_object_or_404(
            Assignment.objects.live(), pk=assignment_id, conference=self.conference, role=AssignmentRole.COVER
        )
        try:
            operations.end_cover(assignment=cover, by=request.user, now=self.now)
        except operations.CannotHandOver:
            raise Http404 from None
        if cover.user == request.user:  # who let themselves out sees nothing here any more
            return redirect("conferences:desk")
        return redirect("conferences:hand-over", conference_id)

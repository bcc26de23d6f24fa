"""Holding records, and agreeing that one which was kept long enough goes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from chatr.accounts.views.steps import RecentlyConfirmed

from ..forms.keeping import DecideForm, HoldForm, RuleForm
from ..models import LegalHold
from ..operations import keeping as operations
from ..queries import keeping as queries
from ..rules import keeping as rules
from .base import ConferenceView
from .oversight import ManagerView

AT_ONCE = 25
SHOWN = 50


class Holds(ConferenceView):
    """Every legal hold on a record, and a form to place one."""

    who_may_see = "The chair, their cover and the team's manager."
    may = staticmethod(rules.can_place_hold)

    def get(self, request, conference_id):
        return self._show(HoldForm())

    def post(self, request, conference_id):
        form = HoldForm(request.POST)
        if form.is_valid():
            try:
                operations.place_hold(
                    conference=self.conference, reason=form.cleaned_data["reason"], by=request.user, now=self.now
                )
            except operations.CannotHold as refusal:
                form.show_refusal(refusal, "reason")
            else:
                messages.success(request, "The hold is placed.")
                return redirect("conferences:holds", conference_id)
        return self._show(form)

    def _show(self, form):
        context = {
            "form": form,
            "holds": queries.holds_on(self.conference),
            "can_lift": rules.can_lift_hold(self.access),
        }
        return self.page("conferences/keeping/holds.html", context)


class LiftHold(ConferenceView):
    """End one hold."""

    who_may_see = "The team's manager."
    may = staticmethod(rules.can_lift_hold)

    def get(self, request, conference_id, hold_id):
        hold = self._hold(hold_id)
        return self.page("conferences/keeping/lift_hold.html", {"hold": hold}, thing=hold)

    def post(self, request, conference_id, hold_id):
        try:
            operations.lift_hold(hold=self._hold(hold_id), by=request.user, now=self.now)
            messages.success(request, "The hold is lifted.")
        except operations.CannotHold as refusal:
            messages.warning(request, str(refusal))
        return redirect("conferences:holds", conference_id)

    def _hold(self, hold_id):
        return get_object_or_404(
            LegalHold.objects.select_related("placed_by", "conference"), pk=hold_id, conference=self.conference
        )


class Keeping(ManagerView):
    """What is proposed, what is held, how long things are kept, and what went."""

    def get(self, request):
        proposals = list(queries.open_proposals()[: AT_ONCE + 1])
        context = {
            "proposals": proposals[:AT_ONCE],
            "more": len(proposals) > AT_ONCE,
            "held": queries.held(timezone.localdate(self.now))[:SHOWN],
            "rules": queries.rules_of_keeping(),
            "gone": queries.tombstones()[:SHOWN],
        }
        return self.page("conferences/keeping/keeping.html", context)


class AgreeRule(RecentlyConfirmed, ManagerView):
    """Say how long something is kept, and on whose authority."""

    def get(self, request):
        return self.page("conferences/keeping/rule.html", {"form": RuleForm()})

    def post(self, request):
        form = RuleForm(request.POST)
        if form.is_valid():
            try:
                operations.agree_rule(**form.cleaned_data, by=request.user, now=self.now)
            except operations.CannotKeep as refusal:
                form.show_refusal(refusal)
            else:
                messages.success(request, "The rule is agreed.")
                return redirect("conferences:keeping")
        return self.page("conferences/keeping/rule.html", {"form": form})


class DecideProposal(RecentlyConfirmed, ManagerView):
    """Agree that a record goes, or say that it stays. The second person's agreement carries it out."""

    def enter(self, proposal_id):
        super().enter()
        self.proposal = queries.open_proposals().filter(pk=proposal_id).first()
        if self.proposal is None:
            raise Http404

    def get(self, request, proposal_id):
        return self._show(DecideForm())

    def post(self, request, proposal_id):
        if "keep" in request.POST:
            operations.decline(proposal=self.proposal, by=request.user, now=self.now)
            messages.success(request, "It stays. It is not proposed again for a year.")
            return redirect("conferences:keeping")
        form = DecideForm(request.POST)
        if form.is_valid():
            try:
                gone = operations.agree(proposal=self.proposal, by=request.user, now=self.now)
            except operations.CannotDispose as refusal:
                form.show_refusal(refusal)
            else:
                said = "It was disposed of." if gone else "You agreed. Nothing happens until somebody else agrees too."
                messages.success(request, said)
                return redirect("conferences:keeping")
        return self._show(form)

    def _show(self, form):
        context = {
            "form": form,
            "proposal": self.proposal,
            "may_agree": rules.may_agree(self.request.user, self.proposal),
            "is_second": rules.is_second(self.proposal),
        }
        return self.page(
            "conferences/keeping/decide.html",
            context,
            thing=self.proposal,
            conference_id=self.proposal.conference_id,
        )

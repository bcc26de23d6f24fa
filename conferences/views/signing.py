"""Signing a record: what is missing, the signature, and who may sign in the chair's stead."""

from django.shortcuts import redirect
from django.urls import reverse

from chatr.accounts.views.steps import RecentlyConfirmed
from chatr.workdays.clock import LONDON

from ..forms.signing import SignForm
from ..models import AssignmentRole, Conference
from ..operations import signing
from ..queries.missing import Checklist, Missing, checklist
from ..queries.plans import children_here
from ..queries.signed import canonical, fingerprint, verify_signature
from ..rules import access as rules
from .base import ConferenceView
from .deciding import FormPage


def link_of(conference: Conference, one: Missing) -> str:
    """The page to put something right."""
    return reverse(f"conferences:{one.url_name}", args=[conference.pk, *one.named])


class CheckToSign(ConferenceView):
    """What is missing before a record can be signed; and once it is, by whom, when, and that it still is the same."""

    who_may_see = "Those whose assignment lets them read the record, and the team's manager."

    def get(self, request, conference_id):
        if not rules.is_open(self.conference):
            return self._signed()
        found = self._checklist()
        context = {
            "missing": [(one.sentence, link_of(self.conference, one)) for one in found.missing],
            "notices": [(one.sentence, link_of(self.conference, one)) for one in found.notices],
            "plan_problems": signing.plan_problems(children_here(self.conference), self.conference.held_on),
            "may_sign": rules.can_decide(self.access),
            "may_let_cover": rules.can_hand_over(self.access),
        }
        return self.page("conferences/deciding/check_to_sign.html", context)

    def _checklist(self) -> Checklist:
        return checklist(self.conference, self.now.astimezone(LONDON).date())

    def _signed(self):
        sees_all = rules.can_decide(self.access) or rules.can_manage(self.access)
        is_signed = rules.is_signed(self.conference)
        context = {
            "is_signed": is_signed,
            "sees_copies": rules.can_prepare_copies(self.access),
            "signed_by": self.conference.signed_by,
            "is_checked": is_signed and sees_all,
            "holds": is_signed and sees_all and verify_signature(self.conference),
        }
        return self.page("conferences/deciding/signed.html", context)


class Sign(RecentlyConfirmed, FormPage):
    """Sign, over exactly what was seen."""

    who_may_see = "The chair, or whoever covers for them, who has just shown who they are, while nothing is missing."
    may = staticmethod(rules.can_decide)
    template = "conferences/deciding/sign.html"
    goes_to = "sign"
    refusals = (signing.CannotSign,)

    def load(self, **kwargs):
        if self.request.method == "GET" and checklist(self.conference, self.now.astimezone(LONDON).date()).missing:
            return redirect("conferences:sign", self.conference.pk)
        return None

    def make_form(self, data=None):
        seen = "" if data is not None else fingerprint(canonical(self.conference))
        return SignForm(data, initial={"version": seen})

    def keep(self, answers):
        signing.sign_record(conference=self.conference, version=answers["version"], name=answers["name"], **self.acting)

    def context(self):
        return {
            "children": children_here(self.conference),
            "covers": self.access.role == AssignmentRole.COVER,
            "title": self.conference.team.chair_title,
        }

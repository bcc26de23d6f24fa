"""The invitations of a conference: prepared for each person, seen as they will see them, then given out."""

from django.shortcuts import get_object_or_404, redirect

from ..models import CopyKind, Person
from ..operations.copies import CannotPrepare, prepare_copy
from ..queries.copies import given_out
from ..queries.invitations import invitation_rows
from ..rules import access as rules
from ..rules import copies as copy_rules
from .base import ConferenceView, posted_id


class Invitations(ConferenceView):
    """Whom is written to, and how far it is. Preparing one leads to it."""

    may = staticmethod(rules.can_prepare)
    who_may_see = "Those who prepare the conference: its chair, minute-taker and the team's manager."

    def get(self, request, conference_id, refusal=""):
        context = {
            "rows": invitation_rows(self.conference),
            "may_prepare": copy_rules.can_prepare_a_copy(self.access) and rules.is_open(self.conference),
            "refusal": refusal,
        }
        return self.page("conferences/meeting/invitations.html", context)

    def post(self, request, conference_id):
        recipient = get_object_or_404(Person, pk=posted_id(request.POST.get("person")), conference=self.conference)
        try:
            copy = prepare_copy(
                kind=CopyKind.INVITATION,
                recipient=recipient,
                replaces=given_out(recipient, CopyKind.INVITATION),
                by=request.user,
                now=self.now,
            )
        except CannotPrepare as refusal:
            return self.get(request, conference_id, str(refusal))
        return redirect("conferences:copy", conference_id, copy.pk)

"""The chair's desk: my conferences, what is due, what is missing; and one conference at a glance."""

from ..models import Conference
from .base import AreaView, ConferenceView


class Desk(AreaView):
    """What is mine and what is due."""

    def get(self, request):
        conferences = Conference.objects.filter(assignments__user=request.user).distinct().order_by("scheduled_at")
        return self.page("conferences/desk.html", {"conferences": conferences})


class Overview(ConferenceView):
    """One conference: where it stands and where to go on."""

    who_may_see = "Those whose assignment lets them read the record, and the team's manager."

    def get(self, request, conference_id):
        return self.page("conferences/conference.html")

"""Who has seen this record: for the chair and the manager, and as an answer to a family that asks."""

from collections.abc import Iterable
from uuid import UUID

from django.core.paginator import Paginator

from ..queries import access_log as queries
from ..rules import access as rules
from .base import ConferenceView

A_PAGE = 50


class ShowAccessLog(ConferenceView):
    """Everything that was opened, or tried, newest first; of one person, when asked."""

    who_may_see = "The chair, their cover and the manager of the team."
    may = staticmethod(rules.can_see_access_log)

    def get(self, request, conference_id):
        people = queries.people_in(self.conference)
        person_id = _known(request.GET.get("person"), people)
        events = queries.with_activity(queries.entries(self.conference, person_id))
        page = Paginator(events, A_PAGE).get_page(request.GET.get("page"))
        return self.page(
            "conferences/access_log.html",
            {"page": page, "lines": queries.lines(page.object_list, people), "people": people, "person_id": person_id},
        )


class AnswerFamily(ConferenceView):
    """One page to print or read out, with roles and organisations and no names."""

    who_may_see = "The chair, their cover and the manager of the team."
    may = staticmethod(rules.can_see_access_log)

    def get(self, request, conference_id):
        return self.page("conferences/access_answer.html", {"seen": queries.who_saw(self.conference)})


def _known(asked: str | None, people: Iterable[UUID]) -> UUID | None:
    return next((user_id for user_id in people if str(user_id) == asked), None)

"""Starting the next conference from the last one."""

import uuid

from django.shortcuts import redirect
from django.utils import timezone

from ..forms.scheduling import ReviewForm
from ..models import SIGNED_STATES, PersonKind, State
from ..operations.carrying import OVER, start_review
from ..operations.scheduling import CannotSchedule
from ..queries import family as queries
from ..rules import access as rules
from .base import ConferenceView
from .scheduling import show_refusal


class StartReview(ConferenceView):
    """A review of a signed conference, or the new date of one that was adjourned."""

    may = staticmethod(rules.can_prepare)
    who_may_see = "Those who prepare the last conference: its chair, minute-taker and the team's manager."

    def enter(self, conference_id):
        super().enter(conference_id)
        if self.conference.state not in (*SIGNED_STATES, State.ADJOURNED) or not rules.can_schedule(self.request.user):
            return redirect("conferences:conference", conference_id)
        return None

    def get(self, request, conference_id):
        started = self.conference.next.exclude(state__in=OVER).order_by("scheduled_at").first()
        if started is not None and "another" not in request.GET:
            return redirect("conferences:conference", started.pk)
        chair = next((pk for pk, one in self._chairs() if one.user_id == self.conference.chair_id), "")
        initial = {
            "form_key": uuid.uuid4(),
            "chair": chair,
            "mode": self.conference.mode,
            "minutes": self.conference.minutes,
            "place": self.conference.arrangements.place,
        }
        return self._show(self._form(initial=initial))

    def post(self, request, conference_id):
        form = self._form(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                conference = start_review(
                    previous=self.conference,
                    team=form.chair_member.team,
                    chair=form.chair_member.user,
                    scheduled_at=form.scheduled_at,
                    minutes=given["minutes"],
                    left_out=form.left_out,
                    key=given["form_key"],
                    mode=given["mode"],
                    place=given["place"],
                    joining=given["joining"],
                    report_author=form.report_author,
                    independence_reason=given.get("independence_reason", ""),
                    bank_holiday_meant=given["bank_holiday_meant"],
                    by=request.user,
                    now=self.now,
                )
                return redirect("conferences:people", conference.pk)
            except CannotSchedule as refusal:
                show_refusal(form, refusal)
        return self._show(form)

    def _chairs(self):
        return [(str(one.pk), one) for one in queries.chairs_for(self.request.user)]

    def _form(self, *args, **kwargs) -> ReviewForm:
        return ReviewForm(
            *args,
            chairs=[one for _, one in self._chairs()],
            children=queries.children_of(self.conference),
            may_override=rules.can_manage(self.access),
            today=timezone.localdate(self.now),
            **kwargs,
        )

    def _show(self, form):
        people = queries.people_of(self.conference)
        context = {
            "form": form,
            "adjourned": self.conference.state == State.ADJOURNED,
            "carried": [row.person for kind in PersonKind.values for row in people[kind] if kind != PersonKind.CHILD],
        }
        return self.page("conferences/before/start_review.html", context)

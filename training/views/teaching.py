"""A trainer's own runs, and who is coming to each."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from chatr.accounts.permissions import Permission

from .. import rules
from ..queries import bookings, catalogue


class ListTeaching(View):
    """The runs the person is a trainer of."""

    who_may_see = "Anybody signed in: the runs they are a trainer of."

    def get(self, request):
        rows = bookings.runs_taught_by(request.user, timezone.now())
        return render(request, "training/list_teaching.html", {"rows": rows})


class ShowTeaching(View):
    """Who is coming to one run, what they need on the day, and the joining link."""

    who_may_see = "The run's trainers; programme staff, who see needs only with the permission for it."

    def get(self, request, ref):
        row = catalogue.run_by_ref(ref, timezone.now())
        if row is None:
            raise Http404
        trainers = bookings.trainer_ids(row.run)
        if not rules.can_see_link_always(request.user, row.run, trainers):
            raise Http404
        with_needs = request.user.pk in trainers or request.user.may(Permission.SEE_NEEDS)
        people = bookings.people_coming(row.run, with_needs=with_needs)
        return render(request, "training/show_teaching.html", {"row": row, "people": people, "with_needs": with_needs})

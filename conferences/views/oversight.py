"""Figures: for a manager about their teams, for programme staff as counts alone; and the check for the census."""

from datetime import date

from django.core.paginator import Paginator
from django.http import Http404
from django.utils import timezone

from chatr.accounts.views.steps import RecentlyConfirmed
from chatr.spreadsheets.writing import csv_response

from ..models import Cohort
from ..quarters import quarter_of, quarters_before
from ..queries import oversight as queries
from ..queries.census import census_year, children_of_year
from ..queries.listening import heard
from ..rules.census import census_child, census_rows, to_check
from ..rules.oversight import can_see_counts
from .base import AreaView

MANAGERS = "Those who manage a team of chairs, about that team."
PROGRAMME = "Programme staff, who see counts and no record."
COLUMNS = ("About", "What", "How many", "Of how many")
AT_ONCE = 25


class ChoosesQuarter:
    """A page about one quarter, chosen by its first day. Anything else in the address means the first of the list."""

    def quarters(self) -> list:
        """Those to choose from: the last two years, whole quarters that are over."""
        return quarters_before(timezone.localdate(self.now))

    def quarter(self):
        """The one asked for."""
        wanted = self.request.GET.get("quarter", "")
        choices = self.quarters()
        return next((one for one in choices if one.code == wanted), choices[0])


class ManagerView(AreaView):
    """A page for those who manage a team; for anybody else it does not exist."""

    who_may_see = MANAGERS

    def enter(self, *args, **kwargs):
        self.teams = queries.managed_teams(self.request.user)
        if not self.teams:
            raise Http404

    def page(self, template, context=None, **more):
        return super().page(template, {"teams": self.teams, **(context or {})}, **more)


class OfManagersQuarter(ChoosesQuarter, ManagerView):
    """Figures of a manager's own teams: the quarter that runs can be looked at too."""

    def quarters(self):
        return [quarter_of(timezone.localdate(self.now)), *super().quarters()]

    def figures(self):
        """Those of the quarter."""
        return queries.figures(self.teams, self.quarter(), timezone.localdate(self.now))


class Oversight(OfManagersQuarter):
    """How a manager's teams are doing."""

    def get(self, request):
        found = self.figures()
        context = {
            "figures": found,
            "meetings": [one.row for one in (*found.meetings, *found.reports) if one.of],
            "in_time": [one.share.row for one in found.timeliness if one.share.of],
            "quarter": self.quarter(),
            "quarters": self.quarters(),
            "waiting": queries.waiting_for_managers(self.teams),
        }
        return self.page("conferences/oversight/oversight.html", context)


class OversightFile(RecentlyConfirmed, OfManagersQuarter):
    """The same as a file."""

    def get(self, request):
        rows = list(self.figures().table)
        self.saw("download")
        return csv_response(f"conferences-{self.quarter().code}.csv", COLUMNS, rows)


class FeedbackResults(ChoosesQuarter, ManagerView):
    """What people answered about a manager's team, as numbers."""

    def get(self, request):
        wanted = request.GET.get("team", "")
        team = next((one for one in self.teams if str(one.pk) == wanted), self.teams[0])
        return self.page("conferences/oversight/feedback.html", self.heard(team.pk) | {"team": team})

    def heard(self, team) -> dict:
        """What one cohort answered in the quarter."""
        everybody = heard(team, self.quarter())
        wanted = self.request.GET.get("cohort", Cohort.PARENT)
        chosen = next((one for one in everybody if one.cohort == wanted), everybody[0])
        return {
            "heard": chosen,
            "cohorts": everybody,
            "quarter": self.quarter(),
            "quarters": self.quarters(),
        }


class StaffView(ChoosesQuarter, AreaView):
    """A page of counts for programme staff. They enter no other; what they look at is written down all the same."""

    who_may_see = PROGRAMME
    may_enter = staticmethod(can_see_counts)


class Counts(StaffView):
    """The pilot's measures over every team."""

    def get(self, request):
        measures = queries.counts(self.quarter())
        context = {
            "measures": [] if all(one.is_hidden for one in measures) else measures,
            "quarter": self.quarter(),
            "quarters": self.quarters(),
        }
        return self.page("conferences/oversight/counts.html", context, action="counts")


class FeedbackCounts(StaffView):
    """What people answered about every team together."""

    heard = FeedbackResults.heard

    def get(self, request):
        return self.page("conferences/oversight/feedback.html", self.heard(None) | {"team": None}, action="counts")


class OfCensusYear(ManagerView):
    """The children of a manager's teams in one census year."""

    def year(self):
        """The one asked for by its first calendar year, or the one that runs."""
        running = census_year(timezone.localdate(self.now))
        wanted = self.request.GET.get("year", "")
        return next((one for one in self.years() if str(one.first.year) == wanted), running)

    def years(self) -> list:
        """The one that runs and the two before."""
        latest = census_year(timezone.localdate(self.now)).first.year
        return [census_year(date(latest - ago, 4, 1)) for ago in range(3)]


class Census(OfCensusYear):
    """What the census would ask about, child by child."""

    def get(self, request):
        children = children_of_year(self.teams, self.year())
        asked = [one for one in map(to_check, children) if one.problems]
        context = {
            "page": Paginator(asked, AT_ONCE).get_page(request.GET.get("page")),
            "how_many": len(children),
            "year": self.year(),
            "years": self.years(),
        }
        return self.page("conferences/oversight/census.html", context)


class CensusFile(RecentlyConfirmed, OfCensusYear):
    """The census fields as one file, with what to check in its last column."""

    def get(self, request):
        header, rows = census_rows([census_child(one) for one in children_of_year(self.teams, self.year())])
        rows = list(rows)  # before the transaction ends: afterwards there is nothing to read
        self.saw("download")
        return csv_response(f"census-{self.year().first.year}.csv", header, rows)

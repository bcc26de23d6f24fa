"""The chair's desk: my conferences, what is due, what is missing; and one conference at a glance."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.paginator import Paginator
from django.urls import NoReverseMatch, reverse

from chatr.accounts.permissions import Permission
from chatr.workdays.clock import LONDON
from chatr.workdays.queries import bank_holidays

from ..models import AssignmentRole, Clock, ClockKind, Conference, Explanation, Reason, State
from ..queries import desk as queries
from ..queries.access import MANAGER
from ..queries.clocks import limit_missed, running
from ..queries.missing import missing
from ..queries.names import child_name
from ..queries.overview import counts_of, sections_of
from ..rules import access as rules
from ..rules import overview
from ..rules.timescales import due_in_words, holidays_around
from .base import AreaView, ConferenceView

MOST_DUE, A_PAGE, LATEST = 40, 30, 10
TITLES = {ClockKind.CONFERENCE: "Conference to be held", ClockKind.RECONVENE: "New date to be held"}


@dataclass(frozen=True)
class Due:
    """One running clock in words."""

    title: str
    words: str
    is_late: bool
    conference: Conference
    family: str
    about: str = ""


def _in_words(clocks: list[Clock], today: date, families: dict[UUID, Conference]) -> list[Due]:
    """The clocks as lines of a list. One query, for the bank holidays."""
    if not clocks:
        return []
    days = [clock.due_on for clock in clocks]
    holidays = bank_holidays(*holidays_around(today, min(days), max(days)))
    return [
        Due(
            title=TITLES.get(clock.kind) or ClockKind(clock.kind).label,
            words=_capital(due_in_words(clock.due_on, today, holidays)),
            is_late=clock.due_on < today,
            conference=families[clock.conference_id],
            family=queries.family(families[clock.conference_id]),
            about=child_name(clock.child) if clock.child else "",
        )
        for clock in clocks
        if clock.conference_id in families
    ]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class Row:
    """One conference on the desk."""

    conference: Conference
    family: str
    role: str
    lacking: list[str]


class Desk(AreaView):
    """What is mine and what is due."""

    def get(self, request):
        today = self.now.astimezone(LONDON).date()
        desk = queries.desk_of(request.user)
        mine = queries.conferences_on(desk)
        going_on = list(queries.for_desk(queries.going_on(mine)))
        state, chair = request.GET.get("state", ""), request.GET.get("chair", "")
        chosen = [one for one in going_on if state in ("", one.state) and chair in ("", str(one.chair_id))]
        over = queries.finished(mine)
        if chair and any(str(one.chair_id) == chair for one in going_on):
            over = over.filter(chair=chair)
        clocks = queries.running_on(desk, today)
        if len(chosen) < len(going_on):
            clocks = clocks.filter(conference__in=[one.pk for one in chosen])
        due = _in_words(list(clocks[: MOST_DUE + 1]), today, {one.pk: one for one in chosen})
        page = Paginator(chosen, A_PAGE).get_page(request.GET.get("page"))
        context = {
            "desk": desk,
            "due": due[:MOST_DUE],
            "more_is_due": len(due) > MOST_DUE,
            "page": page,
            "rows": [self._row(desk, one) for one in page],
            "finished": [self._row(desk, one) for one in queries.for_desk(over)[:LATEST]],
            "others": queries.for_others(desk),
            "states": _chosen([(one.value, one.label) for one in State if one not in queries.FINISHED], state),
            "chairs": _chosen(sorted({(str(one.chair_id), one.chair.name) for one in going_on}, key=_name), chair),
            "applied": bool(state) + bool(chair),
            "can_schedule": rules.can_schedule(request.user),
            "may_break_glass": desk.is_manager or request.user.may(Permission.CHAIR_CONFERENCES),
        }
        return self.page("conferences/desk.html", context)

    def _row(self, desk: queries.Desk, conference: Conference) -> Row:
        return Row(conference, queries.family(conference), _role(desk, conference), queries.lacking(conference))


def _role(desk: queries.Desk, conference: Conference) -> str:
    role = desk.role_in(conference)
    if role == AssignmentRole.CHAIR:
        return "You chair it." if desk.is_manager else ""
    who = "" if role == MANAGER else f" You: {AssignmentRole(role).label.lower()}."
    return f"Chair: {conference.chair.name or 'an account that was erased'}.{who}"


def _chosen(options: list[tuple[str, str]], value: str) -> list[dict]:
    return [{"value": key, "label": label, "chosen": key == value} for key, label in options]


def _name(option: tuple[str, str]) -> str:
    return option[1]


class Overview(ConferenceView):
    """One conference: where it stands and where to go on."""

    who_may_see = "Those whose assignment lets them read the record, and the team's manager."

    def get(self, request, conference_id):
        today = self.now.astimezone(LONDON).date()
        conference = queries.for_desk(Conference.objects.filter(pk=conference_id)).get()
        counts = counts_of(conference)
        lacking = self._missing(today)
        counts["missing"] = len(lacking)
        clocks = running(Clock.objects.filter(conference=conference), today).select_related("child__child__details")
        context = {
            "family": queries.family(conference),
            "due": _in_words(list(clocks), today, {conference.pk: conference}),
            "stages": self._stages(counts),
            "missing": [{"sentence": one.sentence, "url": self._link(one.url_name, *one.named)} for one in lacking],
            "is_late": rules.is_open(self.conference) and limit_missed(self.conference, today),
            "closed_because": self._closed_because(),
            "may_move_on": overview.can_move_on(self.access),
            "may_call_off": overview.can_call_off(self.access),
            "may_take_back": rules.can_decide(self.access),
            "links": {name: self._link(name) for name in ("record", "late", "report-pack")},
        }
        return self.page("conferences/conference.html", context)

    def _missing(self, today: date) -> list:
        if self.conference.state not in overview.RECORDED or not rules.can_write_record(self.access):
            return []
        return missing(self.conference, today)

    def _closed_because(self) -> str:
        kinds = {State.ADJOURNED: Reason.ADJOURNED, State.CANCELLED: Reason.CANCELLED}
        kind = kinds.get(self.conference.state)
        found = kind and Explanation.objects.filter(conference=self.conference, kind=kind).first()
        return found.words if found else ""

    def _stages(self, counts: dict[str, int]) -> list[dict]:
        """Each stage with what there is to do; the sections of the record stand in the middle of it."""
        found = []
        for stage, tasks in overview.tasks_for(self.conference, self.access):
            lines = [
                {"title": task.title, "url": url, "status": task.status(counts)}
                for task in tasks
                if (url := self._link(task.url_name))
            ]
            if stage == "During":
                lines += self._sections(counts)
            if lines:
                found.append({"name": stage, "lines": lines})
        return found

    def _sections(self, counts: dict[str, int]) -> list[dict]:
        if self.conference.state == State.SCHEDULED:
            return []
        if not (self.conference.state in overview.RECORDED and rules.can_write_record(self.access)):
            url = self._link("record")
            return [{"title": "The record", "url": url, "status": None}] if url else []
        return [
            {
                "title": one.name,
                "url": url,
                "status": overview.Status("Written" if one.is_written else "Empty"),
            }
            for one in sections_of(self.conference, counts)
            if (url := self._link("section", one.section.pk))
        ]

    def _link(self, url_name: str, *more) -> str:
        try:
            return reverse(f"conferences:{url_name}", args=[self.conference.pk, *more])
        except NoReverseMatch:
            return ""

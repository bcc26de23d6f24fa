"""Who walks which pages of the area, with the example conferences: everybody those pages look different to.

The walk of the whole portal, ``chatr/tests/walk.py``, finds this module by its name.
"""

from datetime import datetime

from django.urls import reverse

from chatr.accounts.models import User
from chatr.database.acting import acting_as

from ..models import PlanAction
from .staging import Stage, user

EXPLAINED = {
    "takes what a form sends, and nothing else": {
        *("conferences:send-to-check", "conferences:take-back", "conferences:take-break", "conferences:end-cover"),
        *("conferences:ask-again", "conferences:let-advocate-out"),
    },
    "asked by the scripts of a page": {"conferences:presence", "conferences:save-section"},
    "a file, not a page": {
        *("conferences:agenda-file", "conferences:attendance-sheet-file", "conferences:report-pack-file"),
        *("conferences:copy-file", "conferences:read-copy-file", "conferences:oversight-file"),
        "conferences:census-file",
    },
}
ROLES = (
    "conference chair, until the meeting",
    "conference chair, from the meeting on",
    "conference chair, after signing",
    "others in conferences",
)

Walk = tuple[User | None, list[str]]


def to(name: str, *ids) -> str:
    """The address of a page of the area."""
    return reverse(f"conferences:{name}", args=ids)


class Walking:
    """Everybody's pages."""

    def __init__(self, *, now: datetime):
        self.stage = Stage(now=now)

    def walks(self, role: str) -> list[Walk]:
        """Who of this role walks which pages."""
        chair = self.stage.chair
        with acting_as(chair.pk):
            return {
                ROLES[0]: lambda: [(chair, [to("desk"), to("schedule-conference"), *self._before(), *self._meeting()])],
                ROLES[1]: lambda: [(chair, [*self._recording(), *self._deciding()])],
                ROLES[2]: lambda: [(chair, [*self._copying(), *self._afterwards()])],
                ROLES[3]: self._others,
            }[role]()

    # The chair's

    def _before(self):
        stage, here = self.stage, self.stage.soon
        mother, child = stage.person(here, "Marta"), stage.person(here, "Rowan")
        professional = stage.person(here, "Cerys")
        yield from (to("conference", one.pk) for one in stage.all)
        yield from (to("people", one.pk) for one in (here, stage.unborn, stage.cancelled))
        yield from (to(name, here.pk) for name in ("change-conference", "add-child", "enquiry", "safety", "add-person"))
        yield from (f"{to('add-person', here.pk)}?kind={kind}" for kind in ("family", "professional", "supporter"))
        about_child = here.pk, here.children.order_by("position").first().pk
        yield from (to(name, *about_child) for name in ("correct-child", "remove-child", "edit-enquiry"))
        yield from (to("person", here.pk, one.pk) for one in (mother, child, professional))
        for name in ("edit-person", "contact", "remove-person", "add-support", "preparation", "choices"):
            yield to(name, here.pk, mother.pk)
        yield to("edit-person", here.pk, professional.pk)
        yield to("let-advocate-in", here.pk, child.pk)
        yield to("support", here.pk, mother.pk, stage.support.pk)
        yield to("end-flag", here.pk, stage.flag.pk)
        yield to("start-review", stage.adjourned.pk)
        yield from (to(name, here.pk) for name in ("begin", "adjourn", "cancel", "late"))

    def _meeting(self):
        stage, here = self.stage, self.stage.soon
        part = here.parts.get()
        asked, not_asked = stage.person(here, "Noah"), stage.person(here, "Sam")
        yield from (to(name, here.pk) for name in ("parts", "add-part", "agenda", "attendance-sheet", "hand-over"))
        yield from (to(name, here.pk, part.pk) for name in ("change-part", "remove-part", "seat-people"))
        yield from (to("invitations", one.pk) for one in (here, stage.unborn))
        yield from (to("reports", one.pk) for one in (here, stage.unborn, stage.writing, stage.signed))
        yield from (to("ask-for-report", here.pk, one.pk) for one in (asked, not_asked))
        yield to("paper-report", here.pk, not_asked.pk)
        waiting = here.reports.get(person=asked)
        yield from (to(name, here.pk, waiting.pk) for name in ("report", "withdraw-report"))
        came = stage.writing.reports.exclude(received_at=None).get()
        yield to("report", stage.writing.pk, came.pk)
        yield to("report-pack", stage.writing.pk)

    def _recording(self):
        stage, here = self.stage, self.stage.writing
        mother, child = stage.person(here, "Marta"), here.children.order_by("position").first()
        yield from (to("record", one.pk) for one in (here, stage.review, stage.signed, stage.given_out))
        yield from (to("section", here.pk, one.pk) for one in here.sections.order_by("position"))
        yield to("section", stage.signed.pk, stage.signed.sections.order_by("position").first().pk)
        yield from (to("room", one.pk) for one in (here, stage.soon))
        yield from (to("settle-quorum", here.pk), to("take-part", here.pk, child.pk))
        yield to("exclude", here.pk, stage.part.pk, mother.pk)
        yield to("signed-in-again")

    def _deciding(self):
        stage, here, checked, signed = self.stage, self.stage.writing, self.stage.checked, self.stage.signed
        child = checked.children.get()
        for name in ("decisions", "plan", "core-group", "sign"):
            yield from (to(name, one.pk) for one in (here, checked, signed))
        yield from (to(name, checked.pk, child.pk) for name in ("decide", "set-core-group"))
        yield to("note-plan", stage.taken_on.pk, stage.taken_on.children.get().pk)
        yield from (to("add-dissent", here.pk), to("dissent", here.pk, stage.dissent.pk))
        yield from (to(name, here.pk) for name in ("explanations", "add-action", "next-dates"))
        yield to("action", checked.pk, PlanAction.objects.get(conference=checked).pk)
        yield to("plan", stage.review.pk)
        yield to("review-action", stage.review.pk, PlanAction.objects.get(conference=stage.given_out).pk)
        yield to("next-dates", checked.pk)
        yield to("sign-now", checked.pk)

    def _copying(self):
        stage, here = self.stage, self.stage.signed
        yield from (to("copies", one.pk) for one in (stage.writing, here, stage.given_out))
        yield from (to(name, here.pk, stage.mother.pk) for name in ("clear-for", "clear-shared", "prepare-copy"))
        yield from (to(name, here.pk, stage.hazel.pk) for name in ("clear-for", "prepare-copy"))
        yield to("who-reads-what", here.pk)
        yield to("decide-item", here.pk, stage.mother.pk, *stage.item)
        yield to("second-withholding", here.pk, stage.withheld.pk)
        for copy in (stage.letter, stage.prepared, stage.looked_at):
            yield from (to(name, here.pk, copy.pk) for name in ("copy", "preview-copy", "issue-copy"))
        theirs = stage.given_out.pk, stage.theirs.pk
        yield from (to(name, *theirs) for name in ("copy", "preview-copy", "withdraw-copy"))

    def _afterwards(self):
        stage, here = self.stage, self.stage.given_out
        for name in ("amend", "challenges", "add-challenge", "feedback-links", "access-log", "access-answer", "holds"):
            yield to(name, here.pk)
        yield to("add-amendment", here.pk, stage.amended.object_id, stage.amended.field)
        yield to("answer-challenge", here.pk, stage.challenge.pk)
        yield to("holds", stage.signed.pk)
        yield from (to("my-copies"), to("my-reports"), to("emergency"))

    # Everybody else's

    def _others(self) -> list[Walk]:
        stage = self.stage
        report, other = (one.reports.get(contributor=stage.contributor) for one in (stage.soon, stage.writing))
        own = [to("file-report", one.pk) for one in (report, other)]
        signed = stage.signed.pk
        return [
            (None, [to("front"), to("feedback-code"), to("feedback-thanks")]),
            (None, [to("give-feedback", code) for code in (*stage.codes, "unknown")]),  # a used one is not known either
            (
                stage.contributor,
                [to("desk"), to("my-reports"), *own, to("my-copies"), to("read-copy", stage.theirs.pk)],
            ),
            (stage.contributor, [to("check-report", report.pk)]),
            (stage.advocate, [to("desk"), to("section", stage.writing.pk, stage.child_words.pk)]),
            (stage.minute_taker, [to("desk"), *self._of_minute_taker()]),
            (stage.manager, self._of_manager()),
            (
                stage.neighbour,
                [
                    *(to("desk"), to("emergency"), to("conference", signed), to("record", signed)),
                    *(to(name, signed) for name in ("decisions", "plan", "core-group", "amend", "sign")),
                ],
            ),
            (user("staff@example.org"), [to("counts"), to("feedback-counts")]),
        ]

    def _of_minute_taker(self) -> list[str]:
        stage, here = self.stage, self.stage.writing
        section = here.sections.order_by("position")[1]
        return [
            *(to(name, here.pk) for name in ("conference", "record", "room", "decisions", "plan", "sign", "copies")),
            to("section", here.pk, section.pk),
            to("conference", stage.signed.pk),
            to("copy", stage.signed.pk, stage.looked_at.pk),
        ]

    def _of_manager(self) -> list[str]:
        stage, here = self.stage, self.stage.signed
        return [
            *(to(name) for name in ("desk", "oversight", "feedback-results", "census", "keeping", "agree-rule")),
            *(to(name) for name in ("emergency", "emergency-review")),
            to("review-emergency", stage.reading.pk),
            to("decide-proposal", stage.proposal.pk),
            to("lift-hold", here.pk, stage.hold.pk),
            *(to(name, here.pk) for name in ("conference", "record", "copies", "hand-over", "holds", "access-log")),
            *(to(name, here.pk, stage.looked_at.pk) for name in ("copy", "preview-copy")),
            to("second-withholding", here.pk, stage.withheld.pk),
            *(to(name, stage.soon.pk) for name in ("conference", "safety", "people", "hand-over")),
        ]

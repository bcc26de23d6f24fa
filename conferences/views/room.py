"""The room: parts, breaks, who is there, who is kept out, how each child takes part, the quorum."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from ..forms.room import ExcludeForm, MarkForm, QuorumForm, TakePartForm
from ..models import Attending, ConferencePart, PersonKind, Reason
from ..operations import room as operations
from ..operations.room import CannotRecord
from ..queries.explanations import explanations_of
from ..queries.room import attendances_of, current_part, open_break, parts_of, professionals_present, running
from ..queries.words import sections_of
from ..rules import access as rules
from ..rules.quorum import best, quorum, quorum_now
from .base import OpenConferenceView, posted_id

GROUPS = (
    (PersonKind.CHILD, "Children"),
    (PersonKind.FAMILY, "Family and friends"),
    (PersonKind.SUPPORTER, "Advocates, interpreters, supporters"),
    (PersonKind.PROFESSIONAL, "Professionals"),
)
WHO_RECORDS = "The chair, their cover and the minute-taker of the conference."
WHO_DECIDES = "The chair of the conference, or their cover."


class RoomView(OpenConferenceView):
    """Where something about the meeting is written down."""

    may = staticmethod(rules.can_write_record)
    who_may_see = WHO_RECORDS

    @property
    def acting(self) -> dict:
        """Who does it, and when."""
        return {"by": self.request.user, "now": self.now}

    def back(self, anchor: str = "", part: ConferencePart | None = None) -> HttpResponse:
        """To the room, where the person was."""
        query = f"?part={part.number}" if part is not None else ""
        return redirect(reverse("conferences:room", args=[self.conference.pk]) + query + anchor)


class Room(RoomView):
    """Who is here, by part, with everything that is pressed while people come and go."""

    parts: Sequence[ConferencePart] = ()

    def get(self, request, conference_id):
        return self.show(self._chosen_part())

    def post(self, request, conference_id):
        part = get_object_or_404(ConferencePart, pk=posted_id(request.POST.get("part")), conference=self.conference)
        try:
            if request.POST.get("act") == "begin":
                operations.begin_part(part=part, **self.acting)
            elif request.POST.get("act") == "end":
                operations.end_part(part=part, **self.acting)
            else:
                return self._mark(part)
        except CannotRecord as refusal:
            return self.show(part, refusal=str(refusal))
        return self.back("#part", part)

    def _mark(self, part: ConferencePart) -> HttpResponse:
        form = MarkForm(self.request.POST)
        if not form.is_valid():
            return self.show(part, refusal="Press one of the buttons beside a person.")
        person = get_object_or_404(self.conference.people, pk=form.cleaned_data["person"])
        try:
            operations.mark_attendance(
                part=part,
                person=person,
                status=form.cleaned_data["status"],
                readmits=rules.can_decide(self.access),
                **self.acting,
            )
        except CannotRecord as refusal:
            return self.show(part, refusal=str(refusal), about=person.pk)
        return self.back(f"#person-{person.pk}", part)

    def _chosen_part(self) -> ConferencePart | None:
        self.parts = parts_of(self.conference)
        asked = self.request.GET.get("part", "")
        chosen = [part for part in self.parts if str(part.number) == asked]
        return next(iter(chosen), None) or running(self.parts, self.now) or next(iter(self.parts), None)

    def show(self, part: ConferencePart | None, *, refusal: str = "", about: UUID | None = None) -> HttpResponse:
        """The room as it is in one part."""
        conference = self.conference
        people = sorted(conference.people.all(), key=lambda person: (person.position, person.name))
        rows = attendances_of(conference).get(part.pk, {}) if part else {}
        present = professionals_present(conference)
        children = conference.children.select_related("child__details", "participation").order_by("position")
        context = {
            "first": sections_of(conference).first(),
            "parts": self.parts or parts_of(conference),
            "part": part,
            "groups": [
                (title, [(person, rows.get(person.pk)) for person in people if person.kind == kind])
                for kind, title in GROUPS
            ],
            "people": people,
            "buttons": MarkForm.base_fields["status"].choices,
            "quorum": best(quorum(one) for one in present.values()),
            "settled": conference.quorate,
            "decides": rules.can_decide(self.access),
            "break": open_break(conference),
            "breaks": conference.breaks.filter(ended_at__isnull=False)
            .select_related("asked_by")
            .order_by("started_at"),
            "children": children,
            "refusal": refusal,
            "about": about,
            "excluded": Attending.EXCLUDED,
        }
        return self.page("conferences/recording/room.html", context)


class TakeBreak(Room):
    """A break starts or ends, from the room or from the section somebody was writing in."""

    http_method_names = ["post"]

    def post(self, request, conference_id):
        section = self.conference.sections.filter(pk=posted_id(request.POST.get("section"))).first()
        asked_by = self.conference.people.filter(pk=posted_id(request.POST.get("asked_by"))).first()
        try:
            if request.POST.get("act") == "end":
                operations.end_break(conference=self.conference, **self.acting)
            else:
                operations.start_break(conference=self.conference, asked_by=asked_by, **self.acting)
        except CannotRecord as refusal:
            return self.show(current_part(self.conference, self.now), refusal=str(refusal))
        return redirect("conferences:section", self.conference.pk, section.pk) if section else self.back("#break")


class Exclude(RoomView):
    """The chair keeps a person out of a part."""

    may = staticmethod(rules.can_decide)
    who_may_see = WHO_DECIDES

    def enter(self, conference_id, part_id, person_id):
        elsewhere = super().enter(conference_id)
        self.part = get_object_or_404(ConferencePart, pk=part_id, conference=self.conference)
        self.person = get_object_or_404(self.conference.people, pk=person_id)
        return elsewhere

    def get(self, request, conference_id, part_id, person_id):
        found = self.part.attendances.filter(person=self.person).first()
        known = {
            name: getattr(found, name) for name in ("ground", "minimum_minutes", "views_obtained") if found is not None
        }
        return self.show(ExcludeForm(initial=known))

    def post(self, request, conference_id, part_id, person_id):
        form = ExcludeForm(request.POST)
        if form.is_valid():
            try:
                operations.exclude(part=self.part, person=self.person, **form.cleaned_data, **self.acting)
            except CannotRecord as refusal:
                form.show_refusal(refusal)
            else:
                return self.back(f"#person-{self.person.pk}", self.part)
        return self.show(form)

    def show(self, form: ExcludeForm) -> HttpResponse:
        context = {"form": form, "part": self.part, "person": self.person}
        return self.page("conferences/recording/exclude.html", context, thing=self.person)


class TakePart(RoomView):
    """How one child took part."""

    def enter(self, conference_id, child_id):
        elsewhere = super().enter(conference_id)
        children = self.conference.children.select_related("child__details")
        self.child = get_object_or_404(children, pk=child_id)
        return elsewhere

    def get(self, request, conference_id, child_id):
        found = getattr(self.child, "participation", None)
        known = {name: getattr(found, name) for name in ("code", "how", "by_whom", "next_step") if found is not None}
        return self.show(TakePartForm(initial=known))

    def post(self, request, conference_id, child_id):
        form = TakePartForm(request.POST)
        if form.is_valid():
            try:
                operations.set_participation(child=self.child, **form.cleaned_data, **self.acting)
            except CannotRecord as refusal:
                form.show_refusal(refusal)
            else:
                return self.back("#taking-part")
        return self.show(form)

    def show(self, form: TakePartForm) -> HttpResponse:
        return self.page("conferences/recording/take_part.html", {"form": form, "child": self.child}, thing=self.child)


class SettleQuorum(RoomView):
    """Going ahead without a quorum: ground, reason and interim plan."""

    may = staticmethod(rules.can_decide)
    who_may_see = WHO_DECIDES

    def get(self, request, conference_id):
        explained = explanations_of(self.conference)
        words = {name: explained.get((kind, None)) for name, kind in EXPLAINED.items()}
        known = {name: found.words for name, found in words.items() if found}
        return self.show(QuorumForm(initial={"grounds": self.conference.inquorate_grounds, **known}))

    def post(self, request, conference_id):
        form = QuorumForm(request.POST)
        if form.is_valid():
            try:
                operations.settle_quorum(conference=self.conference, **form.cleaned_data, **self.acting)
            except CannotRecord as refusal:
                form.show_refusal(refusal)
            else:
                return self.back("#quorum")
        return self.show(form)

    def show(self, form: QuorumForm) -> HttpResponse:
        return self.page(
            "conferences/recording/settle_quorum.html", {"form": form, "quorum": quorum_now(self.conference)}
        )


EXPLAINED = {"reason": Reason.INQUORATE, "interim_plan": Reason.INTERIM_PLAN}

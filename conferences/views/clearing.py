"""The chair decides who reads what: for one person, for all beside one another, and one thing at a time."""

from itertools import groupby
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect

from ..forms.clearing import ClearingForm, DecideForm
from ..models import SECTION_ORDER, Person, SectionKind, Withholding
from ..operations import clearing as operations
from ..operations.clearing import CannotClear
from ..paper.items import Item, Key
from ..queries.clearing import clearances_for, matrix_of, reader_of, readers_of, withholdings_from
from ..queries.items import items_of
from ..queries.items.people import children_called
from ..rules import access as rules
from ..rules.clearing import Line, lines, shared_with_all
from .base import ConferenceView

DECIDES = "Chair, cover, minute-taker and the team's manager see it; only chair and cover decide."


class ReaderView(ConferenceView):
    """A page about one person as a reader."""

    who_may_see = DECIDES
    may = staticmethod(rules.can_prepare_copies)

    def enter(self, conference_id, person_id, **kwargs):
        super().enter(conference_id, **kwargs)
        people = Person.objects.select_related("user", "conference__team", "conference__chair")
        self.person = get_object_or_404(people, pk=person_id, conference=self.conference)
        self.decides = rules.can_decide(self.access)


def in_sections(rows: list[tuple[Item, object]], names: dict[UUID, str]) -> list[tuple[str, list[tuple]]]:
    """Items, each with what a page shows beside it and the child it stands under, below the headings of the record."""
    order = {kind: place for place, kind in enumerate(SECTION_ORDER)}
    ordered = sorted(rows, key=lambda row: order[row[0].section])
    return [
        (SectionKind(kind).label, [(item, beside, names.get(item.child, "")) for item, beside in group])
        for kind, group in groupby(ordered, lambda row: row[0].section)
    ]


class ClearFor(ReaderView):
    """Everything in the record, with a box beside what this person may read."""

    def get(self, request, **kwargs):
        found = self._lines()
        ticked = [str(line.item.key) for line in found if line.cleared]
        return self._show(ClearingForm(keys=self._keys(found), initial={"cleared": ticked}), found)

    def post(self, request, **kwargs):
        if not self.decides:
            raise Http404
        found = self._lines()
        form = ClearingForm(request.POST, keys=self._keys(found))
        if form.is_valid():
            try:
                operations.set_cleared(
                    person=self.person,
                    listed=self._keys(found),
                    wanted=form.wanted,
                    because=form.cleaned_data["because"],
                    by=request.user,
                    now=self.now,
                )
            except CannotClear as refusal:
                form.show_refusal(refusal)
            else:
                return redirect("conferences:copies", self.conference.pk)
        return self._show(form, found)

    def _lines(self) -> list[Line]:
        return lines(items_of(self.conference), reader_of(self.person))

    def _keys(self, found: list[Line]) -> list[Key]:
        return [line.item.key for line in found if not line.never and not line.withheld]

    def _show(self, form, found):
        context = {
            "form": form,
            "person": self.person,
            "sections": in_sections([(line.item, line) for line in found], children_called(self.conference)),
            "ticked": set(form["cleared"].value() or ()),
            "asks_why": any(line.asks_why for line in found),
            "decides": self.decides,
        }
        return self.page("conferences/copies/clear_for.html", context, thing=self.person)


class ClearShared(ReaderView):
    """Clear in one act what is shared with all; what is left is named first, with why."""

    who_may_see = "Chair and cover."
    may = staticmethod(rules.can_decide)

    def get(self, request, **kwargs):
        together, left = shared_with_all(items_of(self.conference), reader_of(self.person))
        context = {"person": self.person, "together": together, "left": left}
        return self.page("conferences/copies/clear_shared.html", context, thing=self.person)

    def post(self, request, **kwargs):
        operations.clear_shared(person=self.person, by=request.user, now=self.now)
        return redirect("conferences:clear-for", self.conference.pk, self.person.pk)


class DecideItem(ReaderView):
    """One thing and one person: read in full, then decided."""

    who_may_see = "Chair and cover."
    may = staticmethod(rules.can_decide)

    def enter(self, conference_id, person_id, kind, item_id):
        super().enter(conference_id, person_id=person_id)
        found = lines(items_of(self.conference), reader_of(self.person))
        self.key = Key(kind, item_id)
        self.line = next((line for line in found if line.item.key == self.key), None)
        if self.line is None:
            raise Http404

    def get(self, request, **kwargs):
        held = withholdings_from(self.person).get(self.key)
        cleared = clearances_for(self.person).get(self.key)
        initial = {"choice": "withheld" if held else "read" if cleared else "out"}
        if held:
            initial |= {"ground": held.ground, "reason": held.reason, "review_on": held.review_on}
        if cleared:
            initial["because"] = cleared.despite_child_because
        return self._show(self._form(initial=initial))

    def post(self, request, **kwargs):
        form = self._form(request.POST)
        if form.is_valid():
            try:
                operations.decide(person=self.person, key=self.key, by=request.user, now=self.now, **form.cleaned_data)
            except CannotClear as refusal:
                form.add_error(refusal.field or "choice", str(refusal))
            else:
                return redirect("conferences:clear-for", self.conference.pk, self.person.pk)
        return self._show(form)

    def _form(self, *args, **kwargs) -> DecideForm:
        return DecideForm(*args, is_childs_words=self.line.asks_why, **kwargs)

    def _show(self, form):
        return self.page(
            "conferences/copies/decide_item.html",
            {"form": form, "person": self.person, "line": self.line},
            thing=self.person,
        )


class WhoReadsWhat(ConferenceView):
    """Everything in the record beside everybody who may get a copy."""

    who_may_see = DECIDES
    may = staticmethod(rules.can_prepare_copies)

    def get(self, request, conference_id):
        readers = readers_of(self.conference)
        marks = matrix_of(self.conference)
        rows = [
            (item, [(person, marks.get((person.pk, item.key), "")) for person in readers])
            for item in items_of(self.conference)
        ]
        sections = in_sections(rows, children_called(self.conference))
        return self.page("conferences/copies/who_reads_what.html", {"readers": readers, "sections": sections})


class SecondWithholding(ConferenceView):
    """A second person looks at what is withheld, and agrees."""

    who_may_see = "Chair, cover and the team's manager."
    may = staticmethod(rules.can_second)

    def enter(self, conference_id, withholding_id):
        super().enter(conference_id)
        found = Withholding.objects.select_related("person", "decided_by", "seconded_by")
        self.withholding = get_object_or_404(found, pk=withholding_id, conference=self.conference)

    def get(self, request, **kwargs):
        return self._show()

    def post(self, request, **kwargs):
        try:
            operations.second_withholding(withholding=self.withholding, by=request.user)
        except CannotClear as refusal:
            return self._show(str(refusal))
        return redirect("conferences:copies", self.conference.pk)

    def _show(self, refusal: str = ""):
        key = Key(self.withholding.object_type, self.withholding.object_id)
        return self.page(
            "conferences/copies/second_withholding.html",
            {
                "withholding": self.withholding,
                "item": next(iter(items_of(self.conference, [key])), None),
                "refusal": refusal,
                "may_second": self.withholding.seconded_by is None
                and self.withholding.decided_by_id != self.request.user.pk,
            },
            thing=self.withholding,
        )

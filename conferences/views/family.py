"""The people of a conference: the list, each person, and how to reach them."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect

from ..forms.family import ContactForm, KindForm, PersonForm
from ..models import Person, PersonKind, State, SupportKind
from ..operations import family as operations
from ..queries import family as queries
from ..queries.safety import flags_of
from ..rules import access as rules
from .base import ConferenceView, OpenConferenceView

WHO = "Those who prepare the conference: its chair, minute-taker and the team's manager."

HEADINGS = {
    PersonKind.CHILD: "Children",
    PersonKind.FAMILY: "Family and friends",
    PersonKind.SUPPORTER: "Advocates, interpreters and supporters",
    PersonKind.PROFESSIONAL: "Professionals",
}


class People(ConferenceView):
    """Everybody of a conference."""

    may = staticmethod(rules.can_prepare)
    who_may_see = WHO

    def get(self, request, conference_id):
        people = queries.people_of(self.conference)
        context = {
            "groups": [(HEADINGS[kind], people[kind]) for kind in HEADINGS],
            "is_open": rules.is_open(self.conference),
            "can_add": self.conference.state != State.CANCELLED,
            "no_responsibility": not any(row.has_parental_responsibility for row in people[PersonKind.FAMILY]),
        }
        return self.page("conferences/before/people.html", context)


class AddPerson(ConferenceView):
    """Somebody new. Also after signing, so that they can be given a copy."""

    may = staticmethod(rules.can_prepare)
    who_may_see = WHO

    def enter(self, conference_id):
        super().enter(conference_id)
        if self.conference.state == State.CANCELLED:
            return redirect("conferences:conference", conference_id)
        return None

    def get(self, request, conference_id):
        if "kind" not in request.GET:
            return self._choose(KindForm())
        kinds = KindForm(request.GET)
        return self._show(self._form()) if kinds.is_valid() else self._choose(kinds)

    def post(self, request, conference_id):
        if not KindForm(request.GET).is_valid():
            raise Http404
        form = self._form(request.POST)
        if form.is_valid():
            try:
                person = operations.add_person(
                    conference=self.conference,
                    kind=form.kind,
                    facts=form.facts(),
                    related=form.related,
                    by=request.user,
                    now=self.now,
                )
                return redirect("conferences:person", conference_id, person.pk)
            except operations.CannotSavePerson as refusal:
                form.show_refusal(refusal)
        return self._show(form)

    def _form(self, *args) -> PersonForm:
        children = queries.children_of(self.conference) if rules.is_open(self.conference) else []
        return PersonForm(*args, kind=self.request.GET["kind"], children=children)

    def _choose(self, form):
        return self.page("conferences/before/choose_kind.html", {"form": form})

    def _show(self, form):
        return self.page("conferences/before/person_form.html", {"form": form, "what": PersonKind(form.kind).label})


class PersonMixin:
    """Loads the person a page is about; somebody of another conference does not exist."""

    who_may_see = WHO
    may = staticmethod(rules.can_prepare)

    def enter(self, conference_id, person_id, *args, **kwargs):
        leads_back = super().enter(conference_id)
        self.person = get_object_or_404(
            Person.objects.select_related("conference", "child__child__details", "contact", "user"),
            pk=person_id,
            conference=self.conference,
        )
        return leads_back

    def page(self, template, context=None, **more):
        context = {"person": self.person, **(context or {})}
        return super().page(template, context, thing=self.person, **more)

    def back(self):
        """To the person's page."""
        return redirect("conferences:person", self.conference.pk, self.person.pk)


class ShowPerson(PersonMixin, ConferenceView):
    """One person: everything that was written down to let them take part safely."""

    def get(self, request, conference_id, person_id):
        person = self.person
        supports = list(person.supports.order_by("kind", "offered_on"))
        context = {
            "relationships": person.relationships.select_related("child__child__details").order_by("child__position"),
            "supports": supports,
            "has_been_offered_advocate": any(one.kind == SupportKind.ADVOCATE for one in supports),
            "preparation": getattr(person, "preparation", None),
            "choices": person.choices.order_by("kind"),
            "flags": [one for one in flags_of(self.conference) if person in (one.person_a, one.person_b)],
            "advocates": queries.advocates_of(person),
            "last_time": queries.last_time(person),
            "is_open": rules.is_open(self.conference),
            "of_the_family": person.kind in (PersonKind.CHILD, PersonKind.FAMILY),
        }
        return self.page("conferences/before/person.html", context)


class EditPerson(PersonMixin, OpenConferenceView):
    """Who somebody is, and who they are to each child."""

    def get(self, request, *args, **kwargs):
        form = self._form()
        initial = {name: getattr(self.person, name) for name in form.fields if hasattr(self.person, name)}
        said = {one.child_id: one for one in self.person.relationships.all()}
        for n, child in enumerate(form.children, 1):
            if child.pk in said:
                initial |= {
                    f"words_{n}": said[child.pk].words,
                    f"responsibility_{n}": said[child.pk].parental_responsibility,
                }
        form.initial = initial
        return self._show(form)

    def post(self, request, *args, **kwargs):
        form = self._form(request.POST)
        if form.is_valid():
            try:
                operations.change_person(
                    person=self.person,
                    facts=form.facts(self.person),
                    related=form.related,
                    by=request.user,
                    now=self.now,
                )
                return self.back()
            except operations.CannotSavePerson as refusal:
                form.show_refusal(refusal)
        return self._show(form)

    def _form(self, *args) -> PersonForm:
        return PersonForm(*args, kind=self.person.kind, children=queries.children_of(self.conference))

    def _show(self, form):
        return self.page("conferences/before/person_form.html", {"form": form})


class EditContact(PersonMixin, ConferenceView):
    """How somebody is reached safely. After signing too."""

    def get(self, request, *args, **kwargs):
        contact = getattr(self.person, "contact", None)
        form = ContactForm(
            initial={name: getattr(contact, name) for name in ContactForm.base_fields} if contact else {}
        )
        return self._show(form)

    def post(self, request, *args, **kwargs):
        form = ContactForm(request.POST)
        if form.is_valid():
            try:
                operations.save_contact(person=self.person, contact=form.contact, by=request.user, now=self.now)
                return self.back()
            except operations.CannotSavePerson as refusal:
                form.show_refusal(refusal)
        return self._show(form)

    def _show(self, form):
        return self.page("conferences/before/contact.html", {"form": form})


class RemovePerson(PersonMixin, OpenConferenceView):
    """Take somebody off who was added by mistake."""

    def get(self, request, *args, **kwargs):
        return self._show()

    def post(self, request, *args, **kwargs):
        try:
            operations.remove_person(person=self.person, by=request.user, now=self.now)
        except operations.CannotSavePerson as refusal:
            return self._show(str(refusal))
        return redirect("conferences:people", self.conference.pk)

    def _show(self, refusal: str = ""):
        return self.page("conferences/before/remove_person.html", {"refusal": refusal})

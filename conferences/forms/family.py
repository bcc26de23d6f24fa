"""Who somebody is, who they are to each child, and how they are reached safely."""

from collections.abc import Sequence
from uuid import UUID

from crispy_forms_gds.layout import Field, Fieldset, Size
from django import forms

from chatr.web.forms import PortalForm

from ..models import ConferenceChild, Discipline, ParentalResponsibility, PersonKind, SafeContact
from ..operations.family import ContactFacts, PersonFacts, Related
from ..queries.names import child_name
from .fields import LongWords, ShortWords


class KindForm(PortalForm):
    """Whom to add. Looking changes nothing, so it is in the address."""

    form_method = "get"
    kind = forms.ChoiceField(
        label="Who is it?",
        widget=forms.RadioSelect,
        choices=[(kind, kind.label) for kind in PersonKind if kind != PersonKind.CHILD],
        error_messages={"required": "Choose who it is"},
    )


class PersonForm(PortalForm):
    """Somebody of a conference; a professional is asked for their work, family for parental responsibility."""

    submit_label = "Save"

    name = ShortWords(label="Full name", required=True)
    known_as = ShortWords(label="What they like to be called")
    pronouns = ShortWords(label="Pronouns")
    language = ShortWords(label="Language they speak best, if it is not English")
    discipline = forms.ChoiceField(label="Agency or discipline", choices=[("", "Choose"), *Discipline.choices])
    job = ShortWords(label="Job")
    agency = ShortWords(label="Organisation")
    had_direct_contact = forms.BooleanField(
        label="They have had direct contact with the child", required=False, help_text="It counts towards the quorum."
    )

    def __init__(self, *args, kind: str, children: Sequence[ConferenceChild], **kwargs):
        super().__init__(*args, **kwargs)
        self.kind, self.children = kind, [] if kind == PersonKind.CHILD else children
        if kind == PersonKind.CHILD:
            del self.fields["name"], self.fields["known_as"]
        if kind != PersonKind.PROFESSIONAL:
            for name in ("discipline", "job", "agency", "had_direct_contact"):
                del self.fields[name]
        if kind == PersonKind.SUPPORTER:
            self.fields["job"] = ShortWords(label="What they do", help_text="Advocate, interpreter, friend …")
            self.fields["agency"] = ShortWords(label="Organisation")
        for n, child in enumerate(self.children, 1):
            self._add_relationship(n, child_name(child))

    def _add_relationship(self, n: int, child: str) -> None:
        self.fields[f"words_{n}"] = ShortWords(
            label=f"Who they are to {child}", help_text="In their own words: Mum, Dad's partner, Auntie next door."
        )
        if self.kind == PersonKind.FAMILY:
            self.fields[f"responsibility_{n}"] = forms.ChoiceField(
                label=f"Parental responsibility for {child}",
                choices=ParentalResponsibility.choices,
                initial=ParentalResponsibility.NOT_KNOWN,
                required=False,
                widget=forms.RadioSelect,
            )

    def layout(self) -> list:
        return [Field.radios(n, inline=True) if n.startswith("responsibility_") else n for n in self.fields]

    def clean(self):
        for n, _ in enumerate(self.children, 1):
            said = self.cleaned_data.get(f"responsibility_{n}") or ParentalResponsibility.NOT_KNOWN
            if said == ParentalResponsibility.YES and not self.cleaned_data.get(f"words_{n}"):
                self.add_error(f"words_{n}", "Say who they are to the child, because they have responsibility for them")
        return self.cleaned_data

    def facts(self, person=None) -> PersonFacts:
        """What was typed. What a child's page does not ask stays as it is on ``person``."""
        given = {name: self.cleaned_data[name] for name in PersonFacts.__dataclass_fields__ if name in self.fields}
        if self.kind == PersonKind.CHILD:
            given |= {"name": person.name, "known_as": person.known_as}
        return PersonFacts(**given)

    @property
    def related(self) -> dict[UUID, Related]:
        """Who they are to each child, by the child's id."""
        return {
            child.pk: Related(
                self.cleaned_data[f"words_{n}"],
                self.cleaned_data.get(f"responsibility_{n}") or ParentalResponsibility.NOT_KNOWN,
            )
            for n, child in enumerate(self.children, 1)
        }


class ContactForm(PortalForm):
    """How somebody is reached, and what makes it safe."""

    submit_label = "Save"

    safe_contact = forms.ChoiceField(
        label="How is it safe to reach them?",
        help_text="Ask them. Somebody else may open their post, answer their phone or read their e-mail.",
        choices=SafeContact.choices,
        widget=forms.RadioSelect,
    )
    safe_contact_note = LongWords(label="What makes it safe, or through whom", rows=3)
    phone = ShortWords(label="Phone number")
    email = forms.EmailField(label="E-mail address", required=False, max_length=200)
    address = LongWords(label="Where they live or stay", rows=3)
    address_is_secret = forms.BooleanField(
        label="Nobody else may learn this address",
        help_text="It is then left out of every copy but their own.",
        required=False,
    )

    def layout(self) -> list:
        return [
            "safe_contact",
            "safe_contact_note",
            Fieldset("phone", "email", legend="Phone and e-mail", legend_size=Size.MEDIUM, legend_tag="h2"),
            Fieldset("address", "address_is_secret", legend="Address", legend_size=Size.MEDIUM, legend_tag="h2"),
        ]

    @property
    def contact(self) -> ContactFacts:
        return ContactFacts(**{name: self.cleaned_data[name] for name in ContactFacts.__dataclass_fields__})

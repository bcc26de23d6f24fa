"""A section as a page sends it: each person's words with their own few questions."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from django import forms
from django.utils.datastructures import MultiValueDict

from chatr.web.forms import plain_errors

from ..models import AuthorKind, Block, ConferencePart, FactOrOpinion, HowSaid, Person, PersonKind, ReadBack, Section
from ..rules.words import GUIDES, KEPT, LONGEST, Words, fingerprint

NUL = "There is an invisible character (NUL) in this text that can’t be kept. Paste it again as plain text."
MAY_READ = (("", "Not asked"), ("yes", "Yes"), ("no", "No"))
STANDS = (("mine", "Your text, as it stands in your box"), ("theirs", "The text that was saved"))
AUTHOR_KINDS = {
    PersonKind.CHILD: AuthorKind.CHILD,
    PersonKind.FAMILY: AuthorKind.FAMILY,
    PersonKind.SUPPORTER: AuthorKind.PROFESSIONAL,
    PersonKind.PROFESSIONAL: AuthorKind.PROFESSIONAL,
}
GROUPS = (
    (PersonKind.CHILD, "Children"),
    (PersonKind.FAMILY, "Family and friends"),
    (PersonKind.SUPPORTER, "Supporters"),
    (PersonKind.PROFESSIONAL, "Professionals"),
)
NOT_LISTED = {
    AuthorKind.CHAIR: "The chair",
    AuthorKind.FAMILY: "Family, several or not listed",
    AuthorKind.PROFESSIONAL: "A professional not listed",
}


class Choices:
    """What can be chosen in a section: the people, children and parts of its conference."""

    def __init__(self, section: Section, people: list[Person], parts: list[ConferencePart], blocks: Iterable[UUID]):
        self.section, self.guide, self.blocks = section, GUIDES[section.kind], set(blocks)
        self.people = {str(person.pk): person for person in people}
        self.children = [person for person in people if person.kind == PersonKind.CHILD]
        self.parts = parts

    @property
    def whose(self) -> list:
        """Everybody whose words can stand here, in groups."""
        groups = [
            (title, [(key, _named(person)) for key, person in self.people.items() if person.kind == kind])
            for kind, title in GROUPS
        ]
        # A child's advocate sees nobody of the family, not even the child's own entry among the people.
        unseen = [(AuthorKind.CHILD, "The child")] if self.usual == AuthorKind.CHILD else []
        return [*unseen, *((title, rows) for title, rows in groups if rows), ("Others", list(NOT_LISTED.items()))]

    @property
    def usual(self) -> str:
        """Whose words they usually are in this section."""
        if self.section.child_id:
            own = [str(person.pk) for person in self.children if person.child_id == self.section.child_id]
            if own and self.guide.author_kind == AuthorKind.CHILD:
                return own[0]
        return self.guide.author_kind

    def whose_is(self, block: Block) -> str:
        """The choice that stands for whose words these are: the person, where they can be seen."""
        return str(block.person_id) if str(block.person_id) in self.people else block.author_kind

    def unseen_person(self, block: Block | None, whose: str) -> UUID | None:
        """Whose words they stay, when who writes here can't see that person."""
        return block.person_id if block is not None and whose == block.author_kind == self.whose_is(block) else None


def _named(person: Person) -> str:
    job = " · ".join(part for part in (person.job, person.agency) if part)
    return f"{person.known_as or person.name}{f' ({job})' if job else ''}"


def _select(label: str, choices, **more) -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "govuk-select"})
    return forms.ChoiceField(label=label, choices=choices, widget=widget, **more)


class BlockForm(forms.Form):
    """One person's words. Its prefix is the id of the block, made in the page for new words."""

    use_required_attribute = False

    def __init__(self, key: str, choices: Choices, *args, block: Block | None = None, side=None, **kwargs):
        self.key, self.choices, self.block, self.side = key, choices, block, side
        super().__init__(*args, prefix=key, **kwargs)
        box = forms.Textarea(attrs={"class": "govuk-textarea words__box", "rows": 3, "dir": "auto", "placeholder": " "})
        self.fields["words"] = forms.CharField(label="Words", required=False, strip=False, widget=box)
        self.fields["words"].validators = []  # said in our own words below, and a long paste is never cut off
        self.fields["whose"] = _select("Whose words", choices.whose, initial=choices.usual)
        self.fields["how"] = _select("How they reached you", [("", "Not said"), *HowSaid.choices], required=False)
        unsealed = [choice for choice in ReadBack.choices if choice[0] != ReadBack.YES]
        self.fields["read_back"] = _select("Read back to them?", unsealed, initial=ReadBack.NOT_YET)
        if choices.guide.asks_fact:
            options = [("", "Not said"), *FactOrOpinion.choices]
            self.fields["fact"] = _select(
                "Fact or opinion", options, required=False, initial=choices.guide.fact_or_opinion
            )
        if choices.guide.asks_parent:
            self.fields["may"] = _select("May a parent read this?", MAY_READ, required=False)
        if not choices.section.child_id and len(choices.children) > 1:
            about = [("", "All of them"), *((str(one.child_id), _named(one)) for one in choices.children)]
            self.fields["about"] = _select("About", about, required=False)
        if len(choices.parts) > 1:
            parts = [("", "When it is saved"), *((str(part.pk), f"Part {part.number}") for part in choices.parts)]
            self.fields["part"] = _select("Said in", parts, required=False)
        self.fields["corrects"] = forms.UUIDField(required=False, widget=forms.HiddenInput)
        self.fields["removed"] = forms.BooleanField(required=False, label="Take these words out")
        self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields["stands"] = forms.ChoiceField(choices=STANDS, required=False, initial="mine")

    def clean_words(self):
        words = self.cleaned_data["words"].replace("\r\n", "\n")
        if "\x00" in words:
            raise forms.ValidationError(NUL, code="nul")
        if len(words) > LONGEST:
            raise forms.ValidationError(
                f"These words have {len(words):,} characters; at most {LONGEST:,} fit here. Split them in two.",
                code="too_long",
            )
        return words

    def clean_corrects(self):
        corrects = self.cleaned_data["corrects"]
        if corrects is not None and corrects not in self.choices.blocks:
            raise forms.ValidationError("The words this corrects are not in this section.", code="elsewhere")
        return corrects

    @property
    def questions(self) -> list:
        """The small questions beside the words, as the section asks them."""
        return [
            self[name] for name in ("whose", "how", "fact", "read_back", "may", "about", "part") if name in self.fields
        ]

    def to_keep(self) -> Words | None:
        """What is to be kept; None where the text that was saved meanwhile shall stand."""
        given = self.cleaned_data
        if given["stands"] == "theirs":
            return None
        person = self.choices.people.get(given["whose"])
        return Words(
            UUID(self.key),
            given["words"],
            author_kind=AUTHOR_KINDS[person.kind] if person else given["whose"],
            person_id=person.pk if person else self.choices.unseen_person(self.block, given["whose"]),
            child_id=UUID(given["about"]) if given.get("about") else self.choices.section.child_id,
            fact_or_opinion=given.get("fact", ""),
            how=given["how"],
            read_back=given["read_back"],
            parent_may_read={"yes": True, "no": False}.get(given.get("may")),
            part_id=UUID(given["part"]) if given.get("part") else None,
            corrects_id=given["corrects"],
            removed=given["removed"],
            seen=given["seen"],
        )


def block_form(block: Block, choices: Choices) -> BlockForm:
    """Stored words, to be written on."""
    initial = {
        "words": block.words,
        "whose": choices.whose_is(block),
        "how": block.how,
        "read_back": block.read_back,
        "fact": block.fact_or_opinion,
        "may": {True: "yes", False: "no"}.get(block.parent_may_read, ""),
        "about": str(block.child_id or ""),
        "part": str(block.part_id or ""),
        "corrects": block.corrects_id,
        "seen": fingerprint(block),
    }
    return BlockForm(str(block.pk), choices, block=block, initial=initial)


def unsaved_form(words: Words, choices: Choices, stored: Block | None, side=None) -> BlockForm:
    """Words that could not be saved, beside what was saved meanwhile; the next save starts from what is stored."""
    form = block_form(Block(pk=words.id, **{name: getattr(words, name) for name in (*KEPT, "part_id")}), choices)
    form.block, form.side = stored, side
    form.initial["seen"] = fingerprint(stored)
    form.initial["removed"] = words.removed
    return form


def new_form(choices: Choices, *, key: str = "", corrects: Block | None = None) -> BlockForm:
    """An empty place for words, or for a correction of words that were read back."""
    initial = {}
    if corrects is not None:
        initial = {"corrects": corrects.pk, "whose": choices.whose_is(corrects), "about": str(corrects.child_id or "")}
    return BlockForm(key or str(uuid4()), choices, initial=initial)


class SectionForm:
    """Everything a page sends of one section: its version, and the words whose ids it lists."""

    def __init__(self, data: MultiValueDict, choices: Choices, blocks: dict[UUID, Block]):
        self.refusals: list[str] = []
        version = data.get("version", "")
        self.version = int(version) if version.isdecimal() and len(version) < 10 else 0
        self.forms = [
            BlockForm(key, choices, data, block=blocks.get(UUID(key))) for key in data.getlist("block") if _is_id(key)
        ]

    def is_valid(self) -> bool:
        faults = [form for form in self.forms if not form.is_valid()]  # each of them, so that every fault is shown
        return not faults

    def refuse(self, message: str, block: UUID | None) -> None:
        """Show a refusal beside the words it is about, or above them all."""
        about = [form for form in self.forms if form.key == str(block)]
        if about:
            about[0].add_error("words", message)
        else:
            self.refusals.append(message)

    @property
    def errors(self) -> dict[str, list[str]]:
        """What is wrong, by the id of the box; under an empty id what is about all of it."""
        found = {field.id_for_label: plain_errors(field) for form in self.forms for field in form if field.errors}
        return {**({"": self.refusals} if self.refusals else {}), **found}

    def to_keep(self) -> list[Words]:
        return [words for form in self.forms if (words := form.to_keep()) is not None]


def _is_id(key: str) -> bool:
    try:
        return str(UUID(key)) == key
    except ValueError:
        return False

"""How people get in: referral routes, cost and languages, whom to ring, for which boroughs and levels."""

from crispy_forms_gds.layout import Field, Fieldset, Size
from django import forms
from langcodes import find

from ...rules.entries import ContactLine, PhoneLine, Price, Route
from ...rules.languages import is_language, language_name
from ..fields import PoundsField, WebPage, Words, stated
from ..rows import Rows
from .sections import RADIOS, SectionForm, note

ROUTE_BOXES = ("how", "phone", "email", "url", "form_url", "consent", "documents", "what_next")
AUDIENCES = {"family": "The family themselves", "professional": "A professional"}
# Spoken most in the boroughs here, so a tick is enough.
LOCAL_LANGUAGES = (
    *("ara", "ben", "bfi", "yue", "eng", "fra", "guj", "heb", "ita", "kur", "zho", "pol", "por", "pan", "ron"),
    *("som", "spa", "syl", "tur", "urd", "vie", "yid", "yor"),
)


def route_boxes(audience: str) -> dict[str, forms.Field]:
    """The boxes of one route."""
    family = audience == "family"
    ask = "May a family ask by themselves?" if family else "May a professional refer somebody?"
    return {
        "may": stated(ask),
        "how": Words(label="How to ask", rows=4, max_length=2000),
        "phone": Words(label="Phone", max_length=40),
        "email": forms.EmailField(label="E-mail address", required=False),
        "url": WebPage("Web page about it"),
        "form_url": WebPage("Form to fill in"),
        "consent": stated("Is the family’s consent needed?"),
        "documents": Words(label="What to send with it", rows=3, max_length=1000, help_text="One on each line."),
        "what_next": Words(
            label="What happens next", rows=3, max_length=2000, help_text="Who answers, how, and how soon."
        ),
    }


class ReferForm(SectionForm):
    """Both ways in."""

    slug, title = "refer", "How people get in"
    parts = ("family", "professional")

    def __init__(self, *args, **kwargs):
        self.base_fields = {f"{who}_{box}": field for who in AUDIENCES for box, field in route_boxes(who).items()}
        super().__init__(*args, **kwargs)

    def given(self) -> dict:
        found = {}
        for who in AUDIENCES:
            route = getattr(self.entry, who)
            if route is not None:
                found |= {f"{who}_{box}": getattr(route, box) for box in ROUTE_BOXES}
                found[f"{who}_documents"] = "\n".join(route.documents)
                found[f"{who}_may"] = "yes" if route.is_open else "no"
        return found

    def layout(self) -> list:
        parts = []
        for who, legend in AUDIENCES.items():
            boxes = [f"{who}_{box}" for box in ROUTE_BOXES if box != "consent"]
            boxes.insert(0, Field.radios(f"{who}_may", inline=True, **RADIOS))
            boxes.insert(6, Field.radios(f"{who}_consent", inline=True, **RADIOS))
            parts.append(Fieldset(*boxes, legend=legend, legend_size=Size.MEDIUM))
        return parts

    def clean(self):
        data = super().clean()
        for who in AUDIENCES:
            if not data.get(f"{who}_may") and any(data.get(f"{who}_{box}") for box in ROUTE_BOXES):
                self.add_error(f"{who}_may", "Say yes or no: you wrote how, so it is stated")
        return data

    def changes(self) -> dict:
        return {who: self._route(who) for who in AUDIENCES}

    def _route(self, who: str) -> Route | None:
        data = {box: self.cleaned_data[f"{who}_{box}"] for box in (*ROUTE_BOXES, "may")}
        may = data.pop("may")
        documents = tuple(line.strip() for line in data.pop("documents").split("\n") if line.strip())
        return Route(is_open=may == "yes", documents=documents, **data) if may else None


class CostForm(SectionForm):
    """What it costs, and in which languages."""

    slug, title = "cost", "Cost and languages"
    parts = ("cost", "languages", "interpreters")
    kinds = (
        Rows(
            "prices",
            "Price",
            lambda form: {
                "option": Words(label="For whom or what", max_length=120),
                "amount": PoundsField(label="Pounds"),
                "amount_description": Words(label="In words, such as “an hour” or “what you can”", max_length=120),
            },
        ),
    )

    cost = stated(
        "What does it cost families?", choices=(("free", "Nothing"), ("paid", "It costs money"), ("", "Not stated"))
    )
    spoken = forms.MultipleChoiceField(
        label="Languages your staff speak with families", required=False, widget=forms.CheckboxSelectMultiple
    )
    others = Words(label="Other languages", rows=3, max_length=600, help_text="One on each line, such as Tigrinya.")
    interpreters = stated("Can you get an interpreter?")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        local = sorted(((code, language_name(code)) for code in LOCAL_LANGUAGES), key=lambda each: each[1])
        self.fields["spoken"].choices = local

    def given(self) -> dict:
        others = (language_name(code) for code in self.entry.languages if code not in LOCAL_LANGUAGES)
        spoken = [code for code in self.entry.languages if code in LOCAL_LANGUAGES]
        return super().given() | {"spoken": spoken, "others": "\n".join(others)}

    def rows_given(self, name: str) -> list[dict]:
        return [vars(price) for price in self.entry.prices]

    def layout(self) -> list:
        return [
            Field.radios("cost", legend_size=Size.MEDIUM),
            note("You may give prices, or leave them out."),
            *self.lines("prices"),
            Field.checkboxes("spoken", legend_size=Size.MEDIUM, small=True),
            "others",
            Field.radios("interpreters", inline=True, legend_size=Size.MEDIUM),
        ]

    def clean_others(self) -> tuple[str, ...]:
        codes = []
        for name in filter(None, (line.strip() for line in self.cleaned_data["others"].split("\n"))):
            code = language_code(name)
            if not code:
                raise forms.ValidationError(f"We do not know the language “{name}”. Write it in English, like Tigrinya")
            if language_name(code).casefold() != name.casefold():
                self.notes.append(f"“{name}” is kept as {language_name(code)}.")
            codes.append(code)
        return tuple(codes)

    def changes(self) -> dict:
        data = self.cleaned_data
        return {
            "cost": data["cost"],
            "prices": tuple(Price(**row) for _, row in self.filled("prices")),
            "languages": tuple(dict.fromkeys((*data["spoken"], *data["others"]))),
            "interpreters": data["interpreters"],
        }


def language_code(name: str) -> str:
    """The three-letter code of a language by its English name; empty for none we know."""
    if is_language(name):
        return name
    ours = {language_name(code).casefold(): code for code in LOCAL_LANGUAGES}
    if name.casefold() in ours:
        return ours[name.casefold()]
    try:
        code = find(name).to_alpha3()
    except LookupError:
        return ""
    return code if is_language(code) else ""


class ContactForm(SectionForm):
    """Numbers to ring and people to ask for."""

    slug, title = "contact", "Phone numbers and people"
    parts = ("phones", "contacts")
    kinds = (
        Rows(
            "phones",
            "Phone number",
            lambda form: {
                "number": Words(label="Number", max_length=40),
                "description": Words(label="What for, and when", max_length=120),
            },
        ),
        Rows(
            "contacts",
            "Person to ask for",
            lambda form: {
                "name": Words(label="Name", max_length=120),
                "title": Words(label="Role", max_length=120),
                "is_public": forms.BooleanField(label="This name and role may be published", required=False),
            },
        ),
    )

    def rows_given(self, name: str) -> list[dict]:
        return [vars(each) for each in getattr(self.entry, name)]

    def layout(self) -> list:
        return [
            note("Empty a line to take it out."),
            *self.lines("phones"),
            note("People are for staff of the programme only, unless you tick that they may be published."),
            *self.lines("contacts"),
        ]

    def clean(self):
        data = super().clean()
        for number, row in self.filled("phones"):
            if not row.get("number") and f"phones-{number}-number" not in self.errors:
                self.add_error(f"phones-{number}-number", "Enter the number")
        for number, row in self.filled("contacts"):
            if not row.get("name") and not row.get("title") and not self.errors:
                self.add_error(f"contacts-{number}-name", "Enter a name or a role")
        return data

    def changes(self) -> dict:
        return {
            "phones": tuple(PhoneLine(**row) for _, row in self.filled("phones")),
            "contacts": tuple(ContactLine(**row) for _, row in self.filled("contacts")),
        }


class AreasForm(SectionForm):
    """Whose families may come, and at which levels of need."""

    slug, title = "areas", "Boroughs and levels of need"
    parts = ("areas", "levels")

    areas = forms.MultipleChoiceField(
        label="Families from which boroughs may come?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: not stated.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["areas"].choices = self.choices.areas
        for number, (title, levels) in enumerate(self.choices.levels):
            chosen = [level for level, _ in levels if level in self.entry.levels]
            self.fields[f"levels_{number}"] = forms.MultipleChoiceField(
                label=title,
                choices=levels,
                initial=chosen,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text="The levels of this document you work at. None ticked: not stated.",
            )
        if kwargs.get("typed") is not None:
            for name, field in self.fields.items():
                self.initial[name] = field.widget.value_from_datadict(kwargs["typed"], {}, name)

    def layout(self) -> list:
        return [Field.checkboxes(name, legend_size=Size.MEDIUM, small=True) for name in self.fields]

    def changes(self) -> dict:
        chosen = (self.cleaned_data[f"levels_{number}"] for number in range(len(self.choices.levels)))
        return {
            "areas": tuple(self.cleaned_data["areas"]),
            "levels": tuple(level for levels in chosen for level in levels),
        }

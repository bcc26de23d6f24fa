"""What somebody asks on the find page. It is read from the address, so nothing is required and nothing is kept."""

from django import forms
from django.utils.dateparse import parse_time

from chatr.web.forms import PortalForm

from ..queries.options import levels_to_choose, terms_to_choose
from ..queries.places import CannotLocate, Where, locate
from ..queries.search import Count
from ..rules.asked_ages import NotAnAge, read_ages
from ..rules.languages import is_language, language_name
from ..rules.postcodes import is_outcode, is_postcode, spaced
from ..rules.search import DISTANCES, FILTERS, Question

LONGEST_WORDS = 200
LAST_PAGE = 100_000
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OPEN = ("need", "age", "where", "refer")  # filters always in sight
FOLDED = ("cost", "distance", "day", "time", "language", "access", "level", "space")

# What a filter is called in a sentence
SPOKEN = {
    "q": "the words",
    "need": "the need",
    "age": "the child’s age",
    "where": "the place",
    "refer": "who may ask",
    "cost": "the cost",
    "distance": "the distance",
    "day": "the day",
    "time": "the time",
    "language": "the language",
    "access": "access",
    "level": "the level of need",
    "space": "“has space now”",
}


class SeveralInOne(forms.TextInput):
    """A box that shows a value given several times, as in ``age=3&age=9``, as one text."""

    def value_from_datadict(self, data, files, name):
        return " and ".join(data.getlist(name)) if name in data else None


class AnyFirst(forms.RadioSelect):
    """Radio buttons of which the first, that asks nothing, is chosen where the address says nothing."""

    def value_from_datadict(self, data, files, name):
        return data.get(name, "")


class Spoken(forms.ChoiceField):
    """A language by its ISO 639-3 code. Those on offer are those some service found speaks."""

    def valid_value(self, value):
        return is_language(value)


class FindForm(PortalForm):
    """Words and filters. Whatever cannot be read is left out of the question and said beside its box."""

    form_method = "get"
    marks_optional = False

    q = forms.CharField(
        label="What do you need help with?",
        help_text="Such as counselling, won’t go to school, or the name of a service. Leave out names of people.",
        max_length=LONGEST_WORDS,
        required=False,
    )
    need = forms.ChoiceField(label="Need", required=False)
    age = forms.CharField(
        label="The child’s age",
        help_text="Such as 7, 6 months, or 3 and 9",
        required=False,
        widget=SeveralInOne(attrs={"class": "govuk-input"}),
    )
    where = forms.CharField(
        label="Where",
        help_text="A postcode, its first half such as E8, or a borough",
        required=False,
        max_length=100,
    )
    refer = forms.ChoiceField(label="Who may ask for help there", required=False, widget=AnyFirst)
    cost = forms.ChoiceField(label="Cost", required=False, widget=AnyFirst)
    distance = forms.ChoiceField(
        label="Distance",
        required=False,
        choices=[("", "Any distance"), *((str(each), f"Within {each} mile{'s' * (each > 1)}") for each in DISTANCES)],
    )
    day = forms.ChoiceField(label="Open on", required=False)
    time = forms.ChoiceField(
        label="Open at",
        required=False,
        choices=[
            ("", "Any time"),
            *((f"{h:02}:00", f"{h % 12 or 12}{'am' if h < 12 else 'pm'}") for h in range(7, 23)),
        ],
    )
    language = Spoken(label="Language spoken there", required=False)
    access = forms.MultipleChoiceField(label="Access", required=False, widget=forms.CheckboxSelectMultiple)
    level = forms.ChoiceField(label="Level of need", required=False)
    space = forms.ChoiceField(label="Space", required=False, widget=AnyFirst)

    def __init__(self, data, *, today):
        super().__init__(data)
        self.levels = levels_to_choose(today)
        self.terms = terms_to_choose()
        for name in ("q", "age", "where"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["q"].widget.attrs["form"] = "find"  # the box stands above the filters, outside their form
        self.show_counts({})

    def show_counts(self, counts: dict[str, dict[object, Count]]) -> None:
        """Say beside each option how many services choosing it would give, where that is known."""

        def option(name, value, label, key=None):
            count = counts.get(name, {}).get(value if key is None else key)
            return (str(value), label if count is None else f"{label} ({count})")

        fields = self.fields
        fields["need"].choices = [("", "Any need"), *(option("need", *term) for term in self.terms["need"])]
        fields["access"].choices = [option("access", *term) for term in self.terms["access"]]
        fields["refer"].choices = [
            ("", "Anyone"),
            option("refer", "family", "The family can ask themselves"),
            option("refer", "professional", "A professional asks"),
        ]
        fields["cost"].choices = [
            ("", "Any cost"),
            option("cost", "free", "Free"),
            option("cost", "paid", "Costs money"),
        ]
        fields["space"].choices = [("", "Full or not"), option("space", "yes", "Has space now", True)]
        fields["day"].choices = [("", "Any day"), *(option("day", n, day, n) for n, day in enumerate(DAYS))]
        fields["level"].choices = [
            ("", "Any level"),
            *(
                (f"{framework.area}: {framework.title}", [option("level", each.pk, each.name) for each in levels])
                for framework, levels in self._levels_here()
            ),
        ]
        spoken = {code for code, count in counts.get("language", {}).items() if count.number}
        spoken |= {code for code in [self.data.get("language", "")] if is_language(code)}
        languages = sorted((language_name(code), code) for code in spoken)
        fields["language"].choices = [
            ("", "Any language"),
            *(option("language", code, name) for name, code in languages),
        ]

    def _levels_here(self):
        """The documents of the place asked for; all of them without one, or where it has none of its own."""
        where = getattr(self, "cleaned_data", {}).get("where")
        here = [each for each in self.levels if where and each[0].area_id in where.areas]
        chosen = self.data.get("level", "")
        if not here:
            return self.levels
        return [each for each in self.levels if each in here or any(str(level.pk) == chosen for level in each[1])]

    def clean_age(self):
        try:
            return read_ages(self.cleaned_data["age"])
        except NotAnAge as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean_where(self) -> Where | None:
        try:
            return locate(self.cleaned_data["where"])
        except CannotLocate as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self):
        where = self.cleaned_data.get("where")
        if self.cleaned_data.get("distance") and "where" not in self.errors and (where is None or where.point is None):
            self.add_error("distance", "To measure a distance, type a postcode or the first half of one under “Where”")
        return self.cleaned_data

    @property
    def question(self) -> Question:
        """What was asked, as far as it could be read."""
        given = self.cleaned_data
        where = given.get("where")
        return Question(
            words=given.get("q", ""),
            ages=given.get("age") or (),
            need=given.get("need", ""),
            area=where.gss if where else "",
            point=where.point if where else None,
            refer=given.get("refer", ""),
            cost=given.get("cost", ""),
            distance=next((each for each in DISTANCES if str(each) == given.get("distance")), None),
            day=int(given["day"]) if given.get("day") else None,
            time=parse_time(given["time"]) if given.get("time") else None,
            language=given.get("language", ""),
            access=tuple(given.get("access", ())),
            level=int(given["level"]) if given.get("level") else None,
            space=given.get("space") == "yes",
        )

    @property
    def place(self) -> Where | None:
        """The place, where it is known."""
        return self.cleaned_data.get("where")

    @property
    def is_asked(self) -> bool:
        """Whether anything was sent at all, be it empty: then the page shows results."""
        return any(name in self.data for name in (*FILTERS, "page"))

    @property
    def page(self) -> int:
        """The page asked for; the first where that is no number."""
        text = self.data.get("page", "")
        return min(int(text), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 9 else 1

    def folded_fields(self):
        """The filters in the fold, in their order."""
        return [self[name] for name in FOLDED]

    def applied(self, names=FILTERS) -> int:
        """How many of some filters narrow the results."""
        return sum(name in self.question.applied for name in names)

    def applied_filters(self) -> int:
        """The same for all but the words."""
        return self.applied((*OPEN, *FOLDED))

    def applied_folded(self) -> int:
        """The same for those in the fold."""
        return self.applied(FOLDED)

    def has_folded_errors(self) -> bool:
        """Whether something is wrong that nobody would see with the fold closed."""
        return any(name in self.errors for name in FOLDED)

    def spoken(self, name: str) -> str:
        """A filter and its value in a sentence: ``the child’s age (7)``."""
        if name == "space":
            return SPOKEN[name]
        return f"{SPOKEN[name]} ({self._value_in_words(name)})"

    def _value_in_words(self, name: str) -> str:
        typed = self[name].value()
        if name == "level":
            names = {str(level.pk): level.name for _, levels in self.levels for level in levels}
            return names.get(typed, typed)
        if name == "language":
            return language_name(typed)
        if name == "where":
            return spaced(typed) if is_postcode(typed) or is_outcode(typed) else typed
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            return f"“{typed}”" if name == "q" else str(typed)
        labels = dict(self.terms.get(name, ())) or {str(value): label for value, label in field.choices}
        values = typed if isinstance(typed, list) else [typed]
        return ", ".join(labels.get(value, value).rsplit(" (", 1)[0] for value in values)

    def asked_in_words(self) -> str:
        """The filters that were asked and could be read, in one line; the words stand in their box."""
        return ", ".join(self.spoken(name) for name in self.question.applied if name != "q")

    def query(self, without: tuple[str, ...] = (), **changes) -> str:
        """The address' query with some filters taken out and some values changed; empty boxes are left out."""
        data = self.data.copy()
        for name in [*without, "page"]:
            data.pop(name, None)
        for name in list(data):
            data.setlist(name, [value for value in data.getlist(name) if value])
            if name not in self.fields or not data.getlist(name):
                del data[name]
        for name, value in changes.items():
            data[name] = value
        return data.urlencode()

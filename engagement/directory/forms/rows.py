"""A form with lines that repeat: a few blank ones, and a button for another that keeps everything typed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crispy_forms_gds.layout import HTML, Button, Fieldset, Size
from django import forms

from chatr.web.forms import PortalForm

# Enter in a box presses the first button of a form; without this one it would be “Add another”.
SAVE_ON_ENTER = HTML(
    '<button class="govuk-visually-hidden" name="submit" value="Save" tabindex="-1" aria-hidden="true">Save</button>'
)


@dataclass(frozen=True)
class Rows:
    """Lines of one kind: their name in the form, one of them in words, the boxes of one."""

    name: str
    one: str
    boxes: Callable[["RowsForm"], dict[str, forms.Field]]
    blank: int = 1
    most: int = 30
    look: str = "one-line"


class RowsForm(PortalForm):
    """A form that may hold lines. ``given`` is what to begin with, by field; ``rows_given`` by kind of line.

    ``spare`` shows blank lines after those given; without it only where there are none, which keeps a long page short.
    """

    marks_optional = False
    kinds: tuple[Rows, ...] = ()

    def __init__(self, data=None, *, typed: Mapping | None = None, one_more: str = "", spare=True, **kwargs):
        super().__init__(data, **kwargs)
        self.counts: dict[str, int] = {}
        source = data if data is not None else typed
        for kind in self.kinds:
            given = self.rows_given(kind.name)
            count = (
                self._asked_for(kind, source) if source is not None else len(given) + kind.blank * (spare or not given)
            )
            self.counts[kind.name] = min(count + (one_more == kind.name), kind.most)
            for number in range(self.counts[kind.name]):
                for box, field in kind.boxes(self).items():
                    self.fields[f"{kind.name}-{number}-{box}"] = field
            for number, values in enumerate(given):
                self.initial |= {f"{kind.name}-{number}-{box}": value for box, value in values.items()}
        self.initial = self.given() | self.initial
        if typed is not None:  # shown again as it was typed, without a word about what is wrong with it yet
            self.initial = {
                name: field.widget.value_from_datadict(typed, {}, name) for name, field in self.fields.items()
            }

    def given(self) -> dict:
        """What the boxes begin with."""
        return {}

    def rows_given(self, name: str) -> list[dict]:
        """What the lines of a kind begin with."""
        return []

    def filled(self, name: str) -> list[tuple[int, dict]]:
        """The lines of a kind in which something was typed, with their number, once the form is cleaned."""
        found = []
        for number in range(self.counts[name]):
            start = f"{name}-{number}-"
            row = {key.removeprefix(start): value for key, value in self.cleaned_data.items() if key.startswith(start)}
            if any(value not in ("", None, False, []) for value in row.values()):
                found.append((number, row))
        return found

    def lines(self, name: str) -> list:
        """The layout of a kind of lines, with the button for another."""
        kind = next(each for each in self.kinds if each.name == name)
        parts = [
            Fieldset(
                *self.line(kind.name, number),
                legend=f"{kind.one} {number + 1}",
                legend_size=Size.MEDIUM,
                css_class=kind.look,
            )
            for number in range(self.counts[name])
        ]
        count = HTML(f'<input type="hidden" name="{name}-rows" value="{self.counts[name]}">')
        if self.counts[name] == kind.most:
            return [*parts, count]
        another = Button.secondary(f"add-{name}", f"Add another {kind.one[:1].lower()}{kind.one[1:]}")
        return [*parts, count, another]

    def line(self, name: str, number: int) -> list:
        """The layout of one line."""
        start = f"{name}-{number}-"
        return [each for each in self.fields if each.startswith(start)]

    @classmethod
    def asked_for_more(cls, data: Mapping) -> str:
        """The kind of line another was asked for, or nothing."""
        return next((kind.name for kind in cls.kinds if f"add-{kind.name}" in data), "")

    @property
    def helper(self):
        helper = super().helper
        if self.kinds:
            helper.layout.fields.insert(0, SAVE_ON_ENTER)
        return helper

    @staticmethod
    def _asked_for(kind: Rows, source: Mapping) -> int:
        said = str(source.get(f"{kind.name}-rows", ""))
        return min(int(said), kind.most) if said.isdecimal() and len(said) < 4 else kind.blank

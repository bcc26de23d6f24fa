"""Where a service is given. An address that must not be shown has a box of its own and leaves the form another way."""

from dataclasses import replace

from crispy_forms_gds.layout import Fieldset, Size
from django import forms

from ...models import Location
from ...operations.hiding import HiddenAddress
from ...queries.entries import place_of
from ...queries.postcodes import find
from ...rules.entries import Place
from ...rules.postcodes import is_postcode, spaced
from ..fields import Words, stated
from ..rows import Rows
from .sections import SectionForm

SHOWN = ("name", "address_1", "city", "postal_code", "description")
HIDDEN = ("hidden_address", "hidden_postcode")


def place_boxes(form: "PlacesForm") -> dict[str, forms.Field]:
    """The boxes of one place."""
    known = [(pk, str(each)) for pk, each in form.choices.locations.items()]
    return {
        "was": forms.CharField(required=False, widget=forms.HiddenInput, max_length=36),
        "id": forms.ChoiceField(label="Which place?", choices=[("", "A new place, or none"), *known], required=False),
        "kind": forms.ChoiceField(
            label="What kind of place?", choices=[("", "Choose one"), *Location.Kind.choices], required=False
        ),
        "name": Words(label="Name of the place", max_length=120),
        "address_1": Words(label="Street and number", max_length=200),
        "city": Words(label="Town", max_length=80),
        "postal_code": Words(label="Postcode", max_length=12),
        "description": Words(label="How to find it", max_length=300),
        "area": forms.ChoiceField(
            label="Borough",
            choices=[("", "From the postcode, or not stated"), *form.choices.areas],
            required=False,
        ),
        **{f"access_{code}": stated(label, small=True) for code, label in form.choices.access},
        "is_confidential": forms.BooleanField(
            label="The address must not be shown to anybody",
            required=False,
            help_text="The public sees the borough alone. An address shown until now is hidden when you save.",
        ),
        "hidden_address": Words(
            label="The address that is not shown",
            rows=2,
            max_length=400,
            help_text="Kept encrypted, for programme staff only. Leave it empty to keep what we have.",
        ),
        "hidden_postcode": Words(label="Its postcode", max_length=12),
        "remove": forms.BooleanField(label="The service is not given here any more", required=False),
    }


class PlacesForm(SectionForm):
    """Every place of the service."""

    slug, title = "places", "Where it is"
    intro = (
        "Choose a place your organisation has, or write a new one. "
        "A place shared with other services changes there too."
    )
    parts = ("places",)
    kinds = (Rows("places", "Place", place_boxes, look="one-place"),)

    def rows_given(self, name: str) -> list[dict]:
        return [self._row(place) for place in self.entry.places]

    def layout(self) -> list:
        return self.lines("places")

    def line(self, name: str, number: int) -> list:
        start = f"{name}-{number}-"
        boxes = [each.removeprefix(start) for each in super().line(name, number)]
        access = [f"{start}{box}" for box in boxes if box.startswith("access_")]
        left_out = {"remove"} if not self._was(number) else set()
        if self._is_hidden(number):
            left_out |= {*SHOWN, "is_confidential"}
        shown = [box for box in boxes if not box.startswith("access_") and box not in {*left_out, *HIDDEN, "remove"}]
        parts: list = [f"{start}{box}" for box in shown if box != "is_confidential"]
        parts.append(Fieldset(*access, legend="Access", legend_size=Size.SMALL, css_class="access-facts"))
        parts += [f"{start}{box}" for box in boxes if box in {"is_confidential", *HIDDEN} - left_out]
        return parts + [f"{start}{box}" for box in ("remove",) if box not in left_out]

    def clean(self):
        data = super().clean()
        seen: set[str] = set()
        for number, row in self._rows():
            self._check(number, row, seen)
        return data

    def changes(self) -> dict:
        places = []
        for _, row in self._rows():
            place = self._place(row)
            if place.is_confidential:
                self.hidden[len(places)] = self._hidden_address(row)
            elif place.postal_code:
                self._look_up(place.postal_code)
            places.append(place)
        return {"places": tuple(places)}

    def _rows(self) -> list[tuple[int, dict]]:
        found = []
        for number, row in self.filled("places"):
            typed = [value for box, value in row.items() if box != "was" and value not in ("", None, False)]
            if typed and not row.get("remove"):
                found.append((number, row))
        return found

    def _check(self, number: int, row: dict, seen: set[str]) -> None:
        def wrong(box: str, words: str) -> None:
            self.add_error(f"places-{number}-{box}", words)

        chosen = row.get("id", "")
        if chosen and chosen in seen:
            wrong("id", "This place is on another line already")
        seen.add(chosen)
        if chosen and chosen != row.get("was"):
            return  # its address is known
        hidden = row.get("is_confidential") or self._is_hidden(number)
        for box in ("postal_code", "hidden_postcode"):
            if row.get(box) and not is_postcode(row[box]):
                wrong(box, "Enter a whole postcode, like E8 1DY")
        if hidden and not row.get("area"):
            wrong("area", "Choose the borough: it is all the public will see")
        if not row.get("kind"):
            wrong("kind", "Choose what kind of place it is")
        elif row["kind"] != Location.Kind.VIRTUAL and not hidden and not any(row.get(box) for box in SHOWN[:4]):
            wrong("name", "Enter at least its name, street or postcode")

    def _place(self, row: dict) -> Place:
        location = self.choices.locations.get(row["id"])
        if location is not None and row["id"] != row["was"]:
            known = place_of(location)
            said = self._access(row)
            return replace(known, access=known.access | said)
        kept = next((each for each in self.entry.places if each.id and each.id == row["id"]), None)
        place = Place(id=row["id"], kind=row["kind"], area=row["area"], access=self._access(row))
        if row["is_confidential"] or (location is not None and location.is_confidential):
            return replace(place, is_confidential=True)
        place = replace(place, **{box: row[box] for box in SHOWN} | {"postal_code": spaced(row["postal_code"])})
        if kept is not None:
            place = replace(place, external_identifier=kept.external_identifier)
            if kept.postal_code == place.postal_code:
                place = replace(place, latitude=kept.latitude, longitude=kept.longitude)
        return place

    def _access(self, row: dict) -> dict[str, str]:
        said = {code: row[f"access_{code}"] for code, _ in self.choices.access}
        return {code: state for code, state in said.items() if state}

    def _hidden_address(self, row: dict) -> HiddenAddress:
        shown = ", ".join(filter(None, (row["name"], row["address_1"], row["city"])))
        return HiddenAddress(row["hidden_address"] or shown, row["hidden_postcode"] or row["postal_code"])

    def _look_up(self, postcode: str) -> None:
        found = find(postcode)
        if found is None:
            self.notes.append(f"We do not know the postcode {postcode}. Check it: without it no distance is shown.")
        elif found.terminated_on:
            self.notes.append(f"The postcode {postcode} is no longer in use. Check it.")

    def _row(self, place: Place) -> dict:
        names = ("id", "kind", "area", "is_confidential", *SHOWN)
        access = {f"access_{code}": place.access.get(code, "") for code, _ in self.choices.access}
        return {name: getattr(place, name) for name in names} | access | {"was": place.id}

    def _was(self, number: int) -> str:
        return str(self[f"places-{number}-was"].value() or "")

    def _is_hidden(self, number: int) -> bool:
        location = self.choices.locations.get(self._was(number))
        return location is not None and location.is_confidential

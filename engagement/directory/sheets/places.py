"""The cell of a service's places: a block of lines for each, with an empty line between two."""

import re
from dataclasses import replace

from ..models import Location, Taxonomy
from ..rules.entries import Place
from ..rules.postcodes import is_postcode, spaced
from . import cells
from .cells import BadCell
from .vocabulary import Codes, Vocabulary

KINDS = Codes.of((code, label) for code, label in Location.Kind.choices)
# What a line may begin with, and what of a place it says.
TEXTS = {
    "name": "name",
    "street": "address_1",
    "town": "city",
    "postcode": "postal_code",
    "how to find it": "description",
    "UPRN": "external_identifier",
}
HIDDEN = "address not shown"
LABELS = (*TEXTS, "kind", "borough", HIDDEN, "has", "does not have", "latitude", "longitude", "id")
BY_LABEL = {label.casefold(): label for label in LABELS}


def write(places: tuple[Place, ...], words: Vocabulary) -> str:
    """The places of an entry as one cell. Of one whose address is not shown: its borough, its access and its id."""
    return "\n\n".join("\n".join(_lines(place, words)) for place in places)


def _lines(place: Place, words: Vocabulary):
    access = words.terms.get(Taxonomy.ACCESS, Codes({}))
    said = {label: getattr(place, name) for label, name in TEXTS.items()}
    said["kind"] = "" if place.kind == Location.Kind.PHYSICAL else KINDS.name(place.kind)
    said["borough"] = words.areas.name(place.area) if place.area else ""
    said[HIDDEN] = "yes" if place.is_confidential else ""
    for label, state in (("has", "yes"), ("does not have", "no")):
        said[label] = "; ".join(access.name(code) for code in sorted(place.access) if place.access[code] == state)
    for name in ("latitude", "longitude"):
        said[name] = "" if getattr(place, name) is None else repr(float(getattr(place, name)))
    said["id"] = place.id
    for label in LABELS:
        if said[label]:
            yield f"{label}: {cells.one_line(said[label])}"


def read(text: str, words: Vocabulary, there: tuple[Place, ...]) -> tuple[Place, ...]:
    """The places a cell describes. A block that says just what a place there says is that place, to the letter.

    :raises BadCell: when a line cannot be understood
    """
    as_they_are = {write((place,), words): place for place in there}
    blocks = [block.strip() for block in re.split(r"\n[^\S\n]*\n", text) if block.strip()]
    known = {place.id: place for place in there}
    places = tuple(as_they_are.get(block) or _place(block, words, known) for block in blocks)
    ids = [place.id for place in places if place.id]
    if len(ids) != len(set(ids)):
        raise BadCell("two places have the same id. Leave out the id of the new one.")
    return places


def _place(block: str, words: Vocabulary, known: dict[str, Place]) -> Place:
    said = _said(block)
    values = {name: said[label] for label, name in TEXTS.items()}
    values["postal_code"] = _postcode(values["postal_code"])
    for name, value in values.items():
        cells.kept_in(Location._meta.get_field(name), value)
    place = Place(
        id=said["id"].lower(),
        kind=_code(KINDS, said["kind"], "a kind of place") or Location.Kind.PHYSICAL.value,
        area=_code(words.areas, said["borough"], "a borough we know"),
        is_confidential=cells.yes_no(said[HIDDEN]) == "yes",
        access=_access(said, words),
        latitude=_degrees(said["latitude"], 49, 61),
        longitude=_degrees(said["longitude"], -9, 3),
        **values,
    )
    before = known.get(place.id)
    if place.id and before is None:
        raise BadCell(
            f"there is no place “{cells.shortly(place.id)}” in this service. Leave the id out for a new place."
        )
    if place.is_confidential:
        if any(values.values()) or place.latitude is not None or place.longitude is not None:
            raise BadCell(
                "a place whose address is not shown has a borough and access here, and nothing else. "
                "Its address is kept on the service's page."
            )
        if not place.area:
            raise BadCell("a place whose address is not shown needs its borough.")
    elif before is not None and before.is_confidential:
        raise BadCell("a file cannot show the address of a place that is not shown. Do that on the service's page.")
    elif before is not None:
        place = _found_anew(place, before)
    if (place.latitude is None) != (place.longitude is None):
        raise BadCell("latitude and longitude go together: write both or neither.")
    return place


def _said(block: str) -> dict[str, str]:
    said = dict.fromkeys(LABELS, "")
    for line in cells.lines(block):
        start, colon, rest = line.partition(":")
        label = BY_LABEL.get(" ".join(start.casefold().split()))
        if not colon or label is None:
            raise BadCell(
                f"“{cells.shortly(line)}” does not begin like “postcode:”. A line may begin with "
                f"{', '.join(LABELS[:-1])} or {LABELS[-1]}."
            )
        if said[label]:
            raise BadCell(f"“{label}” is there twice in one place. Put an empty line between two places.")
        said[label] = rest.strip()
    return said


def _found_anew(place: Place, before: Place) -> Place:
    """With another postcode, what was worked out from the old one goes, unless it was rewritten too."""
    if spaced(before.postal_code) == place.postal_code:
        return place
    if (place.latitude, place.longitude) == (before.latitude, before.longitude):
        place = replace(place, latitude=None, longitude=None)
    return replace(place, area="") if place.area == before.area else place


def _postcode(text: str) -> str:
    if text and not is_postcode(text):
        raise BadCell(f"“{cells.shortly(text)}” is not a postcode.")
    return spaced(text)


def _code(codes: Codes, text: str, what: str) -> str:
    if not text:
        return ""
    code = codes.code(text)
    if code is None:
        raise BadCell(f"“{cells.shortly(text)}” is not {what}.")
    return code


def _access(said: dict[str, str], words: Vocabulary) -> dict[str, str]:
    known = words.terms.get(Taxonomy.ACCESS, Codes({}))
    access = {}
    for label, state in (("has", "yes"), ("does not have", "no")):
        for name in filter(None, (part.strip() for part in said[label].split(";"))):
            code = _code(known, name, "in the list of access")
            if code in access:
                raise BadCell(f"“{cells.shortly(name)}” is said twice of one place.")
            access[code] = state
    return access


def _degrees(text: str, least: int, most: int) -> float | None:
    if not text:
        return None
    try:
        found = float(text)
    except ValueError:
        raise BadCell(f"“{cells.shortly(text)}” is not a latitude or longitude, such as 51.545.") from None
    if not least <= found <= most:
        raise BadCell(f"{text} is not in the United Kingdom.")
    return found

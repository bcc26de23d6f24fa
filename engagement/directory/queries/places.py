"""Where somebody means: a postcode, the first half of one, or a borough. From our own tables; nobody else is asked."""

from dataclasses import dataclass

from django.db.models import Aggregate, Count, F, FloatField, Q

from ..models import Area, Postcode
from ..rules.postcodes import compact, is_outcode, is_postcode, spaced

LONGEST = 60
# What people call boroughs beside their names
ALSO = {"city": "E09000001", "the city": "E09000001", "square mile": "E09000001", "the square mile": "E09000001"}


class CannotLocate(Exception):
    """Why a place is not known, worded for the person who typed it."""


@dataclass(frozen=True)
class Where:
    """A place. ``words`` say it on the page; ``point`` is easting and northing in metres, None for a whole borough.

    ``gss`` is the borough, empty where the first half of a postcode lies in several; ``areas`` are all of those, the
    one most of it is in first. ``outcode`` is all of it that is ever written down.
    """

    words: str
    gss: str = ""
    areas: tuple[str, ...] = ()
    point: tuple[float, float] | None = None
    outcode: str = ""
    is_around: bool = False  # measured from the middle of an outcode, not from one address


class _Middle(Aggregate):
    """The average of one coordinate of points."""

    template = "AVG((%(expressions)s)[%(coordinate)s])"
    output_field = FloatField()


def locate(text: str) -> Where | None:
    """The place somebody typed; None for nothing. One query, or two where the first finds nothing.

    :raises CannotLocate: for a place we do not know, and for a postcode that is no longer used
    """
    text = " ".join(text.split())[:LONGEST]
    if not text:
        return None
    if is_postcode(text):
        return _postcode(text)
    if is_outcode(text):
        return _outcode(text)
    if area := _borough(text):
        return Where(f"in {_the(area.name)}", area.gss, (area.gss,))
    raise CannotLocate(
        "We do not know this place. Type a postcode such as E8 1DY, its first half such as E8, or a borough such as "
        "Hackney"
    )


def _postcode(text: str) -> Where:
    code = compact(text)
    found = Postcode.objects.filter(code=code).first()
    half = code[:-3]
    if found is None:
        instead = f"its first half, {half}" if Postcode.objects.live().filter(outcode=half).exists() else "a borough"
        raise CannotLocate(f"We do not know the postcode {spaced(code)}. Check it, or type {instead}")
    if found.terminated_on:
        since = f"{found.terminated_on:%B %Y}"
        raise CannotLocate(f"The postcode {found} has not been used since {since}. Type the new one, or {half}")
    return Where(f"near {found}", found.gss, (found.gss,) if found.gss else (), found.bng, found.outcode)


def _outcode(text: str) -> Where:
    code = compact(text)
    # People say EC1 where there are only EC1A, EC1M and so on; E1 is itself, whatever E1W is.
    parts = _parts(outcode=code) or _parts(outcode__regex=f"^{code}[A-Z]$")
    total = sum(part["n"] for part in parts)
    if not total:
        raise CannotLocate(f"We do not know any postcode that begins with {code}. Check it, or type a borough")
    point = tuple(round(sum(part[axis] * part["n"] for part in parts) / total) for axis in "xy")
    boroughs = tuple(part["gss"] for part in parts if part["gss"])
    gss = boroughs[0] if len(boroughs) == 1 else ""
    return Where(f"around {code}", gss, boroughs, point, code, is_around=True)


def _parts(**where) -> list[dict]:
    """What lies in each borough: how many postcodes, and their middle. Most first."""
    return list(
        Postcode.objects.live()
        .filter(**where)
        .values("gss")
        .annotate(n=Count("*"), x=_Middle(F("bng"), coordinate=0), y=_Middle(F("bng"), coordinate=1))
        .order_by("-n", "gss")
    )


def _borough(text: str) -> Area | None:
    """A borough by its name, however much of its title is there."""
    name = text.casefold().removeprefix("london borough of ")
    gss = ALSO.get(name)
    return Area.objects.filter(Q(gss=gss) if gss else Q(name__iexact=name)).first()


def _the(name: str) -> str:
    return f"the {name}" if name.startswith("City") else name

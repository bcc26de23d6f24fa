"""Where a worry about a child goes, by borough."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..models import Area, FrontDoor
from ..rules.front_doors import OURS, boroughs_to_show


@dataclass(frozen=True)
class Door:
    """A borough and its front door; None where staff have not written it yet."""

    area: Area
    door: FrontDoor | None

    @property
    def borough(self) -> str:
        """Its name inside a sentence: Hackney, the City of London."""
        return f"the {self.area.name}" if self.area.name.startswith("City of") else self.area.name


def front_doors(*, searched: str = "", served: Iterable[str] = ()) -> list[Door]:
    """The front doors to show, the nearest to the person first; one query.

    :param searched: the ONS code of the borough the person searched for, if it is one
    :param served: the ONS codes of the boroughs a service is for
    """
    areas = {area.pk: area for area in Area.objects.select_related("front_door").order_by("place", "name")}
    shown = boroughs_to_show(areas, searched=searched, served=served)
    return [Door(areas[gss], getattr(areas[gss], "front_door", None)) for gss in shown]


def front_door_of(area: Area) -> Door:
    """The front door of one borough."""
    return Door(area, FrontDoor.objects.filter(area=area).first())


def front_doors_to_check(before: date) -> list[Door]:
    """Those last checked before a day, or never; and Hackney and the City where nothing is written at all."""
    areas = Area.objects.select_related("front_door").order_by("place", "name")
    doors = [Door(area, getattr(area, "front_door", None)) for area in areas]
    return [each for each in doors if _is_to_check(each, before)]


def _is_to_check(each: Door, before: date) -> bool:
    if each.door is None:
        return each.area.pk in OURS
    return each.door.checked_on is None or each.door.checked_on < before

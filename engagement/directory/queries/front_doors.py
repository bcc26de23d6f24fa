"""Where a worry about a child goes, by borough."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..models import Area, FrontDoor
from ..rules.front_doors import boroughs_to_show


@dataclass(frozen=True)
class Door:
    """A borough and its front door; None where staff have not written it yet."""

    area: Area
    door: FrontDoor | None


def front_doors(*, searched: str = "", served: Iterable[str] = ()) -> list[Door]:
    """The front doors to show, the nearest to the person first; one query.

    :param searched: the ONS code of the borough the person searched for, if it is one
    :param served: the ONS codes of the boroughs a service is for
    """
    areas = {area.pk: area for area in Area.objects.select_related("front_door").order_by("place", "name")}
    shown = boroughs_to_show(areas, searched=searched, served=served)
    return [Door(areas[gss], getattr(areas[gss], "front_door", None)) for gss in shown]

"""Where two people who must be kept apart would meet all the same. Pure: ``queries.safety`` loads what is stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from uuid import UUID

from ..models.family import SafetyFlagKind
from ..queries.safety import Flag, Placement


class Where(StrEnum):
    """Where two people would meet, in the words of a refusal."""

    PART = "part"
    WAITING_AREA = "waiting area"
    ROOM = "room at the same time"
    CALL = "call"


@dataclass(frozen=True)
class Conflict:
    """Two people who must be kept apart and would meet: where, and in whose parts."""

    person_a: UUID
    person_b: UUID
    where: Where
    part_a: UUID
    part_b: UUID


def conflicts(flags: Iterable[Flag], placements: Iterable[Placement]) -> list[Conflict]:
    """Everywhere two people flagged "not together" would meet; the first reason of each pair of placements.

    A waiting area and the link of a call are never shared, whatever the time: people come early and stay on. A room may
    be, one after the other. Flags about an address keep nobody apart here.
    """
    placed: dict[UUID, list[Placement]] = {}
    for placement in placements:
        placed.setdefault(placement.person, []).append(placement)
    return [
        Conflict(a.person, b.person, where, a.part, b.part)
        for flag in flags
        if flag.kind == SafetyFlagKind.NOT_TOGETHER
        for a, b in product(placed.get(flag.person_a, ()), placed.get(flag.person_b, ()))
        if (where := _meet(a, b)) is not None
    ]


def must_not_meet(flags: Iterable[Flag], person: UUID) -> set[UUID]:
    """Everybody a person must never be in one part, waiting area, room or call with."""
    apart = [flag for flag in flags if flag.kind == SafetyFlagKind.NOT_TOGETHER]
    return {flag.person_b for flag in apart if flag.person_a == person} | {
        flag.person_a for flag in apart if flag.person_b == person
    }


def _meet(a: Placement, b: Placement) -> Where | None:
    if a.part == b.part:
        return Where.PART
    if _same(a.waiting_area, b.waiting_area):
        return Where.WAITING_AREA
    if _same(a.call, b.call):
        return Where.CALL
    if _same(a.room, b.room) and a.starts_at < b.ends_at and b.starts_at < a.ends_at:
        return Where.ROOM
    return None


def _same(one: str, other: str) -> bool:
    """Whether two people wrote down the same place, however they spaced or capitalised it."""
    return bool(one.strip()) and " ".join(one.split()).casefold() == " ".join(other.split()).casefold()

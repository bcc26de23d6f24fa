"""Clearing what one person may read, one thing or many, and withholding what they must not."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from chatr.accounts.models import User
from chatr.audit.operations import record

from ..models import Clearance, Conference, Person, Withholding
from ..paper.items import Item, Key
from ..queries.access import conference_for
from ..queries.clearing import Reader, reader_of
from ..queries.items import items_of
from ..rules import access, clearing

ONLY_THE_CHAIR = "Only the chair, or who covers for them, decides who reads what."


class CannotClear(Exception):
    """Why something can't be cleared or withheld, worded for the chair."""

    def __init__(self, message: str, *, field: str | None = None):
        super().__init__(message)
        self.field = field


class Tally(NamedTuple):
    """How many things were cleared, and how many left for the chair to look at."""

    cleared: int
    left: int


@transaction.atomic
def clear(*, person: Person, keys: Collection[Key], by: User, now: datetime, because: str = "") -> int:
    """Let one person read these things. Gives how many were not cleared before. Call it acting as ``by``.

    :param because: why a child's words go to somebody the child did not agree to; asked for only then
    :raises CannotClear: for anybody but the chair, for what this person must not read, and for a child's words that
        the child did not give them, without a reason
    """
    _insist_on_chair(person.conference, by)
    lock_reader(person)
    reader, items = reader_of(person), items_of(person.conference)
    wanted = [item for item in items if item.key in set(keys)]
    if len(wanted) < len(set(keys)):
        raise CannotClear("Something you chose is not in this record any more. Look at the list again.")
    known = {item.key: item for item in items}
    counts_as_cleared = reader.cleared | set(keys)
    for item in wanted:
        why = clearing.why_never(item, reader, known, counts_as_cleared)
        if why:
            raise CannotClear(f"“{item.title}” can’t be cleared. {why}")
    asked = [item for item in wanted if clearing.needs_reason(item, reader, known) and item.key not in reader.reasoned]
    if asked and not because.strip():
        raise CannotClear(
            f"“{asked[0].title}”: {clearing.CHILDS_WORDS} Say why they may read it all the same.", field="because"
        )
    return _write(person, wanted, reader, {item.key for item in asked}, because, by, now)


def _write(
    person: Person, items: list[Item], reader: Reader, reasoned: set[Key], because: str, by: User, now: datetime
) -> int:
    fresh = [item for item in items if item.key not in reader.cleared or item.key in reasoned]
    for item in fresh:
        # A clearance from before that needs a reason now is written again, with it.
        Clearance.objects.filter(person=person, object_type=item.key.kind, object_id=item.key.id).delete()
    Clearance.objects.bulk_create(
        Clearance(
            conference=person.conference,
            person=person,
            object_type=item.key.kind,
            object_id=item.key.id,
            by=by,
            at=now,
            despite_child_because=because if item.key in reasoned else "",
        )
        for item in fresh
    )
    if fresh:
        record(
            "conferences.cleared",
            person.conference,
            by=by,
            details={"person": str(person.pk), "things": len(fresh), "despite_a_child": len(reasoned)},
        )
    return len(fresh)


@transaction.atomic
def clear_shared(*, person: Person, by: User, now: datetime) -> Tally:
    """Clear for one person, in one act, everything that is shared with all. The rest is left as it was.

    :raises CannotClear: for anybody but the chair
    """
    _insist_on_chair(person.conference, by)
    lock_reader(person)
    reader = reader_of(person)
    together, left = clearing.shared_with_all(items_of(person.conference), reader)
    return Tally(_write(person, together, reader, set(), "", by, now), len(left))


@transaction.atomic
def take_back(*, person: Person, keys: Collection[Key], by: User) -> int:
    """Clear these things no longer for a person; copies given out stay as they are. Gives how many there were.

    :raises CannotClear: for anybody but the chair
    """
    _insist_on_chair(person.conference, by)
    lock_reader(person)
    count = 0
    for key in keys:
        count += Clearance.objects.filter(person=person, object_type=key.kind, object_id=key.id).delete()[0]
    if count:
        record(
            "conferences.clearance_taken_back",
            person.conference,
            by=by,
            details={"person": str(person.pk), "things": count},
        )
    return count


@transaction.atomic
def set_cleared(
    *, person: Person, listed: Collection[Key], wanted: Collection[Key], because: str, by: User, now: datetime
) -> None:
    """Of the things on a list, let one person read just these.

    :raises CannotClear: as ``clear`` does
    """
    stored = reader_of(person).cleared & set(listed)
    take_back(person=person, keys=stored - set(wanted), by=by)
    clear(person=person, keys=set(wanted), because=because, by=by, now=now)


@transaction.atomic
def decide(
    *,
    person: Person,
    key: Key,
    choice: str,
    by: User,
    now: datetime,
    because: str = "",
    ground: str = "",
    reason: str = "",
    review_on: date | None = None,
) -> None:
    """Decide about one thing: they may ``read`` it, it is left ``out``, or it is ``withheld`` from them.

    :raises CannotClear: as the three do
    """
    if choice == "withheld":
        withhold(person=person, key=key, ground=ground, reason=reason, review_on=review_on, by=by, now=now)
        return
    held = Withholding.objects.filter(person=person, object_type=key.kind, object_id=key.id).first()
    if held is not None:
        lift_withholding(withholding=held, by=by)
    if choice == "read":
        clear(person=person, keys=[key], because=because, by=by, now=now)
    else:
        take_back(person=person, keys=[key], by=by)


@transaction.atomic
def withhold(
    *, person: Person, key: Key, ground: str, reason: str, review_on: date | None, by: User, now: datetime
) -> Withholding:
    """Keep one thing from one person, from this moment, and say why.

    Where somebody must be kept safe from or with this person, a second person looks at it; until then it holds too.

    :raises CannotClear: for anybody but the chair, without a reason, or for what is not in the record
    """
    _insist_on_chair(person.conference, by)
    lock_reader(person)
    if not reason.strip():
        raise CannotClear("Say why it is withheld.", field="reason")
    if not items_of(person.conference, [key]):
        raise CannotClear("This is not in the record any more.")
    if review_on is not None and review_on <= now.date():
        raise CannotClear("Enter a day after today, or leave it empty.", field="review_on")
    Clearance.objects.filter(person=person, object_type=key.kind, object_id=key.id).delete()
    Withholding.objects.filter(person=person, object_type=key.kind, object_id=key.id).delete()
    held = Withholding.objects.create(
        conference=person.conference,
        person=person,
        object_type=key.kind,
        object_id=key.id,
        ground=ground,
        reason=reason,
        review_on=review_on,
        decided_by=by,
        decided_at=now,
    )
    record("conferences.withheld", held, by=by, details={"person": str(person.pk), "ground": ground})
    return held


@transaction.atomic
def lift_withholding(*, withholding: Withholding, by: User) -> None:
    """Withhold it no longer. That alone lets nobody read it: it must still be cleared.

    :raises CannotClear: for anybody but the chair
    """
    _insist_on_chair(withholding.conference, by)
    lock_reader(withholding.person)
    record(
        "conferences.withholding_lifted",
        withholding,
        by=by,
        details={"person": str(withholding.person_id), "ground": withholding.ground},
    )
    withholding.delete()


@transaction.atomic
def second_withholding(*, withholding: Withholding, by: User) -> None:
    """Agree, as the second person, that something is withheld.

    :raises CannotClear: for who decided it, and for who is neither chair nor manager
    """
    found = conference_for(by, withholding.conference_id)
    if found is None or not access.can_second(found[1]):
        raise CannotClear("A chair or the chairs’ manager is the second person.")
    if by == withholding.decided_by:
        raise CannotClear("The second person is somebody else than the one who decided.")
    withholding.seconded_by = by
    withholding.save(update_fields=["seconded_by"])
    record("conferences.withholding_seconded", withholding, by=by, details={"person": str(withholding.person_id)})


def _insist_on_chair(conference: Conference, by: User) -> None:
    found = conference_for(by, conference.pk)
    if found is None or not access.can_decide(found[1]):
        raise CannotClear(ONLY_THE_CHAIR)


def lock_reader(person: Person) -> None:
    """Let what is decided about one reader, and what is given out to them, happen one after the other."""
    Person.objects.select_for_update().get(pk=person.pk)

"""Writing what the Open Referral UK feed sends of one service."""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import prefetch_related_objects
from django.utils import timezone

from ..models import FeedPlace, FeedService, Service
from ..oruk import services as shapes
from ..oruk.values import moment, text, to_the_millisecond
from ..rules.showing import is_closed, is_public, is_shown

STAYS_INACTIVE = timedelta(days=90)


def refresh(*, service: Service, verified_on: date | None, today: date, now: datetime) -> None:
    """Bring the feed's rows of a service in step with its entry; called by ``operations.listings.refresh``.

    A row is written only where a byte of it changes. ``last_modified`` moves when something other than the
    verification changed, ``changed_at`` when anything did. What is no longer public is ``inactive`` for 90 days, with
    its name and nothing else, and then gone.
    """
    row = FeedService.objects.filter(service=service).first()
    public = is_public(service) and is_shown(service, today)
    gone_on = None if public else _gone_on(service, row, today)
    if row is None and not public:
        return
    if gone_on is not None and gone_on <= today:
        FeedPlace.objects.filter(service=service).delete()
        row.delete()
        return
    if public:
        prefetch_related_objects([service], "schedules", "organisation__identifiers")
        status = shapes.CLOSED if is_closed(service, today) else shapes.ACTIVE
        item = shapes.item(service, status=status, verified_on=verified_on)
        whole = shapes.whole(service, status=status, verified_on=verified_on, today=today)
    else:
        item = whole = shapes.withdrawn(service)
    modified = row.last_modified if row is not None and _same(row.whole, whole) else to_the_millisecond(now)
    item, whole = (shape | {"last_modified": moment(modified)} for shape in (item, whole))
    said = {"item": text(item), "whole": text(whole), "last_modified": modified, "gone_on": gone_on}
    if row is None:
        (number,) = _numbers(1)
        FeedService.objects.create(service=service, number=number, changed_at=now, **said)
    elif any(getattr(row, name) != value for name, value in said.items()):
        FeedService.objects.filter(pk=row.pk).update(changed_at=now, **said)
    _refresh_places(service, public=public, item=item, whole=whole, today=today)


def _gone_on(service: Service, row: FeedService | None, today: date) -> date:
    """The first day a service that is not public leaves the feed; it stays when asked again."""
    if row is not None and row.gone_on is not None:
        return row.gone_on
    withdrawn = service.withdrawn_at and timezone.localdate(service.withdrawn_at)
    return (withdrawn or today) + STAYS_INACTIVE


def _same(before: str, after: dict) -> bool:
    """Whether nothing changed but when it was last verified."""
    before = json.loads(before)
    return {key: before[key] for key in before if key not in shapes.OF_TIME} == {
        key: after[key] for key in after if key not in shapes.OF_TIME
    }


def _refresh_places(service: Service, *, public: bool, item: dict, whole: dict, today: date) -> None:
    """The service at each of its places. Of a confidential place there is no row, and of one left only its id."""
    rows = {row.pk: row for row in FeedPlace.objects.filter(service=service)}
    areas = [each.area_id for each in service.areas.all()] or None
    wanted = {}
    for at in service.at_locations.all() if public else ():
        if at.location.is_confidential:
            continue
        at.service = service
        wanted[at.pk] = {
            "item": text(shapes.place_item(at, service=item)),
            "whole": text(shapes.place_whole(at, service=whole)),
            "bng": at.location.bng,
            "areas": areas,
            "gone_on": None,
        }
    for pk in rows.keys() - wanted.keys():
        gone_on = rows[pk].gone_on or today + STAYS_INACTIVE
        if gone_on > today:
            left = text(shapes.withdrawn_place(pk, service=item))
            wanted[pk] = {"item": left, "whole": left, "bng": None, "areas": None, "gone_on": gone_on}
    _write_places(service, rows, wanted)


def _write_places(service: Service, rows: dict[UUID, FeedPlace], wanted: dict[UUID, dict]) -> None:
    FeedPlace.objects.filter(pk__in=rows.keys() - wanted.keys()).delete()
    for pk, said in wanted.items():
        if pk in rows and any(getattr(rows[pk], name) != value for name, value in said.items()):
            FeedPlace.objects.filter(pk=pk).update(**said)
    new = [pk for pk in wanted if pk not in rows]
    FeedPlace.objects.bulk_create(
        FeedPlace(pk=pk, service=service, number=number, **wanted[pk])
        for pk, number in zip(new, _numbers(len(new)), strict=True)
    )


def _numbers(count: int) -> Iterable[int]:
    """The next numbers in the order of the feed. They only grow, and none is given twice."""
    if not count:
        return ()
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('directory_feed_number') FROM generate_series(1, %s)", [count])
        return [number for (number,) in cursor.fetchall()]


def drop_gone(*, now: datetime) -> int:
    """Delete the rows of services and places whose 90 days are over; says how many. For the daily task."""
    gone = {"gone_on__lte": timezone.localdate(now)}
    return FeedPlace.objects.filter(**gone).delete()[0] + FeedService.objects.filter(**gone).delete()[0]

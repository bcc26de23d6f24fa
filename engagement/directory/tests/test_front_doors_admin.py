"""Staff write the front doors and are reminded to check them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chatr.audit.models import AuditEvent

from ..models import Area, FrontDoor
from .making import CITY, HACKNEY, ISLINGTON

pytestmark = pytest.mark.django_db
ADD = "/admin/directory/frontdoor/add/"
TODAY = timezone.localdate()


def written(**changes) -> dict:
    values = {"area": HACKNEY, "name": "Example front door", "phone": "020 7946 0500", "hours": "Day and night"}
    return values | {"checked_on": TODAY.strftime("%d/%m/%Y")} | changes


def check(gss: str, days_ago: int | None) -> FrontDoor:
    day = None if days_ago is None else TODAY - timedelta(days=days_ago)
    values = {"name": f"Door {gss}", "phone": "1", "hours": "H", "checked_on": day}
    return FrontDoor.objects.update_or_create(area_id=gss, defaults=values)[0]


def test_staff_write_a_front_door_and_it_is_audited(client, sign_in, people):
    sign_in(client, people.staff).post(ADD, written())
    door = FrontDoor.objects.get()
    assert (door.area_id, door.checked_on) == (HACKNEY, TODAY)
    assert AuditEvent.objects.about(door).get().action == "staff.frontdoor_added"
    assert "Example front door" in client.get("/admin/directory/frontdoor/").content.decode()


def test_a_day_still_to_come_is_refused_and_nothing_is_written(client, sign_in, people):
    tomorrow = (TODAY + timedelta(days=1)).strftime("%d/%m/%Y")
    response = sign_in(client, people.staff).post(ADD, written(checked_on=tomorrow))
    assert "This day is still to come" in response.content.decode()
    assert not FrontDoor.objects.exists()


def test_trainers_and_practitioners_see_neither_boroughs_nor_front_doors(client, sign_in, people):
    for user in (people.trainer, people.person):
        sign_in(client, user)
        for page in ("area", "frontdoor"):
            assert client.get(f"/admin/directory/{page}/").status_code in (302, 403)
        client.post(ADD, written())
    assert not FrontDoor.objects.exists()


def test_the_code_of_a_borough_stays(client, sign_in, people):
    address = f"/admin/directory/area/{HACKNEY}/change/"
    response = sign_in(client, people.staff).post(
        address, {"gss": "E00000000", "name": "Hackney", "slug": "hackney", "place": 3}
    )
    assert response.status_code == 302
    assert Area.objects.get(pk=HACKNEY).place == 3 and not Area.objects.filter(pk="E00000000").exists()


def test_the_desk_names_what_is_missing_for_hackney_and_the_city_and_what_nobody_checked_for_six_months(
    client, sign_in, people
):
    sign_in(client, people.staff)
    FrontDoor.objects.all().delete()
    assert desk(client) == ["Hackney: nothing written yet", "City of London: nothing written yet"]
    check(HACKNEY, 182)
    check(CITY, 183)
    check(ISLINGTON, None)
    assert desk(client) == [f"Door {CITY}, City of London", f"Door {ISLINGTON}, Islington"]
    for gss in (CITY, ISLINGTON):
        check(gss, 0)
    assert desk(client) == []


def desk(client) -> list[str]:
    panels = client.get("/admin/").context["panels"]
    return [row.text for panel in panels if panel.title == "Front doors to check" for row in panel.rows]

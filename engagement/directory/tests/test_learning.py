"""The staff page of gaps and of what is looked at; and how long counts are kept."""

import csv
import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from chatr.audit.models import AuditEvent
from chatr.testing.people import make_person

from .. import retention
from ..models import SearchGap, ServiceDay, ThresholdFramework, ThresholdLevel
from ..queries import learning
from .making import entry, publish

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
PERIOD = learning.Period(TODAY - timedelta(days=29), TODAY)


@pytest.fixture
def staff(db):
    return make_person("Eve Example", "eve@programme.example.org", None, "programme_staff")


def gap(words=(), filters=(), outcode="", count=1, day=TODAY):
    return SearchGap.objects.create(day=day, words=list(words), filters=list(filters), outcode=outcode, count=count)


def seen(service, views=0, helped=0, did_not_help=0, day=TODAY):
    ServiceDay.objects.create(service=service, day=day, views=views, helped=helped, did_not_help=did_not_help)


def test_gaps_are_summed_by_words_filter_and_outcode_over_the_days():
    gap(["debt", "advice"], ["need=money", "cost=free"], "E8", 3)
    gap(["debt", "advice"], ["need=money"], "N1", 2, day=TODAY - timedelta(days=29))
    gap(["debt"], [], "", 4)
    gap(["debt"], ["need=money"], "E8", 50, day=TODAY - timedelta(days=30))  # the day before the period
    gap(["debt"], ["need=money"], "E8", 50, day=TODAY + timedelta(days=1))
    assert [(each.what, each.count) for each in learning.gaps_by_words(PERIOD)] == [("debt advice", 5), ("debt", 4)]
    assert [(each.what, each.count) for each in learning.gaps_by_filter(PERIOD)] == [
        ("Need: Money, food and benefits", 5),
        ("Cost: free", 3),
    ]
    assert [(each.what, each.count) for each in learning.gaps_by_outcode(PERIOD)] == [("E8", 3), ("N1", 2)]


def test_what_was_filtered_by_is_said_in_words_and_not_in_codes(together):
    framework = ThresholdFramework.objects.create(area_id="E09000012", title="Example", valid_from=TODAY)
    level = ThresholdLevel.objects.create(framework=framework, order=1, name="Early help")
    codes = ["area=E09000012", "cost=paid", "day=2", "distance=1", "language=tur", f"level={level.pk}", "level=0"]
    gap([], [*codes, "access=step-free", "refer=family", "space=yes", "time=10:00", "need=gone"])
    assert sorted(each.what for each in learning.gaps_by_filter(PERIOD)) == [
        "Access: Step-free entrance",
        "Borough: Hackney",
        "Cost: costs money",
        "Day: Wednesday",
        "Distance: within 1 mile",
        "Has space now: yes",
        "Language: Turkish",
        "Level of need: 0",
        "Level of need: Early help",
        "Need: gone",
        "Time: 10:00",
        "Who may ask: the family",
    ]


def test_services_nobody_looked_at_are_there_too(together):
    most, some, none = (publish(together, entry(f"Example {name}")) for name in ("most", "some", "none"))
    seen(most, 5)
    seen(most, 4, day=TODAY - timedelta(days=3))
    seen(some, 2)
    seen(none, 90, day=TODAY - timedelta(days=60))
    assert [(each.name, each.views) for each in learning.services_seen(PERIOD)] == [
        ("Example most", 9),
        ("Example some", 2),
        ("Example none", 0),
    ]


def test_fewer_than_five_answers_are_not_shown(together):
    four, five = (publish(together, entry(f"Example {name}")) for name in ("four", "five"))
    seen(four, 9, helped=4)
    seen(five, 8, helped=3, did_not_help=2)
    assert [each.helped_in_words for each in learning.services_seen(PERIOD)] == ["Too few answers", "3 of 5"]


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_staff_see_the_counts_of_the_time_they_choose(client, sign_in, staff, together):
    today = timezone.localdate()
    gap(["debt"], day=today)
    gap(["housing"], day=today - timedelta(days=60))
    seen(publish(together), 7, helped=6, did_not_help=1, day=today)
    sign_in(client, staff)
    address = reverse("admin:directory_searchgap_changelist")
    usual, short = text(client.get(address)), text(client.get(address, {"days": "30"}))
    assert "debt" in usual and "housing" in usual and "6 of 7" in usual
    assert "debt" in short and "housing" not in short
    assert client.get(address, {"days": "nonsense", "download": "nonsense"}).status_code == 200


def test_the_files_hold_the_same_counts_and_are_audited(client, sign_in, staff, together):
    today = timezone.localdate()
    gap(["debt", "advice"], ["need=money"], "E8", 3, day=today)
    service = publish(together, entry("=cmd|' /C calc'!A0"))
    seen(service, 7, helped=4, day=today)
    sign_in(client, staff)
    address = reverse("admin:directory_searchgap_changelist")

    def rows(name):
        answer = client.get(address, {"days": "30", "download": name})
        return list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))

    assert rows("gaps")[1] == [f"{today:%d/%m/%Y}", "debt advice", "need=money", "E8", "3"]
    name, _, views, helped = rows("services")[1]
    assert (name[:2], views, helped) == ("'=", "7", "Too few answers")
    assert AuditEvent.objects.filter(action="directory.counts_exported").count() == 2


def test_the_page_is_for_directory_staff(client, sign_in, editor):
    trainer = make_person("Dina Example", "dina@trainers.example.org", None, "trainer")
    for person in (editor, trainer):
        answer = sign_in(client, person).get(reverse("admin:directory_searchgap_changelist"))
        assert answer.status_code in (302, 403)


def test_the_page_costs_the_same_however_many(client, sign_in, staff, together, keeps_one_query_count):
    sign_in(client, staff)
    numbers = iter(range(9))

    def add():
        number = next(numbers)
        gap([f"word{number}"], [f"need={number}"], f"E{number}", day=timezone.localdate())
        seen(publish(together, entry(f"Example {number}")), 3, day=timezone.localdate())

    address = reverse("admin:directory_searchgap_changelist")
    keeps_one_query_count(add, lambda: client.get(f"{address}?{quote('days')}=30"))


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.django_db(transaction=True)
def test_the_page_works_in_a_browser(together, open_page, axe, width):
    staff = make_person("Eve Example", "eve@programme.example.org", None, "programme_staff")
    gap(["debt"], ["need=money"], "E8", 3, day=timezone.localdate())
    seen(publish(together), 7, helped=6, did_not_help=1, day=timezone.localdate())
    page = open_page(staff, width=width)
    page.goto(reverse("admin:directory_searchgap_changelist"))
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="The last 30 days").click()
    page.get_by_text("6 of 7").first.wait_for()


def test_counts_go_after_their_time_and_not_a_day_earlier(together):
    service, now = publish(together), timezone.now()
    for days in (364, 366):
        gap(["debt"], day=timezone.localdate() - timedelta(days=days))
    for days in (729, 731):
        seen(service, 1, day=timezone.localdate() - timedelta(days=days))
    assert retention.forget_gaps(now - timedelta(days=365)) == 1
    assert retention.forget_service_days(now - timedelta(days=730)) == 1
    assert SearchGap.objects.count() == ServiceDay.objects.count() == 1

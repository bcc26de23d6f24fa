"""Levels of need: each area's own document, and the way from one version to the next without losing a service."""

from datetime import timedelta

import pytest
from django.urls import reverse

from ..models import FrontDoor, Listing, PathwayStep, ThresholdFramework, ThresholdLevel
from ..operations import revisions, thresholds
from ..operations.thresholds import CannotChangeThresholds
from .making import CITY, HACKNEY, bare, entry, publish
from .making_pathways import NOW, TODAY, make_framework, make_pathway, plan


@pytest.fixture
def framework(db):
    return make_framework(title="Example framework of Hackney")


@pytest.fixture
def staff(people):
    return people.staff


def at_level(organisation, level, name="Example at a level"):
    return publish(organisation, bare(name, levels=(str(level.pk),)), now=NOW)


def next_version(framework, staff, day=TODAY, **names) -> ThresholdFramework:
    return thresholds.copy_framework(framework=framework, version="2", valid_from=day, source_url="", by=staff)


# What people read


def test_each_area_shows_its_own_document_levels_in_order_and_front_door(client, framework, together):
    make_framework(CITY, "Example city one", "Example city two", title="Example document of the City")
    FrontDoor.objects.create(area_id=CITY, name="Example desk", phone="020 7946 0102", hours="weekdays")
    text = client.get("/services/levels/").content.decode()
    assert text.index("Example framework of Hackney") < text.index("Example document of the City")
    assert text.index("1. Example universal") < text.index("2. Example early help") < text.index("1. Example city one")
    assert "020 7946 0102" in text and "999" in text


def test_a_level_leads_to_as_many_services_as_it_says(client, framework, together):
    level = framework.levels.get(order=2)
    for number in range(2):
        at_level(together, level, f"Example {number}")
    text = client.get("/services/levels/").content.decode()
    assert "2 services work at this level" in text and f'href="/services/?level={level.pk}"' in text
    assert text.count("No service says it works at this level yet.") == 2


def test_only_the_document_in_force_today_is_shown(client, framework):
    make_framework(title="Example later", valid_from=TODAY + timedelta(days=1))
    make_framework(title="Example draft", valid_from=TODAY, is_published=False)
    text = client.get("/services/levels/").content.decode()
    assert "Example framework of Hackney" in text
    assert "Example later" not in text and "Example draft" not in text


def test_levels_cost_as_much_for_three_areas_as_for_one(client, keeps_one_query_count, db, together):
    areas = iter((HACKNEY, CITY, "E09000019"))

    def add():
        at_level(together, make_framework(next(areas)).levels.first())

    keeps_one_query_count(add, lambda: client.get("/services/levels/"))


# The next version


def test_a_copy_has_the_levels_in_order_and_nobody_sees_it(client, framework, staff, together):
    service = at_level(together, framework.levels.get(order=2))
    made = next_version(framework, staff)
    assert list(made.levels.order_by("order").values_list("order", "name")) == [
        (1, "Example universal"),
        (2, "Example early help"),
        (3, "Example statutory"),
    ]
    assert not made.is_published
    assert service.levels.get().level.framework == framework


def test_bringing_into_force_moves_services_proposals_and_pathways_and_keeps_the_old_version(
    framework, staff, together, next_door
):
    old = framework.levels.get(order=2)
    service, elsewhere = at_level(together, old), publish(next_door, bare("Example elsewhere"), now=NOW)
    proposal = revisions.save_revision(
        service=elsewhere, entry=bare("Example elsewhere", levels=(str(old.pk),)), edit=0, by=staff, now=NOW
    )
    pathway = make_pathway(framework, plan(1, service, level=old.pk))
    made = next_version(framework, staff)
    assert thresholds.bring_into_force(framework=made, by=staff, now=NOW) == 1
    new = made.levels.get(order=2)
    assert service.levels.get().level == new
    assert Listing.objects.get(service=service).levels == [new.pk]
    proposal.refresh_from_db()
    assert proposal.entry["levels"] == [str(new.pk)]
    pathway.refresh_from_db()
    assert (pathway.framework, PathwayStep.objects.get().level) == (made, new)
    framework.refresh_from_db()
    assert framework.is_published and framework.levels.count() == 3


def test_another_areas_services_stay_where_they_are(framework, staff, together):
    city = make_framework(CITY).levels.first()
    service = at_level(together, city)
    thresholds.bring_into_force(framework=next_version(framework, staff), by=staff, now=NOW)
    assert service.levels.get().level == city


def test_a_level_in_use_without_a_counterpart_stops_everything(framework, staff, together):
    service = at_level(together, framework.levels.get(order=3))
    made = next_version(framework, staff)
    made.levels.get(order=3).delete()
    with pytest.raises(CannotChangeThresholds, match="this one has no level 3"):
        thresholds.bring_into_force(framework=made, by=staff, now=NOW)
    made.refresh_from_db()
    assert not made.is_published
    assert service.levels.get().level.framework == framework


def test_a_document_of_a_later_day_waits_for_it(framework, staff):
    made = next_version(framework, staff, TODAY + timedelta(days=5))
    with pytest.raises(CannotChangeThresholds, match="Show it on that day"):
        thresholds.bring_into_force(framework=made, by=staff, now=NOW)
    thresholds.bring_into_force(framework=made, by=staff, now=NOW + timedelta(days=5))


def test_a_copy_does_not_begin_before_or_with_the_one_it_follows(framework, staff):
    with pytest.raises(CannotChangeThresholds, match="begins after"):
        next_version(framework, staff, framework.valid_from)


# Levels


def test_two_levels_can_change_places(framework, staff):
    first, second, third = framework.levels.order_by("order")
    first.order, second.order = 2, 1
    thresholds.save_framework(framework=framework, levels=[first, second, third], by=staff, now=NOW)
    assert list(framework.levels.order_by("order").values_list("name", flat=True))[:2] == [second.name, first.name]


def test_a_level_in_use_is_not_deleted_and_staff_read_why(framework, staff, together):
    level = framework.levels.get(order=2)
    service = at_level(together, level)
    make_pathway(framework, plan(1, service, level=level.pk))
    rest = list(framework.levels.exclude(pk=level.pk))
    with pytest.raises(
        CannotChangeThresholds,
        match="“Example early help” cannot be deleted: 1 service and 1 step of a pathway use it.",
    ):
        thresholds.save_framework(framework=framework, levels=rest, gone=[level], by=staff, now=NOW)
    assert ThresholdLevel.objects.filter(pk=level.pk).exists()


def test_a_level_a_proposal_names_is_not_deleted(framework, staff, together):
    level = framework.levels.get(order=1)
    service = publish(together, entry(), now=NOW)
    revisions.save_revision(service=service, entry=entry(levels=(str(level.pk),)), edit=0, by=staff, now=NOW)
    with pytest.raises(CannotChangeThresholds, match="1 entry that waits for staff uses"):
        thresholds.refuse_if_used(level)


def test_a_document_services_go_by_is_not_hidden(framework, staff, together):
    at_level(together, framework.levels.get(order=1))
    with pytest.raises(CannotChangeThresholds, match="cannot be hidden"):
        thresholds.take_back(framework=framework, by=staff)


# The staff pages


def page_of(framework) -> str:
    return reverse("admin:directory_thresholdframework_change", args=[framework.pk])


def as_form(framework, **changes) -> dict:
    """What the staff page of a document sends."""
    levels = list(framework.levels.order_by("order"))
    data = {
        "title": framework.title,
        "version": framework.version,
        "valid_from": framework.valid_from.strftime("%d/%m/%Y"),
        "source_url": "",
        "levels-TOTAL_FORMS": len(levels),
        "levels-INITIAL_FORMS": len(levels),
    }
    for number, level in enumerate(levels):
        for name in ("id", "order", "name", "description", "what_to_do"):
            data[f"levels-{number}-{name}"] = getattr(level, name)
        data[f"levels-{number}-framework"] = framework.pk
    return data | changes


def test_staff_change_places_of_levels_on_one_page(client, people, sign_in, framework):
    sign_in(client, people.staff)
    changes = {"levels-0-order": 2, "levels-1-order": 1}
    assert client.post(page_of(framework), as_form(framework, **changes)).status_code == 302
    assert framework.levels.get(order=1).name == "Example early help"


def test_staff_read_in_plain_words_why_a_level_stays(client, people, sign_in, framework, together):
    at_level(together, framework.levels.get(order=1))
    sign_in(client, people.staff)
    answer = client.post(page_of(framework), as_form(framework, **{"levels-0-DELETE": "on"}))
    assert "“Example universal” cannot be deleted: 1 service uses it." in answer.content.decode()
    assert framework.levels.count() == 3


def test_a_preview_shows_what_was_typed_and_saves_nothing(client, people, sign_in, framework):
    sign_in(client, people.staff)
    answer = client.post(page_of(framework), as_form(framework, **{"levels-0-name": "Example typed", "_preview": "1"}))
    assert "1. Example typed" in answer.content.decode() and "Nothing is saved" in answer.content.decode()
    assert not ThresholdLevel.objects.filter(name="Example typed").exists()


def test_staff_see_what_moves_before_it_moves(client, people, sign_in, framework, together):
    service = at_level(together, framework.levels.get(order=2))
    made = next_version(framework, people.staff)
    sign_in(client, people.staff)
    address = reverse("admin:directory_thresholdframework_bring-into-force", args=[made.pk])
    page = client.post(address).content.decode()
    assert "2. Example early help → Example early help: 1 service, 0 steps of pathways" in page
    assert service.levels.get().level.framework == framework
    client.post(address, {"confirmed": "1"})
    assert service.levels.get().level.framework == made


def test_somebody_without_the_permission_finds_no_thresholds_or_pathways(client, people, sign_in, framework):
    sign_in(client, people.trainer)
    for page in (page_of(framework), reverse("admin:directory_pathway_changelist")):
        assert client.get(page).status_code in (302, 403)
    assert client.post(page_of(framework), as_form(framework)).status_code in (302, 403)

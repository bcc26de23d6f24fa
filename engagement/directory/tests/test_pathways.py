"""Pathways: what people read of them, what staff may show, and no step that silently leads nowhere."""

from datetime import timedelta

import pytest

from chatr.audit.models import AuditEvent

from ..models import FrontDoor, Pathway, PathwayStep
from ..operations.listings import refresh
from ..operations.pathways import CannotSavePathway, save_pathway
from ..operations.services import start_service, withdraw_service
from ..queries.pathways import dead_steps, steps_left_dead, steps_with
from .making import CITY, HACKNEY, bare, publish
from .making_pathways import NOW, TODAY, make_framework, make_pathway, plan


def read(client, slug: str = "anxiety") -> str:
    return client.get(f"/services/pathways/{slug}/").content.decode()


# Behaviour 32: each step shows level, services, when to begin and move on, where to step up and down


def test_32_a_pathway_shows_each_step_with_level_services_criteria_and_links(client, framework, counselling, group):
    early = framework.levels.get(order=2)
    make_pathway(
        framework,
        plan(1, group, up=2, exit="Worry stays for six weeks."),
        plan(2, counselling, level=early.pk, down=1, leads_to_front_door=True),
    )
    text = read(client)
    for said in (
        *("Step 1: Example step 1", "Example worry group", "Age not stated", "Not verified yet"),
        *("Worry stays for six weeks.", 'href="#step-2"', "Example early help", 'href="#step-1"'),
        *("Ages 5 to 11", "Verified", "Stepping up from here means the front door"),
    ):
        assert said in text, said
    assert text.index("Step 1:") < text.index("Step 2:")


def test_32_a_pathway_leads_to_999_and_the_front_door_of_its_own_area(client, framework, counselling):
    FrontDoor.objects.create(area_id=HACKNEY, name="Example hub", phone="020 7946 0101", hours="weekdays")
    FrontDoor.objects.create(area_id=CITY, name="Example desk", phone="020 7946 0102", hours="weekdays")
    make_pathway(framework, plan(1, counselling))
    text = read(client)
    assert "999" in text and "020 7946 0101" in text
    assert "020 7946 0102" not in text


def test_32_without_a_front_door_a_pathway_says_so_and_keeps_999(client, framework, counselling):
    make_pathway(framework, plan(1, counselling))
    assert "Worried about a child in Hackney?</strong> We have no number" in read(client)
    assert "tel:999" in read(client)


def test_32_a_step_whose_services_have_all_gone_says_so_and_what_to_do(client, framework, counselling, group):
    make_pathway(framework, plan(1, counselling), plan(2, group))
    withdraw_service(service=counselling, by=None, now=NOW)
    text = read(client)
    assert text.count("No service is here at the moment") == 1
    assert "Example counselling" not in text and "ask the front door for advice" in text


def test_32_staff_are_told_which_steps_a_service_would_leave_dead(framework, counselling, group):
    make_pathway(framework, plan(1, counselling), plan(2, counselling, group))
    make_pathway(framework, plan(1, counselling), title="Draft", slug="draft", is_published=False)
    assert [(step.pathway.title, step.order) for step in steps_left_dead(counselling)] == [("Anxiety", 1)]
    assert steps_left_dead(group) == []


def test_32_a_service_not_shown_any_more_does_not_keep_a_step_alive(framework, counselling, group):
    make_pathway(framework, plan(1, counselling, group))
    group.visible_to = TODAY - timedelta(days=1)
    group.save()
    refresh(service=group, now=NOW)
    assert [step.order for step in steps_left_dead(counselling)] == [1]


def test_32_staff_see_dead_steps_on_their_desk(client, people, sign_in, framework, counselling):
    make_pathway(framework, plan(1, counselling))
    page = sign_in(client, people.staff).get("/admin/").content.decode()
    assert "Pathways with a step that leads nowhere" not in page
    withdraw_service(service=counselling, by=None, now=NOW)
    page = client.get("/admin/").content.decode()
    assert "Anxiety, step 1: Example step 1" in page
    assert [step.order for step in dead_steps(TODAY)] == [1]


def test_a_step_that_leads_to_the_front_door_by_intention_is_not_dead(framework):
    make_pathway(framework, plan(1, leads_to_front_door=True))
    assert dead_steps(TODAY) == []


# Nothing the public may not see


def test_a_pathway_that_is_not_shown_is_404_and_unnamed(client, framework, counselling):
    make_pathway(framework, plan(1, counselling), is_published=False)
    assert client.get("/services/pathways/anxiety/").status_code == 404
    assert "Anxiety" not in client.get("/services/pathways/").content.decode()


def test_a_draft_service_at_a_step_is_never_named(client, framework, counselling, together):
    draft = start_service(organisation=together, name="Example secret plan", by=None, now=NOW)
    make_pathway(framework, plan(1, counselling, draft))
    assert "Example secret plan" not in read(client)


def test_a_pathway_with_a_sensitive_service_can_be_left_at_once(client, framework, counselling, together):
    refuge = publish(together, bare("Example refuge", is_sensitive=True), now=NOW)
    make_pathway(framework, plan(1, counselling))
    make_pathway(framework, plan(1, refuge), title="Safety", slug="safety")
    assert "Exit this page" not in read(client)
    assert "Exit this page" in read(client, "safety")


def test_a_closed_service_is_shown_as_closed(client, framework, counselling):
    make_pathway(framework, plan(1, counselling))
    counselling.closed_from = TODAY
    counselling.save()
    refresh(service=counselling, now=NOW)
    assert "Closed at the moment" in read(client)
    assert "No service is here" not in read(client)


def test_a_service_knows_the_shown_pathways_it_is_on(framework, counselling):
    make_pathway(framework, plan(1, counselling))
    make_pathway(framework, plan(1, counselling), title="Draft", slug="draft", is_published=False)
    assert [step.pathway.title for step in steps_with(counselling)] == ["Anxiety"]


# What may be saved and shown


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([{"order": 1, "up": 2}], "Step 1 leads up to step 2, which this pathway does not have."),
        ([{"order": 1, "down": 1}], "Step 1 cannot lead down to itself."),
        ([{"order": 1}, {"order": 1}], "Two steps have number 1."),
    ],
)
def test_steps_that_contradict_each_other_are_refused(framework, counselling, steps, said):
    steps = [plan(each.pop("order"), counselling, **each) for each in map(dict, steps)]
    with pytest.raises(CannotSavePathway, match=said):
        make_pathway(framework, *steps, is_published=False)
    assert not Pathway.objects.exists()


def test_a_level_of_another_areas_document_is_refused(framework, counselling):
    city = make_framework(CITY).levels.first()
    with pytest.raises(CannotSavePathway, match="The level of step 1 is not in the document"):
        make_pathway(framework, plan(1, counselling, level=city.pk))


def test_a_pathway_is_not_shown_without_a_step(framework):
    make_pathway(framework, is_published=False)
    with pytest.raises(CannotSavePathway, match="needs at least one step"):
        make_pathway(framework, slug="second")


def test_a_pathway_is_not_shown_with_a_step_that_leads_nowhere(framework, counselling, together):
    draft = start_service(organisation=together, name="Example draft", by=None, now=NOW)
    with pytest.raises(CannotSavePathway, match="Step 2 has no service the public can read"):
        make_pathway(framework, plan(1, counselling), plan(2, draft))
    make_pathway(framework, plan(1, counselling), plan(2, draft, leads_to_front_door=True))


def test_a_pathway_is_not_shown_before_its_document(counselling):
    hidden = make_framework(CITY, is_published=False)
    with pytest.raises(CannotSavePathway, match="document it goes by is not shown yet"):
        make_pathway(hidden, plan(1, counselling))


def test_saving_again_replaces_the_steps_and_is_audited_without_words(framework, counselling, group):
    pathway = make_pathway(framework, plan(1, counselling, up=2), plan(2, group, down=1))
    save_pathway(pathway=pathway, steps=[plan(1, group), plan(2, counselling, down=1)], by=None, now=NOW)
    assert list(PathwayStep.objects.order_by("order").values_list("order", "step_down__order")) == [(1, None), (2, 1)]
    event = AuditEvent.objects.get(action="directory.pathway_changed")
    assert event.details == {"steps": 2, "shown": True}


# How much it costs


def test_the_list_costs_as_much_with_three_pathways_as_with_one(client, keeps_one_query_count, framework, counselling):
    numbers = iter(range(9))

    def add():
        number = next(numbers)
        make_pathway(framework, plan(1, counselling), title=f"Example {number}", slug=f"example-{number}")

    keeps_one_query_count(add, lambda: client.get("/services/pathways/"))


def test_a_pathway_costs_as_much_with_three_steps_as_with_one(
    client, keeps_one_query_count, framework, counselling, together
):
    pathway, steps = make_pathway(framework, is_published=False), []
    pathway.is_published = True

    def add():
        service = publish(together, bare(f"Example {len(steps)}"), now=NOW)
        steps.append(plan(len(steps) + 1, counselling, service, level=framework.levels.first().pk))
        save_pathway(pathway=pathway, steps=steps, by=None, now=NOW)

    keeps_one_query_count(add, lambda: read(client))

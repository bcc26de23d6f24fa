"""Writing a pathway on one staff page: steps and services together, looked at before anybody else does."""

import pytest
from django.urls import reverse

from chatr.audit.models import AuditEvent

from ..models import Pathway, PathwayStep
from ..operations.pathways import save_pathway
from .making import bare, publish
from .making_pathways import NOW, make_pathway, plan

ADD = "/admin/directory/pathway/add/"


@pytest.fixture
def staff_client(client, people, sign_in):
    return sign_in(client, people.staff)


def as_form(framework, steps: list[dict], services: list[dict] = (), **fields) -> dict:
    """What the staff page of a pathway sends."""
    data = {"title": "Anxiety", "slug": "anxiety", "framework": framework.pk, "summary": "What to try.", **fields}
    for prefix, rows in (("steps", steps), ("services", services)):
        known = sum("id" in row for row in rows)
        data |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": known}
        data |= {f"{prefix}-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}
    return data


def step(order: int, **fields) -> dict:
    return {"order": order, "title": f"Example {order}", "entry": "A child worries."} | fields


def at(number: int, service, note: str = "") -> dict:
    return {"number": number, "service": service.pk, "note": note}


def test_a_whole_pathway_is_written_at_once(staff_client, framework, counselling, group):
    sent = as_form(
        framework,
        [step(1, up=2), step(2, down=1, leads_to_front_door="on", level=framework.levels.get(order=2).pk)],
        [at(1, group, "Ask for dates."), at(2, counselling)],
        is_published="on",
    )
    assert staff_client.post(ADD, sent).status_code == 302
    first, second = PathwayStep.objects.order_by("order")
    assert (first.step_up, second.step_down, second.leads_to_front_door) == (second, first, True)
    assert first.step_services.get().note == "Ask for dates."
    assert Pathway.objects.get().is_published
    assert AuditEvent.objects.filter(action="directory.pathway_made").count() == 1


def test_what_is_there_comes_back_and_can_change_places(staff_client, framework, counselling, group):
    pathway = make_pathway(framework, plan(1, counselling, up=2), plan(2, group, down=1))
    address = reverse("admin:directory_pathway_change", args=[pathway.pk])
    page = staff_client.get(address).content.decode()
    assert "Example counselling" in page and 'name="steps-0-up" value="2"' in page
    one, two = pathway.steps.order_by("order")
    sent = as_form(
        framework,
        [step(2, id=one.pk, pathway=pathway.pk, down=1), step(1, id=two.pk, pathway=pathway.pk, up=2)],
        [
            at(1, group) | {"id": two.step_services.get().pk},
            at(2, counselling) | {"id": one.step_services.get().pk},
        ],
        is_published="on",
    )
    assert staff_client.post(address, sent).status_code == 302
    names = [each.service.name for step in pathway.steps.order_by("order") for each in step.step_services.all()]
    assert names == ["Example worry group", "Example counselling"]


@pytest.mark.parametrize(
    ("steps", "at_step", "said"),
    [
        ([step(1)], 2, "A service is at step 2, which this pathway does not have."),
        ([step(1), step(1)], 1, "Two steps cannot have the same number."),
        ([step(1, up=3)], 1, "Step 1 leads up to step 3, which this pathway does not have."),
        ([step(1), step(2)], 1, "Step 2 has no service the public can read."),
    ],
)
def test_a_refusal_is_in_plain_words_and_keeps_what_was_typed(
    staff_client,
    framework,
    counselling,
    steps,
    at_step,
    said,
):
    sent = as_form(framework, steps, [at(at_step, counselling)], is_published="on", summary="Typed just now.")
    page = staff_client.post(ADD, sent).content.decode()
    assert said in page and "Typed just now." in page
    assert not Pathway.objects.exists()


def test_a_preview_is_the_public_page_and_saves_nothing(staff_client, framework, counselling):
    sent = as_form(framework, [step(1, title="Example typed")], [at(1, counselling)], _preview="Preview")
    page = staff_client.post(ADD, sent).content.decode()
    assert "Step 1: Example typed" in page and "Example counselling" in page and "Nothing is saved" in page
    assert not Pathway.objects.exists() and not AuditEvent.objects.filter(action="directory.pathway_made").exists()


def test_a_preview_of_a_shown_pathway_changes_nothing_people_read(
    staff_client,
    client,
    framework,
    counselling,
):
    pathway = make_pathway(framework, plan(1, counselling))
    (one,) = pathway.steps.all()
    sent = as_form(
        framework,
        [step(1, id=one.pk, pathway=pathway.pk, title="Example typed")],
        [at(1, counselling) | {"id": one.step_services.get().pk}],
        is_published="on",
        _preview="Preview",
    )
    page = staff_client.post(reverse("admin:directory_pathway_change", args=[pathway.pk]), sent).content.decode()
    assert "Step 1: Example typed" in page
    assert "Example typed" not in client.get("/services/pathways/anxiety/").content.decode()


def test_deleting_a_pathway_keeps_its_services_and_is_audited(staff_client, framework, counselling):
    pathway = make_pathway(framework, plan(1, counselling))
    staff_client.post(reverse("admin:directory_pathway_delete", args=[pathway.pk]), {"post": "yes"})
    assert not Pathway.objects.exists()
    counselling.refresh_from_db()
    assert AuditEvent.objects.filter(action="directory.pathway_removed").count() == 1


def test_somebody_without_the_permission_saves_nothing(client, people, sign_in, framework, together):
    service = publish(together, bare(), now=NOW)
    sign_in(client, people.trainer)
    assert client.post(ADD, as_form(framework, [step(1)], [at(1, service)])).status_code in (302, 403)
    assert not Pathway.objects.exists()


def test_the_page_costs_as_much_with_three_steps_as_with_one(staff_client, keeps_one_query_count, framework):
    pathway, steps = make_pathway(framework, is_published=False), []

    def add():
        steps.append(plan(len(steps) + 1, leads_to_front_door=True, level=framework.levels.first().pk))
        save_pathway(pathway=pathway, steps=steps, by=None, now=NOW)

    add()
    keeps_one_query_count(
        add, lambda: staff_client.get(reverse("admin:directory_pathway_change", args=[pathway.pk])), at_most=16
    )

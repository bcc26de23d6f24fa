"""The staff pages in a real browser: nothing serious against their accessibility, no error on the console."""

import pytest
from django.urls import reverse

from chatr.accounts.models import DeviceReset, ErasureRequest, Membership, Organisation, Role, SharedEmailDomain
from chatr.testing.people import give_second_factor, make_organisation, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def admin_url(model: str, page: str, *args) -> str:
    return reverse(f"admin:accounts_{model}_{page}", args=args)


@pytest.fixture
def addresses(people) -> dict[str, str]:
    """One page of every kind, with something on it."""
    waiting = make_organisation("Marsh Youth Project", status=Organisation.Status.PENDING)
    asker = make_person("Ivy Stone", "ivy@marsh.example.org", waiting, confirmed_at=None)
    newcomer = make_person("Lou Park", "lou@gmail.com", people.organisation, confirmed_at=None).memberships.get()
    chair = make_person("Hal Price", "hal@chairs.example.org", None, "conference_chair")
    give_second_factor(people.person)
    reset = DeviceReset.objects.create(user=chair, reason="Lost", asked_by=people.staff, needs_second_person=True)
    ErasureRequest.objects.create(user=asker, asked_at=asker.created_at)
    domain = SharedEmailDomain.objects.order_by("domain").first()
    trainer = Role.objects.get(code="trainer")
    return {
        "desk": reverse("admin:index"),
        "area": reverse("admin:app_list", args=["accounts"]),
        "list with filters": admin_url("user", "changelist"),
        "list searched and filtered": admin_url("organisation", "changelist") + "?q=a&status__exact=active",
        "add form with pickers": admin_url("membership", "add"),
        "change form with inlines": admin_url("user", "change", people.person.pk),
        "change form": admin_url("organisation", "change", waiting.pk),
        "form with checkboxes": admin_url("role", "change", trainer.pk),
        "read-only page": admin_url("devicereset", "change", reset.pk),
        "delete confirmation": admin_url("sharedemaildomain", "delete", domain.pk),
        "history": admin_url("membership", "history", newcomer.pk),
        "asking first, with a reason": admin_url("membership", "decline", newcomer.pk),
        "asking first, with a list": admin_url("organisation", "approve", waiting.pk),
        "asking first, with choices": admin_url("user", "invite"),
    }


def bad(faults: list[str]) -> list[str]:
    return [fault for fault in faults if "(serious)" in fault or "(critical)" in fault]


# axe itself writes style elements while it looks, which the browser reports; other tests here look without it.
BY_AXE = ("Applying inline style violates",)


def test_no_page_writes_an_error_to_the_console(addresses, people, open_page):
    page = open_page(people.admin)
    for name, address in addresses.items():
        assert page.goto(address).status == 200, name
        assert page.evaluate("document.documentElement.scrollWidth") == 1280, name


def test_nothing_serious_on_any_page_wide_or_narrow(addresses, people, open_page, axe):
    page = open_page(people.admin, expect=BY_AXE)
    faults = []
    for name, address in addresses.items():
        page.set_viewport_size({"width": 1280, "height": 900})
        assert page.goto(address).status == 200, name
        faults += [f"{name}, wide: {fault}" for fault in bad(axe(page))]
        page.set_viewport_size({"width": 375, "height": 800})
        faults += [f"{name}, narrow: {fault}" for fault in bad(axe(page))]
    assert not faults, "\n".join(faults)


def test_a_list_action_asks_first_accessibly(addresses, people, open_page, axe):
    page = open_page(people.admin, expect=BY_AXE)
    page.goto(admin_url("organisation", "changelist"))
    page.get_by_role("checkbox", name="Select this object for an action - Marsh Youth Project").check()
    page.locator("select[name=action]").select_option("Approve")
    page.get_by_role("button", name="Go").click()
    assert bad(axe(page)) == []
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("Approved.").wait_for()
    assert Organisation.objects.get(name="Marsh Youth Project").status == Organisation.Status.ACTIVE


def test_a_picker_has_a_name_and_works(addresses, people, open_page, axe):
    page = open_page(people.admin, expect=BY_AXE)
    page.goto(admin_url("membership", "add"))
    page.get_by_role("combobox", name="Person").click()
    page.get_by_role("searchbox", name="Search").fill("Chidi")
    page.get_by_role("option", name="Chidi Nwosu").click()
    assert bad(axe(page)) == []
    page.get_by_role("combobox", name="Organisation").click()
    page.get_by_role("searchbox", name="Search").fill("Mill")
    assert bad(axe(page)) == []
    page.get_by_role("option", name="Mill Lane School").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was added successfully").wait_for()
    assert Membership.objects.get(user=people.neighbour, organisation=people.organisation).confirmed_at


def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(addresses, people, open_page):
    page = open_page(people.admin)
    page.goto("/admin/")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to main content"
    assert skip.evaluate("link => getComputedStyle(link).outlineColor") == "rgb(255, 221, 0)"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").evaluate("link => document.querySelector('main').contains(link)")

"""The staff pages of the directory in a real browser: what axe-core finds at the width staff use, and pressing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from chatr.testing.people import make_organisation, make_people

from ..models import Lookalike, OrganisationIdentifier, Revision
from ..operations.duplicates import look_for_lookalikes
from ..operations.revisions import save_revision, submit_revision
from ..queries.entries import entry_of
from ..rules.entries import PhoneLine, Place
from .making import HACKNEY, entry, make_editor, publish, put_postcode

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def staff(transactional_db):
    return make_people().staff


@pytest.fixture
def made(staff):
    """Two services that look like one, one with a hidden place, and a change of it that waits."""
    now = timezone.now()
    put_postcode("E8 1DY", 51.545, -0.055)
    together = make_organisation("Example Families Together", "together.example.org")
    next_door = make_organisation("Example Next Door", "nextdoor.example.org")
    editor = make_editor("Fatima Editor", "fatima@together.example.org", together)
    phones = (PhoneLine("020 7946 0001"),)
    places = (*entry().places, Place(is_confidential=True, area=HACKNEY))
    service = publish(together, entry("Bereavement counselling", phones=phones, places=places), now=now)
    publish(next_door, entry("Bereavement counselling service", phones=phones), now=now)
    changed = entry_of(service).but(summary="Words in their place.", alert="Only by video until Easter.")
    revision = save_revision(service=service, entry=changed, edit=0, by=editor, now=now)
    submit_revision(revision=revision, by=editor, now=now)
    look_for_lookalikes(by=None, now=now)
    OrganisationIdentifier.objects.create(
        id=together.pk, organisation=together, scheme="GB-CHC", identifier_type="Charity number", identifier="1"
    )
    return service


def pages(service) -> list[str]:
    revision, pair = Revision.objects.get(), Lookalike.objects.get()
    lists = ("service", "revision", "lookalike", "profile", "organisationidentifier", "keeper")
    acts = {
        service: ("change", "verify", "keeping", "mark-sensitive", "hidden-address", "withdraw", "write", "history"),
        revision: ("change", "approve", "reject", "change-and-approve"),
        pair: ("change", "keep-first", "are-two"),
        OrganisationIdentifier.objects.get(): ("change", "remove"),
    }
    above = (("service", "add-for-organisation"), ("service", "import-file"), ("keeper", "name"))
    return [
        reverse("admin:index"),
        *(reverse(f"admin:directory_{name}_changelist") for name in lists),
        *(reverse(f"admin:directory_{name}_{act}") for name, act in (*above, ("lookalike", "look-again"))),
        reverse("admin:directory_organisationidentifier_add"),
        reverse("admin:directory_profile_change", args=[service.organisation_id]),
        *(
            reverse(f"admin:directory_{thing._meta.model_name}_{act}", args=[thing.pk])
            for thing, names in acts.items()
            for act in names
        ),
    ]


def test_no_accessibility_fault_on_any_staff_page_of_the_directory(open_page, axe, staff, made):
    page = open_page(staff)
    faults = {}
    for path in pages(made):
        answer = page.goto(path)
        assert answer.status == 200, path
        faults[path] = axe(page)
        if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
            faults[path].append("it scrolls sideways")
    assert {path: found for path, found in faults.items() if found} == {}


def test_a_file_is_looked_at_before_it_is_imported(open_page, axe, staff, made, tmp_path):
    page = open_page(staff)
    page.goto(reverse("admin:directory_service_changelist"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all as CSV").click()
    file = tmp_path / "services.csv"
    download.value.save_as(file)
    file.write_bytes(file.read_bytes().replace(b"somebody you can trust", b"a friendly person"))
    page.get_by_role("link", name="Import a file").click()
    page.get_by_label("File of services").set_input_files(file)
    page.get_by_role("button", name="Show what would happen").click()
    assert "2 changed" in page.inner_text("#content-main")
    assert axe(page) == []
    page.get_by_role("button", name="Import and publish").click()
    assert "Imported: 0 new, 2 changed." in page.inner_text("body")


def test_behaviour_27_staff_rewrite_a_proposal_without_scripts_and_approve_it(open_page, staff, made):
    page = open_page(staff, javascript=False)
    page.goto(reverse("admin:index"))
    page.get_by_role("link", name="Bereavement counselling, Example Families Together").click()
    page.get_by_role("link", name="Change it, then approve").click()
    page.get_by_label("In one line").fill("Better words.")
    page.get_by_role("button", name="Add another phone number").click()
    assert page.get_by_label("In one line").input_value() == "Better words."
    page.get_by_role("button", name="Approve as written here").last.click()
    assert "is public as you wrote it" in page.inner_text("body")
    made.refresh_from_db()
    assert (made.summary, made.alert) == ("Better words.", "Only by video until Easter.")
    assert Revision.objects.get().changed_by_staff

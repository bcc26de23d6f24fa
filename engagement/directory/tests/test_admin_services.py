"""Services on the staff pages: found, verified, withdrawn, written; and an address that shows nowhere else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chatr.audit.models import AuditEvent
from chatr.testing.people import make_organisation

from ..models import (
    ConfidentialAddress,
    FeedPlace,
    FeedService,
    Listing,
    Location,
    Lookalike,
    Pathway,
    PathwayStep,
    Service,
    StepService,
    ThresholdFramework,
    Verification,
)
from ..rules.entries import Place
from .making import HACKNEY, bare, entry, make_editor, publish, put_postcode
from .staffing import confirm, hide, listed, propose, typed_on, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def postcodes(db):
    put_postcode("E8 1DY", 51.545, -0.055)


@pytest.fixture
def staff(client, people, sign_in):
    sign_in(client, people.staff)
    return client


@pytest.fixture
def service(together):
    return publish(together, entry(), now=timezone.now())


class TestServices:
    def test_the_list_says_state_verification_and_editors_and_filters_by_them(self, staff, service, editor, next_door):
        long_ago = timezone.now() - timedelta(days=200)
        publish(next_door, bare("Example alone"), now=long_ago, verified=long_ago)
        page = staff.get(listed("service")).content.decode()
        assert "Example counselling" in page and "shown as unverified" in page
        only = staff.get(listed("service"), {"editors": "none"}).content.decode()
        assert "Example alone" in only and "Example counselling" not in only
        assert "Example counselling" not in staff.get(listed("service"), {"verified": "unverified"}).content.decode()
        assert "Example alone" not in staff.get(listed("service"), {"q": "together"}).content.decode()

    @pytest.mark.parametrize("name", ["service", "revision", "lookalike", "profile"])
    def test_lists_take_the_same_queries_with_one_row_and_three(self, staff, keeps_one_query_count, name):
        made = []

        def add_row():
            number = len(made)
            organisation = make_organisation(f"Example {chr(65 + number) * 9}", f"n{number}.example.org")
            user = make_editor("Ed", f"ed@n{number}.example.org", organisation)
            made.append(publish(organisation, entry(f"Bereavement {'x' * number}"), verified=timezone.now()))
            propose(made[-1], user, summary="New.")
            if len(made) > 1 and name == "lookalike":
                Lookalike.objects.create(
                    **dict(zip(("first", "second"), sorted(made[-2:], key=lambda each: each.pk), strict=True)),
                    score=9,
                    reasons=["name"],
                )

        if name == "lookalike":
            add_row()
        keeps_one_query_count(add_row, lambda: staff.get(listed(name)))

    def test_the_entry_is_read_escaped_and_without_the_hidden_address(self, staff, together):
        service = publish(
            together, entry(summary="<script>x</script>", places=(Place(is_confidential=True, area=HACKNEY),))
        )
        hide(service)
        page = staff.get(url(service)).content.decode()
        assert "&lt;script&gt;x" in page and "<script>x" not in page
        assert "address not shown" in page and "9 Example Lane" not in page and "E5 0XX" not in page

    def test_behaviour_32_withdrawing_names_the_steps_it_would_leave_dead(self, staff, service):
        framework = ThresholdFramework.objects.create(area_id=HACKNEY, title="Example framework", is_published=True)
        pathway = Pathway.objects.create(
            title="Worries", slug="worries", framework=framework, summary="A way.", is_published=True
        )
        step = PathwayStep.objects.create(pathway=pathway, order=1, title="Talk to somebody", entry="Now")
        StepService.objects.create(step=step, service=service)
        page = staff.get(url(service, "withdraw")).content.decode()
        assert "no service left" in page and "Worries: 1. Talk to somebody" in page
        confirm(staff, url(service, "withdraw"))
        service.refresh_from_db()
        assert (service.state, Listing.objects.exists()) == ("archived", False)
        assert staff.get(url(service, "withdraw")).status_code == 403  # it is not offered twice
        confirm(staff, url(service, "publish-again"))
        assert Listing.objects.filter(service=service).exists()
        assert AuditEvent.objects.filter(action="directory.service_published_again").exists()

    def test_verified_by_staff_who_asked_moves_the_day_and_not_the_entry(self, staff, people, service):
        before = FeedService.objects.get().last_modified
        confirm(staff, url(service, "verify"))
        said = Verification.objects.get()
        assert (said.method, said.by) == ("staff", people.staff)
        assert Listing.objects.get().verified_on == timezone.localdate()
        assert FeedService.objects.get().last_modified == before

    def test_who_looks_after_it_and_when_it_is_shown(self, staff, people, service, editor):
        today = timezone.localdate()
        page = staff.get(url(service, "keeping")).content.decode()
        assert str(people.staff) in page and str(editor) not in page
        refused = confirm(
            staff,
            url(service, "keeping"),
            visible_from=f"{today:%d/%m/%Y}",
            visible_to=f"{today - timedelta(1):%d/%m/%Y}",
        )
        assert "must not be before the first" in refused.content.decode()
        confirm(
            staff, url(service, "keeping"), kept_by=people.staff.pk, visible_from=f"{today + timedelta(1):%d/%m/%Y}"
        )
        service.refresh_from_db()
        assert service.kept_by == people.staff
        assert not Listing.objects.shown(today).exists()
        assert Listing.objects.shown(today + timedelta(1)).exists()

    def test_marking_it_sensitive_shows_exit_this_page(self, staff, service):
        confirm(staff, url(service, "mark-sensitive"))
        assert Listing.objects.get().is_sensitive
        confirm(staff, url(service, "unmark-sensitive"))
        assert not Listing.objects.get().is_sensitive

    def test_staff_write_the_entry_of_a_service_nobody_else_writes(self, staff, together):
        confirm(staff, listed("service", "add-for-organisation"), organisation=together.pk, name="Example drop-in")
        service = Service.objects.get()
        assert service.state == "draft"
        again = confirm(
            staff, listed("service", "add-for-organisation"), organisation=together.pk, name="example DROP-in"
        )
        assert "has a service of this name already" in again.content.decode()
        typed = typed_on(staff.get(url(service, "write")))
        assert "There is a problem" in staff.post(url(service, "write"), typed).content.decode()
        staff.post(url(service, "write"), typed | {"description": "Tea and talking."})
        service.refresh_from_db()
        assert (service.state, service.description) == ("published", "Tea and talking.")
        stale = staff.post(url(service, "write"), typed | {"description": "Older words."}).content.decode()
        assert "changed while you were writing" in stale and "Older words." in stale


class TestHiddenAddress:
    @pytest.fixture
    def refuge(self, together):
        service = publish(together, entry("Example refuge", places=(Place(is_confidential=True, area=HACKNEY),)))
        hide(service)
        return service

    def test_staff_read_and_change_it_on_one_page_and_no_byte_outside_changes(self, staff, refuge):
        def outside():
            return [list(model.objects.values()) for model in (Listing, FeedService, FeedPlace, Location, Service)]

        before = outside()
        assert "9 Example Lane" in staff.get(url(refuge, "hidden-address")).content.decode()
        place = refuge.at_locations.get().location
        bad = confirm(staff, url(refuge, "hidden-address"), **{f"postcode_{place.pk}": "nowhere"})
        assert "Enter a whole postcode" in bad.content.decode()
        confirm(
            staff,
            url(refuge, "hidden-address"),
            **{f"address_{place.pk}": "7 Sample Row", f"postcode_{place.pk}": "n19zz"},
        )
        kept = ConfidentialAddress.objects.get()
        assert (kept.address, kept.postcode) == ("7 Sample Row", "N1 9ZZ")
        assert outside() == before

    def test_it_is_in_no_list_file_audit_or_history_and_that_somebody_looked_is_kept(self, staff, people, refuge):
        staff.get(url(refuge, "hidden-address"))
        read = AuditEvent.objects.get(action="directory.hidden_address_read")
        assert read.actor_id == people.staff.pk
        shown = [staff.get(listed("service")), staff.get(url(refuge)), staff.get(url(refuge, "history"))]
        shown.append(staff.get(listed("service", "download-csv")))
        said = "".join(b"".join(page).decode() for page in shown) + str(list(AuditEvent.objects.values()))
        assert "Example refuge" in said
        assert "Example Lane" not in said and "E5 0XX" not in said

    def test_a_service_without_a_hidden_place_has_no_such_page(self, staff, service):
        assert staff.get(url(service, "hidden-address")).status_code == 403


def test_the_desk_shows_what_waits_and_what_needs_somebody(staff, service, editor, next_door):
    propose(service, editor, summary="New.")
    long_ago = timezone.now() - timedelta(days=200)
    publish(next_door, bare("Example alone"), now=long_ago, verified=long_ago)
    page = staff.get(reverse("admin:index")).content.decode()
    assert "Changes to services" in page and "Example counselling, Example Families Together" in page
    assert "1 service shown as unverified" in page and "1 service without an editor" in page

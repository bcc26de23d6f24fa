"""Deciding on the staff pages what partners propose: beside what is public, told, audited, only by who may."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message
from chatr.testing.people import make_person

from ..models import FeedPlace, FeedService, Listing, Location, Profile, Revision, Service, ServiceAtLocation
from ..operations.revisions import add_service, submit_revision
from ..operations.services import publish_entry
from ..queries.entries import entry_of
from ..rules.entries import Place
from .making import HACKNEY, bare, entry, publish, put_postcode
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


def everything_kept() -> list:
    """Every row that may change when something is written, what was done and what is to be sent included."""
    kept = (Service, Revision, Location, ServiceAtLocation, Listing, FeedService, FeedPlace, Profile)
    return [list(model.objects.order_by("pk").values()) for model in (*kept, Message)] + [AuditEvent.objects.count()]


class TestPreview:
    def test_it_shows_the_page_as_it_would_be_and_writes_nothing(self, staff, service, editor):
        moved = (Place(name="Example New House", address_1="2 Example Street", postal_code="E8 1DY"),)
        revision = propose(service, editor, summary="New words.", places=moved)
        staff.get(url(revision))
        before = everything_kept()
        assert url(revision, "preview") in staff.get(url(revision)).content.decode()
        page = staff.get(url(revision, "preview")).content.decode()
        for words in ("A preview.", "New words.", "Example New House"):
            assert words in page
        assert "Example House" not in page
        assert "Did this page help?" not in page
        assert everything_kept() == before
        public = Client().get(reverse("directory:service", args=[service.slug])).content.decode()
        assert "New words." not in public

    def test_a_first_entry_is_shown_though_nobody_can_read_it_yet(self, staff, together, editor):
        now = timezone.now()
        draft = add_service(organisation=together, name="Example first", description="A club.", by=editor, now=now)
        submit_revision(revision=Revision.objects.get(), by=editor, now=now)
        before = everything_kept()
        assert "A club." in staff.get(url(Revision.objects.get(), "preview")).content.decode()
        assert everything_kept() == before
        assert Client().get(reverse("directory:service", args=[draft.slug])).status_code == 404

    def test_what_changed_in_public_meanwhile_is_in_it_too(self, staff, service, editor):
        revision = propose(service, editor, summary="New words.")
        publish_entry(service=service, entry=entry(not_for="Adults."), by=None, now=timezone.now())
        page = staff.get(url(revision, "preview")).content.decode()
        assert "New words." in page
        assert "Adults." in page

    def test_a_hidden_place_is_as_hidden_in_it(self, staff, together, editor):
        service = publish(together, bare(places=(Place(is_confidential=True, area=HACKNEY),)), now=timezone.now())
        hide(service)
        page = staff.get(url(propose(service, editor, summary="New words."), "preview")).content.decode()
        assert "9 Example Lane" not in page
        assert "E5 0XX" not in page


class TestWhoMay:
    @pytest.mark.parametrize("who", ["editor", "trainer"])
    def test_nobody_but_staff_who_look_after_the_directory_reaches_its_pages(
        self, client, people, sign_in, service, editor, who
    ):
        revision = propose(service, editor, summary="New words.")
        user = editor if who == "editor" else people.trainer
        sign_in(client, user)
        pages = [
            *(listed(name) for name in ("service", "revision", "lookalike", "profile", "keeper")),
            *(listed("service", act) for act in ("import-file", "download-csv", "add-for-organisation")),
            *(url(service, act) for act in ("change", "withdraw", "write", "hidden-address", "verify")),
            *(url(revision, act) for act in ("change", "preview", "approve", "reject", "change-and-approve")),
        ]
        for page in pages:
            assert client.get(page).status_code in (302, 403), page
            confirm(client, page, edit=revision.edit, reason="x")
        revision.refresh_from_db()
        service.refresh_from_db()
        assert (revision.state, service.state, service.version) == ("submitted", "published", 1)

    def test_staff_of_another_area_do_not_reach_them_either(self, client, sign_in, service):
        from chatr.accounts.models import Role, RoleGrant
        from chatr.accounts.permissions import Permission

        other = make_person("Tola Training", "tola@programme.example.org")
        role = Role.objects.create(
            code="only_training", name="Only training", permissions=[Permission.ENTER_ADMIN, Permission.MANAGE_TRAINING]
        )
        RoleGrant.objects.create(user=other, role=role)
        sign_in(client, other)
        assert client.get(reverse("admin:index")).status_code == 200
        for page in (listed("service"), url(service), url(service, "withdraw"), listed("revision")):
            assert client.get(page).status_code == 403
        assert confirm(client, url(service, "withdraw")).status_code == 403
        assert b"Changes to services" not in client.get(reverse("admin:index")).content


class TestReview:
    def test_behaviour_27_the_queue_shows_the_oldest_first_and_each_change_in_two_columns(
        self, staff, service, editor, together
    ):
        later = propose(publish(together, bare("Example other")), editor, summary="Later.")
        first = propose(service, editor, summary="New & <b>bold</b> words.", alert="Only by video.")
        Revision.objects.filter(pk=first.pk).update(submitted_at=timezone.now() - timedelta(days=2))
        page = staff.get(listed("revision")).content.decode()
        assert page.index("Example counselling") < page.index("Example other")
        page = staff.get(url(first)).content.decode()
        assert "Public now" in page and "Proposed" in page
        assert "Talking with somebody you can trust." in page
        assert "New &amp; &lt;b&gt;bold&lt;/b&gt; words." in page and "<b>bold" not in page
        assert "Weekly sessions" not in page  # what does not change is not in the way
        assert later.state == "submitted"

    def test_behaviour_27_approving_makes_it_public_tells_the_editors_and_is_audited(
        self, staff, people, service, editor
    ):
        revision = propose(service, editor, summary="New words.")
        assert "New words." in staff.get(url(revision, "approve")).content.decode()
        confirm(staff, url(revision, "approve"), edit=revision.edit)
        service.refresh_from_db()
        assert (service.summary, Listing.objects.get().card["summary"]) == ("New words.", "New words.")
        assert Message.objects.filter(recipient=editor, kind__contains="approved").exists()
        event = AuditEvent.objects.get(action="directory.revision_approved")
        assert event.actor_id == people.staff.pk
        assert "New words" not in str(event.details)

    def test_behaviour_27_rejecting_needs_a_reason_the_editors_read(self, staff, service, editor):
        revision = propose(service, editor, summary="New words.")
        page = confirm(staff, url(revision, "reject"), edit=revision.edit, reason="  ").content.decode()
        assert "Say why it is not approved" in page
        assert Revision.objects.get().state == "submitted"
        confirm(staff, url(revision, "reject"), edit=revision.edit, reason="Say <i>which</i> days.")
        revision.refresh_from_db()
        assert (revision.state, revision.reason) == ("rejected", "Say <i>which</i> days.")
        service.refresh_from_db()
        assert service.summary == "Talking with somebody you can trust."
        assert Message.objects.filter(recipient=editor, kind__contains="rejected").exists()
        assert "Say &lt;i&gt;which&lt;/i&gt; days." in staff.get(url(revision)).content.decode()

    def test_what_the_editors_changed_since_it_was_looked_at_is_not_approved(self, staff, service, editor):
        revision = propose(service, editor, summary="New words.")
        page = confirm(staff, url(revision, "approve"), edit=revision.edit - 1).content.decode()
        assert "changed it since you looked" in page
        assert Revision.objects.get().state == "submitted"

    def test_a_change_in_the_same_place_meanwhile_is_said_before_approving(self, staff, service, editor):
        revision = propose(service, editor, summary="New words.")
        publish_entry(service=service, entry=entry_of(service).but(summary="Other words."), by=None, now=timezone.now())
        assert "changed meanwhile in the same place: In one line" in staff.get(url(revision)).content.decode()
        page = confirm(staff, url(revision, "approve"), edit=revision.edit).content.decode()
        assert "In one line" in page and Revision.objects.get().state == "submitted"

    def test_behaviour_27_staff_change_what_is_proposed_and_approve_that(self, staff, service, editor):
        revision = propose(service, editor, summary="New words.", alert="Only by video.")
        typed = typed_on(staff.get(url(revision, "change-and-approve")))
        assert typed["summary"] == "New words."
        answer = staff.post(url(revision, "change-and-approve"), typed | {"summary": "Better words."})
        assert answer.status_code == 302
        service.refresh_from_db()
        assert (service.summary, service.alert) == ("Better words.", "Only by video.")
        revision.refresh_from_db()
        assert (revision.state, revision.changed_by_staff) == ("approved", True)
        assert Message.objects.filter(recipient=editor, kind__contains="approved").exists()

    def test_a_mistake_while_changing_keeps_what_was_typed_and_approves_nothing(self, staff, service, editor):
        revision = propose(service, editor, summary="New words.")
        address = url(revision, "change-and-approve")
        typed = typed_on(staff.get(address))
        page = staff.post(address, typed | {"summary": "Better words.", "minimum_age": "many"}).content.decode()
        assert "There is a problem" in page and "Better words." in page
        page = staff.post(address, typed | {"summary": "Better words.", "seen": "99"}).content.decode()
        assert "changed it since you looked" in page and "Better words." in page
        assert Revision.objects.get().state == "submitted"

    def test_another_line_is_added_with_everything_kept(self, staff, service, editor):
        revision = propose(service, editor, summary="New words.")
        address = url(revision, "change-and-approve")
        typed = typed_on(staff.get(address)) | {"summary": "Better words.", "add-phones": "add-phones"}
        del typed["submit"]
        page = staff.post(address, typed).content.decode()
        assert "Better words." in page and "phones-1-number" in page
        assert Revision.objects.get().state == "submitted"

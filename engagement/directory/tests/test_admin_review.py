"""Deciding on the staff pages what partners propose: beside what is public, told, audited, only by who may."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message
from chatr.testing.people import make_person

from ..models import (
    Listing,
    Revision,
)
from ..operations.services import publish_entry
from ..queries.entries import entry_of
from .making import bare, entry, publish, put_postcode
from .staffing import confirm, listed, propose, typed_on, url

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
            *(url(revision, act) for act in ("change", "approve", "reject", "change-and-approve")),
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

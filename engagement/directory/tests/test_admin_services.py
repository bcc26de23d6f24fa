"""The staff pages of the directory: who may use them, what each act does, and what no page, file or audit shows."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message
from chatr.spreadsheets.reading import read_table
from chatr.testing.people import make_organisation, make_person

from ..models import (
    ConfidentialAddress,
    FeedPlace,
    FeedService,
    Keeper,
    Listing,
    Location,
    Lookalike,
    OrganisationIdentifier,
    Pathway,
    PathwayStep,
    Profile,
    Revision,
    Service,
    StepService,
    ThresholdFramework,
    Verification,
)
from ..operations.duplicates import look_for_lookalikes
from ..operations.revisions import save_revision, submit_revision
from ..operations.services import publish_entry, withdraw_service
from ..queries.entries import entry_of
from ..rules.entries import PhoneLine, Place
from .making import HACKNEY, bare, entry, make_editor, publish, put_postcode

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


def url(thing, act="change") -> str:
    return reverse(f"admin:directory_{thing._meta.model_name}_{act}", args=[thing.pk])


def listed(name: str, act="changelist") -> str:
    return reverse(f"admin:directory_{name}_{act}")


def confirm(client, address, **data):
    return client.post(address, {"confirmed": "yes"} | data, follow=True)


def propose(service, by, **changes) -> Revision:
    """A change of a service, sent to staff."""
    now = timezone.now()
    proposed = entry_of(service).but(**changes)
    revision = save_revision(service=service, entry=proposed, edit=0, version=service.version, by=by, now=now)
    return submit_revision(revision=revision, by=by, now=now)


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


def typed_on(answer) -> dict:
    """What a browser would post from the page as it stands."""
    typed = {"submit": "Save", "seen": str(answer.context["seen"])}
    for form, _ in answer.context["sections"]:
        typed |= {f"{name}-rows": str(count) for name, count in form.counts.items()}
        for box in form:
            value = box.value()
            if value in (None, False):
                continue
            typed[box.html_name] = "on" if value is True else box.field.prepare_value(value)
    return typed


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


def hide(service) -> Location:
    location = service.at_locations.get().location
    ConfidentialAddress.objects.create(location=location, address="9 Example Lane", postcode="E5 0XX")
    return location


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


class TestFiles:
    def upload(self, client, data: bytes, name="services.csv"):
        file = SimpleUploadedFile(name, data, content_type="text/csv")
        return client.post(listed("service", "import-file"), {"file": file})

    def exported(self, client, kind="csv") -> bytes:
        return b"".join(client.get(listed("service", f"download-{kind}")))

    def test_an_export_changed_in_one_cell_is_previewed_and_then_written(self, staff, service):
        data = self.exported(staff).decode("utf-8-sig").replace("somebody you can trust", "a friendly person")
        answer = self.upload(staff, data.encode())
        preview = staff.get(answer["Location"])
        page = preview.content.decode()
        assert "0 new, 1 changed, 0 unchanged, 0 refused" in page
        assert "a friendly person" in page and "somebody you can trust" in page
        service.refresh_from_db()
        assert service.version == 1
        stale = staff.post(answer["Location"], {"fingerprint": "another"}).content.decode()
        assert "Something changed on the portal" in stale
        staff.post(answer["Location"], {"fingerprint": preview.context["plan"].fingerprint})
        service.refresh_from_db()
        assert (service.version, service.summary) == (2, "Talking with a friendly person.")
        assert "There is nothing to write." in staff.get(answer["Location"]).content.decode()

    def test_a_refused_row_stops_everything_and_says_where(self, staff, service):
        data = self.exported(staff).decode("utf-8-sig").replace("Public,", "Withdrawn,")
        answer = self.upload(staff, data.encode())
        preview = staff.get(answer["Location"])
        assert "Row 2, “state”: a file cannot publish" in preview.content.decode()
        staff.post(answer["Location"], {"fingerprint": preview.context["plan"].fingerprint}, follow=True)
        assert Service.objects.get().version == 1

    def test_a_file_that_is_none_is_refused_in_place(self, staff):
        assert "column headings and no rows" in self.upload(staff, b"name,cost\n").content.decode()

    def test_chosen_services_alone_are_handed_over(self, staff, service, next_door):
        publish(next_door, bare("Example alone"))
        answer = staff.post(listed("service"), {"action": "export_csv", "_selected_action": [str(service.pk)]})
        [row] = read_table(b"".join(answer), "services.csv").rows
        assert row["name"] == "Example counselling"
        assert AuditEvent.objects.get(action="directory.services_exported").details == {"rows": 1}

    def test_commands_show_first_and_write_only_for_staff_who_may(self, tmp_path, service, people, capsys):
        file = tmp_path / "services.xlsx"
        call_command("export_services", file)
        call_command("import_services", file)
        assert "0 new, 0 changed, 1 unchanged, 0 refused" in capsys.readouterr().out
        csv = tmp_path / "services.csv"
        call_command("export_services", csv)
        csv.write_bytes(csv.read_bytes().replace(b"somebody you can trust", b"a friendly person"))
        call_command("import_services", csv)
        assert "In one line: Talking with somebody" in capsys.readouterr().out
        with pytest.raises(CommandError, match="--by EMAIL"):
            call_command("import_services", csv, "--write", "--by", people.trainer.email)
        assert Service.objects.get().version == 1
        call_command("import_services", csv, "--write", "--by", people.staff.email)
        assert Service.objects.get().summary == "Talking with a friendly person."


class TestOrganisations:
    def test_what_is_said_of_an_organisation_moves_into_its_services(self, staff, service, together):
        profile = Profile.objects.get()
        before = FeedService.objects.get().whole
        form = {"description": "We help families in Hackney.", "website": "https://together.example.org/", "email": ""}
        answer = staff.post(url(profile), form)
        assert answer.status_code == 302, answer.content.decode()
        profile.refresh_from_db()
        assert profile.description == "We help families in Hackney."
        assert FeedService.objects.get().whole != before
        assert AuditEvent.objects.filter(action="directory.profile_changed").exists()
        looped = staff.post(url(profile), form | {"parent": together.pk}).content.decode()
        assert "cannot be part of itself" in looped

    def test_a_number_is_one_organisations(self, staff, together, next_door):
        form = {"scheme": "gb-chc", "identifier_type": "Charity number", "identifier": "123 456"}
        add = listed("organisationidentifier", "add")
        staff.post(add, form | {"organisation": together.pk})
        kept = OrganisationIdentifier.objects.get()
        assert (kept.scheme, kept.identifier) == ("GB-CHC", "123456")
        page = staff.post(add, form | {"organisation": next_door.pk}).content.decode()
        assert "Example Families Together has this number already" in page
        assert OrganisationIdentifier.objects.count() == 1
        confirm(staff, url(kept, "remove"))
        assert not OrganisationIdentifier.objects.exists()

    def test_an_organisation_with_public_services_is_not_taken_out(self, staff, service):
        profile = Profile.objects.get()
        assert "has services the public reads" in confirm(staff, url(profile, "remove")).content.decode()
        withdraw_service(service=service, by=None, now=timezone.now())
        confirm(staff, url(profile, "remove"))
        assert not Profile.objects.exists()

    def test_the_keeper_is_active_staff_who_may(self, staff, people, editor):
        page = confirm(staff, listed("keeper", "name"), user=editor.pk)
        assert not Keeper.objects.exists() and page.status_code == 200
        confirm(staff, listed("keeper", "name"), user=people.staff.pk)
        confirm(staff, listed("keeper", "name"), user=people.admin.pk)
        assert Keeper.objects.get().user == people.admin


class TestDuplicates:
    @pytest.fixture
    def pair(self, together, next_door):
        phones = (PhoneLine("020 7946 0001"),)
        publish(together, entry("Bereavement counselling", phones=phones))
        publish(next_door, entry("Bereavement counselling service", phones=phones, alert="<b>Closed</b>"))
        look_for_lookalikes(by=None, now=timezone.now())
        return Lookalike.objects.get()

    def test_both_entries_stand_beside_each_other_with_the_reasons(self, staff, pair):
        assert "The same phone number" in staff.get(listed("lookalike")).content.decode()
        page = staff.get(url(pair)).content.decode()
        assert "Example Families Together" in page and "Example Next Door" in page
        assert "&lt;b&gt;Closed&lt;/b&gt;" in page and "<b>Closed" not in page

    def test_staff_choose_field_by_field_and_keep_one(self, staff, pair):
        keep, other = pair.first, pair.second
        page = staff.get(url(pair, "keep-first"))
        form = page.context["form"]
        typed = {name: str(form.get_initial_for_field(field, name)) for name, field in form.fields.items()}
        stale = confirm(staff, url(pair, "keep-first"), **typed | {"other_version": "99"}).content.decode()
        assert "changed since you looked" in stale
        confirm(staff, url(pair, "keep-first"), **typed | {"name": "other"})
        keep.refresh_from_db()
        assert (keep.name, keep.state) == (other.name, "published")
        assert Service.objects.get(pk=other.pk).merged_into == keep
        assert not Lookalike.objects.exists()

    def test_two_that_are_two_are_not_listed_again(self, staff, pair):
        confirm(staff, url(pair, "are-two"))
        confirm(staff, listed("lookalike", "look-again"))
        assert not Lookalike.objects.exists()
        assert Service.objects.published().count() == 2


def test_the_desk_shows_what_waits_and_what_needs_somebody(staff, service, editor, next_door):
    propose(service, editor, summary="New.")
    long_ago = timezone.now() - timedelta(days=200)
    publish(next_door, bare("Example alone"), now=long_ago, verified=long_ago)
    page = staff.get(reverse("admin:index")).content.decode()
    assert "Changes to services" in page and "Example counselling, Example Families Together" in page
    assert "1 service shown as unverified" in page and "1 service with nobody to edit it" in page

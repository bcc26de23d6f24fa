"""Files, organisations and duplicates on the staff pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from chatr.audit.models import AuditEvent
from chatr.spreadsheets.reading import read_table

from ..models import (
    FeedService,
    Keeper,
    Lookalike,
    OrganisationIdentifier,
    Profile,
    Service,
)
from ..operations.duplicates import look_for_lookalikes
from ..operations.services import withdraw_service
from ..rules.entries import PhoneLine
from .making import bare, entry, publish, put_postcode
from .staffing import confirm, listed, url

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

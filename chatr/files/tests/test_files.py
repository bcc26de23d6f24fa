import hashlib
import io
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django import forms
from django.core.files.storage import InMemoryStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from openpyxl import Workbook

from chatr.audit.models import AuditEvent
from chatr.files import operations, rules, storage
from chatr.files.forms import PrivateFileField
from chatr.files.models import FileBytes, PrivateFile
from chatr.files.privacy import export_for
from chatr.files.retention import remove_ended_files
from chatr.files.rules import CannotStore

NOW = datetime(2027, 1, 14, 12, tzinfo=UTC)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook() -> bytes:
    data = io.BytesIO()
    Workbook().save(data)
    return data.getvalue()


@pytest.fixture(autouse=True)
def plan(monkeypatch):
    """The only kind of file: a plan, which is read by whoever put it in."""
    monkeypatch.setattr(rules, "_kinds", {})
    return rules.register_kind(
        "plan",
        ["application/pdf", "text/csv", "text/plain", EXCEL],
        100_000,
        may_read=lambda user, file: file.uploaded_by_id == user.pk,
    )


@pytest.fixture
def file(people):
    return operations.store(kind="plan", name="Plan for Éva.pdf", data=PDF, by=people.person, now=NOW)


@pytest.fixture
def in_a_bucket(settings, monkeypatch):
    settings.FILES_S3_BUCKET = "private"
    kept = InMemoryStorage()
    monkeypatch.setattr(storage, "bucket", lambda: kept)
    return kept


# Putting in


def test_store_keeps_the_bytes_in_the_database_and_says_what_they_are(file, people):
    file.refresh_from_db()
    assert (file.name, file.content_type, file.size) == ("Plan for Éva.pdf", "application/pdf", len(PDF))
    assert file.sha256 == hashlib.sha256(PDF).hexdigest()
    assert bytes(file.held.data) == PDF
    event = AuditEvent.objects.about(file).get()
    assert (event.action, event.actor_id, event.details) == (
        "files.stored",
        people.person.pk,
        {"kind": "plan", "size": len(PDF)},
    )


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("A.PDF", PDF, "application/pdf"),
        ("a.xlsx", workbook(), EXCEL),
        ("a.csv", "name\nÉva\n".encode(), "text/csv"),
        ("a.csv", "name\nÉva\n".encode("cp1252"), "text/csv"),
        ("a.txt", b"hello", "text/plain"),
        ("a.txt", b"<script>alert(1)</script>", "text/plain"),
    ],
)
def test_the_type_is_what_the_content_says(plan, name, data, content_type):
    assert rules.check(plan, name, data) == content_type


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", PDF + b"x" * 100_000, "smaller than 98 KB"),
        ("a.png", PNG, "must be one of these: PDF, Excel (.xlsx), CSV or plain text."),
        ("a.pdf", PNG, "must be one of these"),
        ("a.txt", PDF, "its name must end in .pdf."),
        ("a.pdf", b"hello", "must be one of these"),
        ("a.html", b"<html>", "must be one of these"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "must be one of these"),
        ("a.csv", b"a,b\x00c", "must be one of these"),
        ("a.exe", b"MZ\x90\x00" + b"\x00" * 60, "must be one of these"),
        ("a.csv", b"PK\x03\x04" + b"\x00" * 60, "must be one of these"),
    ],
)
def test_what_can_not_be_taken_is_said_plainly_and_leaves_nothing_behind(people, name, data, said):
    with pytest.raises(CannotStore) as refusal:
        operations.store(kind="plan", name=name, data=data, by=people.person, now=NOW)
    assert said in str(refusal.value)
    assert not PrivateFile.objects.exists()


def test_a_file_exactly_at_the_limit_is_taken(plan):
    assert rules.check(plan, "a.txt", b"x" * 100_000) == "text/plain"


def test_a_kind_can_not_allow_more_than_the_portal_or_a_type_nobody_can_tell(settings):
    settings.FILES_MAX_BYTES = 1000
    assert rules.register_kind("big", ["text/plain"], 10_000, may_read=lambda user, file: True).max_bytes == 1000
    for types in ([], ["text/html"]):
        with pytest.raises(ValueError, match="told by their content"):
            rules.register_kind("page", types, 1000, may_read=lambda user, file: True)


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        (r"C:\plans\plan.pdf", "plan.pdf"),
        ("plan\u202efdp.exe", "planfdp.exe"),
        ('a"b\r\nX: y.pdf', "abX y.pdf"),
        ("...", "file"),
        ("x" * 200 + ".pdf", "x" * 146 + ".pdf"),
        ("Plan for Éva.pdf", "Plan for Éva.pdf"),
    ],
)
def test_names_are_kept_as_people_write_them_without_tricks(name, tidy):
    assert rules.tidy_name(name) == tidy


# Reading


def test_who_may_read_gets_an_attachment_nothing_can_run_in(client, sign_in, people, file):
    response = sign_in(client, people.person).get(f"/files/{file.pk}/")
    assert response.content == PDF
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Plan%20for%20%C3%89va.pdf"
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox"
    assert response["Cache-Control"] == "private, no-store"
    read = AuditEvent.objects.filter(action="files.read").get()
    assert (read.object_id, read.actor_id) == (str(file.pk), people.person.pk)


@pytest.mark.parametrize("who", ["colleague", "neighbour", "admin"])
def test_to_anybody_else_it_does_not_exist(client, sign_in, people, file, who):
    assert sign_in(client, getattr(people, who)).get(f"/files/{file.pk}/").status_code == 404
    assert not AuditEvent.objects.filter(action="files.read").exists()


def test_a_visitor_is_asked_to_sign_in(client, file):
    response = client.get(f"/files/{file.pk}/")
    assert response.status_code == 302 and response["Location"].startswith("/accounts/login/")


def test_a_file_nobody_put_in_is_not_found(client, sign_in, people):
    assert sign_in(client, people.person).get(f"/files/{uuid4()}/").status_code == 404


def test_a_kind_nobody_registers_any_more_is_read_by_nobody(client, sign_in, people, file, monkeypatch):
    monkeypatch.setattr(rules, "_kinds", {})
    assert sign_in(client, people.person).get(f"/files/{file.pk}/").status_code == 404


def test_a_file_is_read_and_never_changed_by_its_address(client, sign_in, people, file):
    assert sign_in(client, people.person).post(f"/files/{file.pk}/").status_code == 405


def test_listing_files_never_loads_what_they_hold(file, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        list(PrivateFile.objects.all())
    assert "data" not in queries.captured_queries[0]["sql"]


# Removing


def test_remove_takes_the_bytes_too(file, people):
    operations.remove(file=file, by=people.person)
    assert not PrivateFile.objects.exists()
    assert not FileBytes.objects.exists()
    assert AuditEvent.objects.filter(action="files.removed").count() == 1


def test_files_go_after_their_last_day_and_not_on_it(people):
    def put_in(keep_until):
        return operations.store(kind="plan", name="a.txt", data=b"x", by=people.person, now=NOW, keep_until=keep_until)

    put_in(date(2027, 1, 13))
    kept = [put_in(date(2027, 1, 14)), put_in(None)]
    assert remove_ended_files(NOW) == 1
    assert set(PrivateFile.objects.all()) == set(kept)
    assert remove_ended_files(NOW) == 0
    assert remove_ended_files(NOW + timedelta(days=1)) == 1


def test_export_names_the_persons_own_files(file, people):
    assert [each["name"] for each in export_for(people.person)["files you put in"]] == ["Plan for Éva.pdf"]
    assert export_for(people.colleague) == {}


# In a bucket


def test_with_a_bucket_the_database_holds_no_bytes(in_a_bucket, file, people, client, sign_in):
    assert file.bucket_key == f"plan/{file.pk}"
    assert in_a_bucket.open(file.bucket_key).read() == PDF
    assert not FileBytes.objects.exists()
    assert sign_in(client, people.person).get(f"/files/{file.pk}/").content == PDF


def test_a_file_leaves_the_bucket_once_its_removal_is_certain(
    in_a_bucket, file, people, django_capture_on_commit_callbacks
):
    key = file.bucket_key
    with django_capture_on_commit_callbacks(execute=True):
        operations.remove(file=file, by=people.person)
        assert in_a_bucket.exists(key)
    assert not in_a_bucket.exists(key)


def test_files_put_in_before_the_bucket_are_still_read(file, people, in_a_bucket, client, sign_in):
    assert sign_in(client, people.person).get(f"/files/{file.pk}/").content == PDF


# The field


class Form(forms.Form):
    def __init__(self, *args):
        super().__init__(*args)
        self.fields["plan"] = PrivateFileField("plan")


def test_the_field_says_what_it_takes_and_refuses_plainly():
    assert Form().fields["plan"].help_text == "PDF, Excel (.xlsx), CSV or plain text, up to 98 KB."
    assert 'accept=".pdf,.xlsx,.csv,.txt"' in str(Form()["plan"])
    for upload, said in (
        (None, "Select a file."),
        (SimpleUploadedFile("a.pdf", b""), "The selected file is empty."),
        (SimpleUploadedFile("a.pdf", PNG), "The selected file must be one of these"),
        (SimpleUploadedFile("a.txt", b"x" * 200_000), "must be smaller than 98 KB"),
    ):
        form = Form({}, {"plan": upload} if upload else {})
        assert said in form.errors["plan"][0]


def test_the_field_hands_over_the_whole_file():
    form = Form({}, {"plan": SimpleUploadedFile("a.pdf", PDF)})
    assert form.is_valid()
    assert form.cleaned_data["plan"].read() == PDF


def test_the_table_keeps_bytes_as_bytes(file):
    with connection.cursor() as cursor:
        cursor.execute("SELECT data = %s FROM files_filebytes", [PDF])
        assert cursor.fetchone() == (True,)

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test.utils import isolate_apps

from chatr.audit.models import AuditEvent
from chatr.database.grants import grant_rights
from chatr.encryption import operations
from chatr.encryption.fields import CannotDecrypt, EncryptedTextField
from chatr.encryption.keys import check_keys

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def needs(db, as_owner, settings, monkeypatch):
    """A table with an encrypted field, for this test alone."""
    settings.FIELD_KEYS = [OLD]
    with isolate_apps("chatr.encryption"):

        class Need(models.Model):
            text = EncryptedTextField(null=True, blank=True)

            class Meta:
                app_label = "encryption"

            def __str__(self):
                return f"need {self.pk}"

    with as_owner(), connection.schema_editor() as editor:
        editor.create_model(Need)
        grant_rights(connection, settings.APP_DATABASE_ROLE)
    monkeypatch.setattr(operations, "encrypted_fields", lambda: [Need._meta.get_field("text")])
    monkeypatch.setattr(
        "chatr.encryption.management.commands.rotate_field_keys.encrypted_fields", operations.encrypted_fields
    )
    return Need


def stored(need) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM encryption_need WHERE id = %s", [need.pk])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("text", ["a wheelchair space", "Éva’s hearing loop\nand a quiet room"])
def test_text_comes_back_as_written_and_is_unreadable_in_the_database(needs, text):
    need = needs.objects.create(text=text)
    assert needs.objects.get().text == text
    assert text not in stored(need)
    assert stored(need) != stored(needs.objects.create(text=text))


@pytest.mark.parametrize("text", [None, ""])
def test_nothing_is_stored_as_nothing(needs, text):
    need = needs.objects.create(text=text)
    assert needs.objects.get().text == text
    assert stored(need) == text


def test_update_encrypts_too(needs):
    need = needs.objects.create(text="halal")
    needs.objects.update(text="vegan")
    assert needs.objects.get().text == "vegan"
    assert "vegan" not in stored(need)


@pytest.mark.parametrize("lookup", ["text", "text__contains", "text__in", "text__gt", "text__length"])
def test_it_can_be_asked_whether_it_is_null_and_nothing_else(needs, lookup):
    needs.objects.create(text="halal")
    needs.objects.create(text=None)
    assert needs.objects.filter(text__isnull=True).count() == 1
    with pytest.raises(FieldError, match="encrypted"):
        needs.objects.filter(**{lookup: ["halal"] if lookup.endswith("in") else "halal"})


def test_an_older_key_still_opens_what_it_wrote(needs, settings):
    needs.objects.create(text="halal")
    settings.FIELD_KEYS = [NEW, OLD]
    assert needs.objects.get().text == "halal"


def test_a_missing_key_says_which_field_and_what_to_do_and_never_the_value(needs, settings):
    need = needs.objects.create(text="halal")
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(CannotDecrypt, match=r"No key in FIELD_KEYS decrypts encryption\.Need\.text") as problem:
        needs.objects.get()
    assert stored(need) not in str(problem.value)


def test_rotation_lets_the_old_key_go(needs, settings, capsys, monkeypatch):
    monkeypatch.setattr(operations, "BATCH", 2)
    texts = ["halal", "step-free", "a quiet room", "", None]
    for text in texts:
        needs.objects.create(text=text)
    settings.FIELD_KEYS = [NEW, OLD]
    needs.objects.create(text="written with the new key")
    call_command("rotate_field_keys")
    assert "encryption.Need.text: 3 values rotated" in capsys.readouterr().out
    settings.FIELD_KEYS = [NEW]
    assert [need.text for need in needs.objects.order_by("pk")] == [*texts, "written with the new key"]
    events = AuditEvent.objects.filter(action="encryption.keys_rotated").order_by("id")
    assert [event.details["values"] for event in events] == [2, 1]


def test_rotation_again_changes_nothing(needs, settings):
    need = needs.objects.create(text="halal")
    before = stored(need)
    assert operations.rotate(needs._meta.get_field("text")) == 0
    assert stored(need) == before


def test_rotation_without_the_key_is_refused_plainly(needs, settings):
    needs.objects.create(text="halal")
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(CommandError, match="No key in FIELD_KEYS"):
        call_command("rotate_field_keys")


@pytest.mark.parametrize("keys", [["short"], [NEW, "not a key"], [""]])
def test_a_key_that_is_none_stops_the_portal(settings, keys):
    settings.FIELD_KEYS = keys
    assert [problem.id for problem in check_keys()] == ["encryption.E001"]
    settings.FIELD_KEYS = [NEW, OLD]
    assert check_keys() == []

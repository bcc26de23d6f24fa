"""A new encryption key reaches what is behind the walls, signed and sealed, and every wall stands as before."""

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from chatr.database.acting import acting_as
from chatr.encryption import operations
from chatr.encryption.fields import CannotDecrypt

from ..models import Amendment, Block, ChildDetails, Conference, Person, Section, SectionKind
from .making import NOW, make_relative

pytestmark = pytest.mark.django_db


@pytest.fixture
def old_key(settings) -> str:
    """What there is was written with it; a new one stands in front."""
    (old,) = settings.FIELD_KEYS
    return old


@pytest.fixture
def signed(cast, conference, old_key):
    make_relative(conference)
    with acting_as(cast.chair.pk):
        Block.objects.create(
            conference=conference,
            section=Section.objects.get(kind=SectionKind.FACTS),
            position=1,
            author_kind="chair",
            words="what was said",
            typed_by=cast.chair,
            typed_at=NOW,
            sealed_at=NOW,
        )
        Amendment.objects.create(
            conference=conference,
            number=1,
            object_type="block",
            object_id=conference.pk,
            field="words",
            reason="a slip",
            by=cast.chair,
            at=NOW,
        )
        Conference.objects.update(
            state="signed", signed_at=NOW, signed_by=cast.chair, held_on=NOW, content_sha256="x", quorate=True
        )
    return conference


def walls() -> list:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class"
            " WHERE relnamespace = 'conferences'::regnamespace AND relkind = 'r' ORDER BY 1"
        )
        tables = cursor.fetchall()
        cursor.execute("SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger ORDER BY 1, 2")
        return tables + cursor.fetchall()


def test_after_rotation_the_old_key_can_go_and_every_wall_stands(cast, signed, settings, old_key, as_owner, capsys):
    before = walls()
    new_key = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new_key, old_key]
    with as_owner():
        call_command("rotate_field_keys")
    said = capsys.readouterr().out
    assert "conferences.Block.words: 1 values rotated" in said
    assert "conferences.Amendment.reason: 1 values rotated" in said
    settings.FIELD_KEYS = [new_key]
    with acting_as(cast.chair.pk):
        assert Block.objects.get().words == "what was said"
        assert Amendment.objects.get().reason == "a slip"
        assert {details.name for details in ChildDetails.objects.all()} == {"ChildA1 Example", "ChildA2 Example"}
        assert "Rosa Example" in {person.name for person in Person.objects.all()}
    assert walls() == before
    with acting_as(cast.chair.pk), pytest.raises(DatabaseError), transaction.atomic():
        Block.objects.update(words="other words")


def test_the_app_role_alone_rotates_nothing_and_says_what_is_missing(signed, settings, old_key, app_role):
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), old_key]
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL"):
        call_command("rotate_field_keys")


def test_when_a_value_cannot_be_opened_nothing_of_its_table_changes(signed, settings, as_owner):
    before = walls()
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with as_owner(), pytest.raises(CannotDecrypt), transaction.atomic():
        operations.rotate(Block._meta.get_field("words"))
    assert walls() == before

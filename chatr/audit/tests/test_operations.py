import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.db.utils import IntegrityError

from chatr.audit import operations
from chatr.audit.models import AuditEvent

REFUSED = (IntegrityError, InternalError)


def test_record_says_who_did_what_to_which_record(people):
    event = operations.record("organisation.approved", people.organisation, by=people.staff, details={"members": 3})
    event.refresh_from_db()
    assert (event.action, event.actor_id, event.object_type, event.object_id, event.details) == (
        "organisation.approved",
        people.staff.pk,
        "accounts.organisation",
        str(people.organisation.pk),
        {"members": 3},
    )


def test_record_of_the_portal_itself_has_no_person_and_may_have_no_record(db):
    event = operations.record("retention.run", None, by=None)
    assert (event.actor_id, event.object_type, event.object_id, event.details) == (None, "", "", {})


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_refused_and_leaves_nothing_behind():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        operations.record("retention.run", None, by=None)
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_record_goes_when_the_operation_is_undone():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        operations.record("retention.run", None, by=None)
        1 / 0  # noqa: B018
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("details", [{"note": "x" * 201}, {"rows": [{"said": "x" * 201}]}])
def test_record_refuses_free_text(db, details):
    with pytest.raises(ValueError, match="not texts"):
        operations.record("booking.cancelled", None, by=None, details=details)
    operations.record("booking.cancelled", None, by=None, details={"code": "x" * 200})


def test_record_of_something_deleted_is_refused(people):
    grant = people.staff.role_grants.get()
    grant.delete()
    with pytest.raises(ValueError, match="no id"):
        operations.record("role.ended", grant, by=people.admin)


def test_queries_find_by_record_person_and_time_and_nothing_beside_it(people):
    mine = operations.record("a", people.organisation, by=people.person)
    theirs = operations.record("a", people.next_organisation, by=people.neighbour)
    assert list(AuditEvent.objects.about(people.organisation)) == [mine]
    assert list(AuditEvent.objects.by(people.neighbour)) == [theirs]
    assert list(AuditEvent.objects.between(mine.at, theirs.at)) == [mine]


CHANGES = (
    "UPDATE audit_auditevent SET action = 'forged'",
    "DELETE FROM audit_auditevent",
    "TRUNCATE audit_auditevent",
    "ALTER TABLE audit_auditevent DISABLE TRIGGER USER",
    "DROP TRIGGER append_only ON audit_auditevent",
)


@pytest.mark.parametrize("change", CHANGES)
def test_the_app_role_has_no_right_to_change_events(db, app_role, change):
    operations.record("a", None, by=None)
    with pytest.raises(ProgrammingError, match="permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(change)
    assert AuditEvent.objects.get().action == "a"


@pytest.mark.parametrize("change", CHANGES[:3])
def test_the_database_refuses_even_the_owner(db, as_owner, change):
    operations.record("a", None, by=None)
    with as_owner(), pytest.raises(REFUSED, match="append only"), transaction.atomic():
        connection.cursor().execute(change)
    assert AuditEvent.objects.get().action == "a"


def test_a_setting_does_not_switch_the_refusal_off(db, as_owner):
    operations.record("a", None, by=None)
    with as_owner(), pytest.raises(REFUSED, match="append only"), transaction.atomic():
        connection.cursor().execute("SELECT set_config('pgtrigger.ignore', '{append_only}', true)")
        AuditEvent.objects.update(action="forged")

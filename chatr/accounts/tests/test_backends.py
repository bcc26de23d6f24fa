"""How a session's person is loaded."""

import uuid

from django.utils import timezone

from chatr.accounts.backends import PersonBackend
from chatr.accounts.models import Role, RoleGrant, User


def test_a_person_and_what_they_may_do_are_one_query(people, django_assert_num_queries):
    for person in (people.person, people.trainer, people.staff, people.admin):
        expected = User.objects.get(pk=person.pk).permissions
        with django_assert_num_queries(1):
            assert PersonBackend().get_user(person.pk).permissions == expected


def test_several_roles_add_up_and_one_that_ended_counts_no_more(people):
    staff_only = PersonBackend().get_user(people.staff.pk).permissions
    grant = RoleGrant.objects.create(user=people.staff, role=Role.objects.get(code="trainer"))
    assert PersonBackend().get_user(people.staff.pk).permissions == staff_only | frozenset(grant.role.permissions)

    grant.ended_at = timezone.now()
    grant.save()
    assert PersonBackend().get_user(people.staff.pk).permissions == staff_only


def test_nobody_is_loaded_who_may_not_sign_in(people):
    people.person.is_active = False
    people.person.save()
    assert PersonBackend().get_user(people.person.pk) is None
    assert PersonBackend().get_user(uuid.uuid4()) is None

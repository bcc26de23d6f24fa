"""Accounts nobody proved are let go."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from chatr.accounts.models import User
from chatr.accounts.retention import forget_unproved_accounts
from chatr.testing.people import make_organisation, make_person

pytestmark = pytest.mark.django_db


def unproved(email: str, *args, **fields) -> User:
    user = make_person("P", email, *args)
    EmailAddress.objects.filter(user=user).update(verified=False)
    User.objects.filter(pk=user.pk).update(created_at=timezone.now() - timedelta(days=31), **fields)
    return user


def test_only_old_accounts_that_nobody_proved_used_or_vouched_for_go():
    gone = unproved("gone@x.example.org")
    kept = [
        make_person("Proved", "proved@x.example.org"),
        unproved("young@x.example.org"),
        unproved("used@x.example.org", last_login=timezone.now()),
        unproved("invited@x.example.org", invited_at=timezone.now()),
        unproved("member@x.example.org", make_organisation("Mill")),
        unproved("trainer@x.example.org", None, "trainer"),
    ]
    User.objects.filter(pk__in=[kept[0].pk]).update(created_at=timezone.now() - timedelta(days=99))
    User.objects.filter(pk=kept[1].pk).update(created_at=timezone.now() - timedelta(days=29))
    before = timezone.now() - timedelta(days=30)
    assert forget_unproved_accounts(before) == 1
    assert not User.objects.filter(pk=gone.pk).exists()
    assert User.objects.count() == len(kept)
    assert forget_unproved_accounts(before) == 0

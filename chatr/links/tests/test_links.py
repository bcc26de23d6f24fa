import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from chatr.links.models import UsedLink
from chatr.links.operations import LinkUsed, make, use
from chatr.links.queries import LinkEnded, LinkUnknown, read

NOW = datetime(2027, 1, 13, 10, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def token():
    return make("training.cannot-come", "booking-1", valid_until=LATER)


def test_reading_a_link_any_number_of_times_changes_nothing(db, token):
    assert [read("training.cannot-come", token, now=NOW) for _ in range(3)] == ["booking-1"] * 3
    assert not UsedLink.objects.exists()


def test_a_link_is_used_once(db, token):
    assert use("training.cannot-come", token, now=NOW) == "booking-1"
    with pytest.raises(LinkUsed) as refusal:
        use("training.cannot-come", token, now=NOW + timedelta(hours=1))
    assert refusal.value.used_at == NOW
    assert UsedLink.objects.count() == 1
    assert read("training.cannot-come", token, now=NOW) == "booking-1"


def test_using_one_link_leaves_another_about_the_same_subject(db, token):
    other = make("training.cannot-come", "booking-1", valid_until=LATER)
    use("training.cannot-come", token, now=NOW)
    assert use("training.cannot-come", other, now=NOW) == "booking-1"


def test_a_link_works_until_its_time_is_over(db, token):
    assert read("training.cannot-come", token, now=LATER - timedelta(seconds=1)) == "booking-1"
    for function in (read, use):
        with pytest.raises(LinkEnded):
            function("training.cannot-come", token, now=LATER)
    assert not UsedLink.objects.exists()


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: "x" + t, lambda t: "", lambda t: t.swapcase()])
def test_a_link_cut_short_or_changed_is_unknown(db, token, spoil):
    for function in (read, use):
        with pytest.raises(LinkUnknown):
            function("training.cannot-come", spoil(token), now=NOW)


def test_a_link_for_one_purpose_is_unknown_to_another(db, token):
    with pytest.raises(LinkUnknown):
        use("training.offer", token, now=NOW)


def test_a_link_signed_with_another_secret_is_unknown(db, token, settings):
    settings.SECRET_KEY = "another-secret-key-of-this-portal-0123456789"
    with pytest.raises(LinkUnknown):
        read("training.cannot-come", token, now=NOW)


def test_the_token_itself_is_not_kept(db, token):
    use("training.cannot-come", token, now=NOW)
    row = UsedLink.objects.values().get()
    assert token not in str(row)
    assert row["token_digest"] == hashlib.sha256(token.encode()).hexdigest()


@pytest.mark.django_db(transaction=True)
def test_a_refused_operation_leaves_the_link_unused(token):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        use("training.cannot-come", token, now=NOW)
        1 / 0  # noqa: B018
    assert use("training.cannot-come", token, now=NOW) == "booking-1"


@pytest.mark.django_db(transaction=True)
def test_of_eight_people_at_once_one_uses_the_link(token, run_threads):
    results = run_threads([lambda: use("training.cannot-come", token, now=NOW)] * 8)
    assert results.count("booking-1") == 1
    assert sum(isinstance(result, LinkUsed) for result in results) == 7

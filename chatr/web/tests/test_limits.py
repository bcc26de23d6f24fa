"""Counting tries by address without keeping one."""

import pytest
from django.core.cache import cache

from ..limits import allows


@pytest.fixture
def ask(rf):
    def ask(address: str, what: str = "example") -> bool:
        return allows(rf.post("/", REMOTE_ADDR=address), what, times=2, seconds=60)

    return ask


def test_the_third_try_of_two_is_refused_and_the_next_address_is_not(ask):
    assert [ask("192.0.2.1") for _ in range(3)] == [True, True, False]
    assert ask("192.0.2.2")


def test_one_thing_does_not_count_for_another(ask):
    assert [ask("192.0.2.1") for _ in range(3)][-1] is False
    assert ask("192.0.2.1", "another")


def test_one_household_is_one_visitor_and_the_next_household_another(ask):
    assert [ask(f"2001:db8:0:1::{n}") for n in range(1, 4)] == [True, True, False]
    assert ask("2001:db8:0:2::1")


def test_no_address_is_kept(ask, monkeypatch):
    kept = []
    monkeypatch.setattr(cache, "add", lambda key, value, timeout: kept.append((key, timeout)))
    ask("192.0.2.1")
    assert len(kept) == 1 and "192.0.2.1" not in kept[0][0] and kept[0][1] == 60

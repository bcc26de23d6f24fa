from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from chatr.audit.models import AuditEvent
from chatr.links.models import UsedLink
from chatr.retention import operations, rules
from chatr.retention.rules import RetentionRule, register
from chatr.retention.tasks import run_retention

NOW = datetime(2027, 3, 1, 3, tzinfo=UTC)


def forget(before):
    return UsedLink.objects.filter(valid_until__lt=before).delete()[0]


@pytest.fixture
def month(monkeypatch):
    """The only rule: used links are forgotten after 30 days."""
    monkeypatch.setattr(rules, "_rules", {})
    register(RetentionRule("used-links", "Used links", timedelta(days=30), forget))


@pytest.fixture
def links(db):
    """One link past its time, and one a second younger."""
    limit = NOW - timedelta(days=30)
    for name, valid_until in (("old", limit - timedelta(seconds=1)), ("kept", limit)):
        UsedLink.objects.create(purpose=name, token_digest=name, used_at=valid_until, valid_until=valid_until)


def test_what_is_past_its_time_goes_and_the_rest_stays(month, links):
    assert [purged.count for purged in operations.run(NOW)] == [1]
    assert list(UsedLink.objects.values_list("purpose", flat=True)) == ["kept"]
    assert AuditEvent.objects.get().details == {"rule": "used-links", "before": "2027-01-30T03:00:00Z", "count": 1}


def test_running_again_changes_nothing_and_writes_no_event(month, links):
    operations.run(NOW)
    assert [purged.count for purged in operations.run(NOW)] == [0]
    assert AuditEvent.objects.count() == 1


def test_a_dry_run_counts_and_keeps_everything(month, links):
    assert [purged.count for purged in operations.run(NOW, dry_run=True)] == [1]
    assert UsedLink.objects.count() == 2
    assert not AuditEvent.objects.exists()


def test_one_failing_rule_is_named_and_the_others_are_carried_out(month, links):
    def fail(before):
        UsedLink.objects.all().delete()
        raise ZeroDivisionError

    register(RetentionRule("broken", "Broken", timedelta(0), fail))
    with pytest.raises(operations.RetentionFailed, match=r"Not carried out: broken\."):
        operations.run(NOW)
    assert list(UsedLink.objects.values_list("purpose", flat=True)) == ["kept"]


def test_two_rules_of_one_code_are_refused(month):
    with pytest.raises(ValueError, match="two retention rules"):
        register(RetentionRule("used-links", "Others", timedelta(days=1), forget))


def test_the_command_says_what_went(month, links, capsys):
    call_command("run_retention", "--dry-run")
    assert "Used links, before" in (said := capsys.readouterr().out) and "would go" in said
    assert UsedLink.objects.count() == 2


def test_the_command_fails_when_a_rule_does(month, db):
    register(RetentionRule("broken", "Broken", timedelta(0), lambda before: 1 / 0))
    with pytest.raises(CommandError, match="broken"):
        call_command("run_retention")


def test_the_task_carries_out_the_rules_every_app_registered(links):
    assert "used-links" in {rule.code for rule in rules.every_rule()}
    UsedLink.objects.filter(purpose="old").update(valid_until="2020-01-01T00:00Z")
    run_retention()
    assert not UsedLink.objects.filter(purpose="old").exists()

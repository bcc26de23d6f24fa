"""Letting go of what is past its time."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chatr.audit.operations import record

from .rules import RetentionRule, every_rule

logger = logging.getLogger(__name__)


class RetentionFailed(Exception):
    """Which rules could not be carried out; the others were."""


@dataclass(frozen=True)
class Purged:
    """What one rule removed, or in a dry run would remove."""

    rule: RetentionRule
    before: datetime
    count: int


def run(now: datetime, *, dry_run: bool = False) -> list[Purged]:
    """Carry out every rule, each in a transaction of its own with its audit event. A dry run undoes everything.

    :raises RetentionFailed: after trying them all, naming those that failed
    """
    done, failed = [], []
    for rule in every_rule():
        try:
            done.append(_carry_out(rule, now, dry_run))
        except Exception:
            logger.exception("Retention rule %s failed", rule.code)
            failed.append(rule.code)
    if failed:
        raise RetentionFailed(f"Not carried out: {', '.join(failed)}.")
    return done


@transaction.atomic
def _carry_out(rule: RetentionRule, now: datetime, dry_run: bool) -> Purged:
    purged = Purged(rule, now - rule.keep_for, rule.purge(now - rule.keep_for))
    if dry_run:
        transaction.set_rollback(True)
    elif purged.count:
        details = {"rule": rule.code, "before": purged.before, "count": purged.count}
        record("retention.purged", None, by=None, details=details)
    return purged

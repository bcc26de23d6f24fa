from datetime import datetime, timedelta

from chatr.retention.rules import RetentionRule, register

from .models import UsedLink


def forget_ended_links(before: datetime) -> int:
    """A link past its time is refused anyway, so that it was used need not be remembered."""
    return UsedLink.objects.filter(valid_until__lt=before).delete()[0]


register(RetentionRule("used-links", "That a one-use link was used", timedelta(days=30), forget_ended_links))

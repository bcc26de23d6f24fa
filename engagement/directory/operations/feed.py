"""Writing what the Open Referral UK feed sends of one service."""

from datetime import date, datetime

from ..models import Service


def refresh(*, service: Service, verified_on: date | None, today: date, now: datetime) -> None:
    """Bring the feed's rows of a service in step with its entry; called by ``operations.listings.refresh``."""

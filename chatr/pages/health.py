"""Whether this process lives, and whether the portal as a whole can do its work. No secrets in either answer."""

from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection

from chatr.notifications import queries as notifications

BEAT_MAY_BE_SILENT = timedelta(minutes=5)
MAIL_MAY_WAIT = timedelta(minutes=15)


def readiness(now: datetime) -> dict:
    """A word for each part (``ok`` or what is wrong), seconds where they help, and ``ready`` for all of it."""
    found = {"database": _database(), "broker": _broker()}
    found |= _beat(now) if found["broker"] == "ok" else {"beat": "unknown", "beat_seconds": None}
    found |= _outbox(now) if found["database"] == "ok" else {"outbox": "unknown", "outbox_seconds": None}
    parts = ("database", "broker", "beat", "outbox")
    return {"ready": all(found[part] == "ok" for part in parts)} | found


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "down"
    return "ok"


def _broker() -> str:
    try:
        with redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=2, socket_connect_timeout=2) as broker:
            broker.ping()
    except (redis.RedisError, OSError):
        return "down"
    return "ok"


def _beat(now: datetime) -> dict:
    last = cache.get("beat:last")
    silent = now - datetime.fromisoformat(last) if last else None
    if silent is None:
        return {"beat": "not heard yet", "beat_seconds": None}
    state = "ok" if silent <= BEAT_MAY_BE_SILENT else "silent"
    return {"beat": state, "beat_seconds": round(silent.total_seconds())}


def _outbox(now: datetime) -> dict:
    oldest = notifications.oldest_due(now)
    waiting = now - oldest if oldest else timedelta(0)
    return {"outbox": "ok" if waiting <= MAIL_MAY_WAIT else "late", "outbox_seconds": round(waiting.total_seconds())}

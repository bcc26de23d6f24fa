"""What the portal's own processes need to know, and how one command tells another where the portal is running."""

import json
import os
from pathlib import Path

from .keys import write_private
from .places import STATIC_ROOT, VAR

LOCK = VAR / "lock"  # held by whoever runs the servers of this folder
GUESTS = VAR / "guests.lock"  # shared by those who use the servers another command started
NOTE = VAR / "run.json"  # means something only while LOCK is held
TOLD = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "SITE_URL",
    "SECRET_KEY",
    "FIELD_KEYS",
    "STATIC_ROOT",
)


def environment(addresses: dict[str, str], keys: dict[str, str], *, site_url: str, mail: str = "") -> dict[str, str]:
    """The environment of the portal's processes; what the person set always goes first."""
    ours = {
        "SITE_URL": site_url,
        "SECRET_KEY": keys["secret_key"],
        "FIELD_KEYS": keys["field_keys"],
        "STATIC_ROOT": str(STATIC_ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    if mail:
        ours["EMAIL_URL"] = mail
    given = {name: value for name, value in os.environ.items() if value}
    return ours | given | addresses | {"CHATR_VAR": str(VAR)}


def leave_note(path: Path, env: dict[str, str], **said: str) -> None:
    """Tell later commands how to join: the settings in use, and what the person was told."""
    kept = {name: env[name] for name in TOLD if name in env}
    write_private(path, json.dumps({"pid": os.getpid(), "environment": kept} | said, indent=2))


def read_note(path: Path) -> dict:
    """What the running command left; empty while it is still starting."""
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}

"""The passwords and keys of this checkout's own servers: made at random once, kept in var/secret.json for its owner."""

import base64
import json
import os
import secrets
from pathlib import Path

from .messages import Refusal
from .places import shown

NAMES = ("admin_password", "owner_password", "app_password", "valkey_password", "secret_key", "field_keys")


def read(folder: Path) -> dict[str, str]:
    """The keys kept in a folder, made first when there are none.

    :raises Refusal: when the file cannot be read as keys
    """
    path = folder / "secret.json"
    try:
        kept = json.loads(path.read_text())
        return {name: kept[name] for name in NAMES}
    except FileNotFoundError:
        pass
    except (ValueError, KeyError, TypeError):
        raise Refusal(
            f"{shown(path)} is damaged. Put back a copy, or delete {shown(folder)} to start afresh without its data."
        ) from None
    if (folder / "postgres").exists():
        raise Refusal(
            f"{shown(path)} is missing, and {shown(folder / 'postgres')} cannot be read without it. "
            f"Put back a copy, or delete {shown(folder)} to start afresh without its data."
        )
    made = {name: secrets.token_urlsafe(32) for name in NAMES}
    made["secret_key"] = secrets.token_urlsafe(64)
    made["field_keys"] = base64.urlsafe_b64encode(os.urandom(32)).decode()
    write_private(path, json.dumps(made, indent=2))
    return made


def write_private(path: Path, text: str) -> None:
    """Write a file only its owner can read; it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)

"""``script/lint``: form of code and templates, missing migrations, Django's own checks under production settings."""

import base64
import os
import re
import secrets
import subprocess

from . import installing
from .messages import say
from .places import PYTHON, ROOT
from .processes import Processes

NOWHERE = "postgres://nobody@127.0.0.1:1/none"  # these checks need no database, and must not find one by chance
SETTINGS_FILE = ROOT / "chatr" / "settings.py"
CHECKS = {
    "Code (ruff)": ["ruff", "check"],
    "Form (ruff format)": ["ruff", "format", "--check"],
    "Templates (djlint)": ["djlint", "templates", "--lint", "--quiet"],
}
DJANGO_CHECKS = {
    "Migrations": ["makemigrations", "--check", "--dry-run"],
    "Production settings": ["check", "--deploy", "--fail-level", "WARNING"],
}


def main(_arguments: list[str]) -> int:
    """1 when any check found something; each says what."""
    with Processes() as processes:
        installing.python_packages(processes, tests=True)
        failed = run_checks()
    say(f"Found something: {', '.join(failed)}." if failed else "Nothing found.")
    return 1 if failed else 0


def settings_read() -> set[str]:
    """The names of the variables the portal's settings read."""
    return set(re.findall(r'(?:env\.\w+|secret)\(\s*"([A-Z0-9_]+)"', SETTINGS_FILE.read_text()))


def without_settings() -> dict[str, str]:
    """The environment without those: a check or a test does not depend on what this terminal has set."""
    read = settings_read() | {"DJANGO_SETTINGS_MODULE"}
    return {name: value for name, value in os.environ.items() if name not in read}


def run_checks() -> list[str]:
    """Run every check and return the names of those that found something."""
    plain = without_settings()
    local = plain | {"DATABASE_URL": NOWHERE}
    production = local | {
        "SITE_URL": "https://portal.example.org",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "EMAIL_URL": "smtp+tls://mail.example.org:587",
        "BEHIND_PROXY": "on",
    }
    checks = [(name, [PYTHON, "-m", *rest], plain) for name, rest in CHECKS.items()]
    manage = [PYTHON, "-W", "ignore::RuntimeWarning", "manage.py"]
    for (name, rest), env in zip(DJANGO_CHECKS.items(), (local, production), strict=True):
        checks.append((name, [*manage, *rest], env))
    return [name for name, arguments, env in checks if not _passes(name, arguments, env)]


def _passes(name: str, arguments: list, env: dict[str, str]) -> bool:
    result = subprocess.run(arguments, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode:
        say(f"{name}:\n{result.stdout.strip()}\n")
    return result.returncode == 0

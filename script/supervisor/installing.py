"""Everything a fresh checkout needs, installed once and again only when what it was made from has changed."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import locks
from .messages import Refusal, say
from .places import PYTHON, ROOT, SCRIPT, SHARED, STATIC_BUILT, STATIC_ROOT, VENV, shown
from .processes import Processes

REQUIREMENTS = ROOT / "requirements.txt"
TEST_REQUIREMENTS = SCRIPT / "requirements-test.txt"
NODE_REQUIREMENTS = SCRIPT / "requirements-node.txt"
ONLINE = "If this machine is offline, connect it and try again."
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
APT = ["apt-get", "-o", "DPkg::Lock::Timeout=300"]
AREAS = ("chatr", "training", "conferences", "engagement")
OLDEST_NODE = 18


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two commands of one checkout never install at once."""
    waiting = "Waiting for another command of this checkout to finish installing …"
    with locks.held(SHARED / "setup.lock", wait_saying=waiting):
        yield


def python_packages(processes: Processes, *, tests: bool = False) -> None:
    """The virtual environment with the pinned packages, and with the heavier tools of the tests when asked."""
    wanted = [REQUIREMENTS] + ([TEST_REQUIREMENTS] if tests else [])
    with one_at_a_time():
        if not PYTHON.exists() or _not_installed(wanted):
            _virtual_environment(processes)
            _pip_install(processes, wanted)


def front_end(processes: Processes) -> None:
    """The look: style sheets and scripts built into static/built/ from package.json and static/src/."""
    packages = [ROOT / "package.json", ROOT / "package-lock.json"]
    modules = ROOT / "node_modules"
    with one_at_a_time():
        installed, built = digest(*packages), digest(*packages, ROOT / "static" / "src")
        if is_current(modules, installed) and is_current(STATIC_BUILT, built):
            return
        env = _with_node(processes)
        if not is_current(modules, installed):
            say("Installing the front-end packages …")
            ci = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            processes.run("install the front-end packages with npm", ci, log_name="npm", env=env, advice=ONLINE)
            mark(modules, installed)
        say("Building the style sheets and scripts …")
        build = ["npm", "run", "build"]
        processes.run("build the style sheets and scripts", build, log_name="front-end", env=env)
        mark(STATIC_BUILT, built)


def static_files(processes: Processes, env: dict[str, str]) -> None:
    """Everything the web process serves, under hashed names in var/static/."""
    apps = [folder for area in AREAS for folder in (ROOT / area).rglob("static")]
    with one_at_a_time():
        collected = digest(REQUIREMENTS, STATIC_BUILT, *apps)
        if is_current(STATIC_ROOT, collected):
            return
        say("Gathering the static files …")
        command = [PYTHON, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        processes.run("gather the static files", command, log_name="collectstatic", env=env)
        mark(STATIC_ROOT, collected)


def chromium(processes: Processes) -> str | None:
    """A browser for the browser tests: CHROMIUM, or one on the PATH, or Debian's when we are root."""
    if given := os.environ.get("CHROMIUM"):
        return given
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium for the browser tests …")
        try:
            _apt_install(processes, "chromium")
        except Refusal as refusal:
            say(str(refusal))
        found = shutil.which("chromium")
    return found


# Marks: what a folder was made from, kept inside it so that the two go together


def digest(*sources: Path) -> str:
    """A fingerprint of files and of everything in folders; marks and compiled Python do not count."""
    total = hashlib.sha256(sys.version.encode())
    for source in sources:
        files = sorted(source.rglob("*")) if source.is_dir() else [source]
        for file in files:
            if file.is_file() and file.name != MARK and file.suffix != ".pyc":
                total.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return total.hexdigest()


MARK = ".made-from"


def is_current(folder: Path, made_from: str, name: str = MARK) -> bool:
    """Whether a folder was made, to the end, from just this."""
    try:
        return (folder / name).read_text() == made_from
    except OSError:
        return False


def mark(folder: Path, made_from: str, name: str = MARK) -> None:
    """Say what a folder was made from, as the last step of making it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(made_from)


# Python


def _virtual_environment(processes: Processes) -> None:
    if PYTHON.exists() and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return
    if subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True).returncode:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise Refusal(f"Python's venv module is missing. Have it installed first: apt-get install {package}")
        say("Installing Python's venv module …")
        _apt_install(processes, package)
    say("Making the virtual environment …")
    venv = [sys.executable, "-m", "venv", "--clear", VENV]
    processes.run("make the virtual environment", venv, log_name="venv")


def _not_installed(files: list[Path]) -> list[Path]:
    return [file for file in files if not is_current(VENV, digest(file), f"{MARK}-{file.stem}")]


def _pip_install(processes: Processes, files: list[Path]) -> None:
    missing = _not_installed(files)
    if not missing:
        return
    say(f"Installing the Python packages of {' and '.join(shown(file) for file in missing)} …")
    # Python compiles what is used when it is first used; all of it at once takes as long as the rest of installing.
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--no-compile", "--disable-pip-version-check"]
    requirements = [part for file in missing for part in ("--requirement", file)]
    command = [*pip, *requirements]
    processes.run("install the Python packages with pip", command, log_name="pip", advice=ONLINE)
    for file in missing:
        mark(VENV, digest(file), f"{MARK}-{file.stem}")


# Node and Debian packages


def _with_node(processes: Processes) -> dict[str, str]:
    """An environment whose PATH has Node and npm: the system's when new enough, else from a wheel."""
    env = dict(os.environ)
    if shutil.which("npm") and (node := shutil.which("node")):
        version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
        if version[1:].split(".")[0].isdecimal() and int(version[1:].split(".")[0]) >= OLDEST_NODE:
            return env
    _pip_install(processes, [NODE_REQUIREMENTS])
    return env | {"PATH": f"{VENV / 'bin'}:{env.get('PATH', '')}"}


def _apt_install(processes: Processes, package: str) -> None:
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = [*APT, "install", "--yes", "--no-install-recommends", package]
    for command in ([*APT, "update"], install):
        processes.run(f"install {package} with apt-get", command, log_name="apt-get", env=env, advice=ONLINE)

"""Commands to run and ports to run them on."""

import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from commands import Command  # noqa: E402
from supervisor import ports  # noqa: E402


@pytest.fixture
def command(tmp_path):
    """Starts one of our commands under a ``var/`` of this test; what is left at the end is ended."""
    started = []

    def start(*arguments: str, **env: str) -> Command:
        one = Command(tmp_path / "var", *arguments, **env)
        started.append(one)
        return one

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.terminate()
            one.end()


@pytest.fixture
def port() -> int:
    """A port nobody listens on."""
    return ports.free_port()

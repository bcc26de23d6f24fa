"""Our commands as real processes, each with a ``var/`` of its own beside whatever else runs in this checkout."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

from supervisor import stack

SCRIPT = Path(__file__).resolve().parents[1]


def plain_environment() -> dict[str, str]:
    """The environment without what names servers and settings of the run we are tested in."""
    return {name: value for name, value in os.environ.items() if name not in stack.TOLD}


def processes_of(var: Path) -> dict[int, str]:
    """Every living process of this ``var/``: told of it in its environment or, like the servers, at work in it."""
    found = {}
    for process in Path("/proc").iterdir():
        try:
            told = f"CHATR_VAR={var}\0".encode() in (process / "environ").read_bytes()
            at_work_there = (process / "cwd").readlink().is_relative_to(var)
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if command and (told or at_work_there):
            found[int(process.name)] = command
    return found


class Command:
    """One of our commands with a ``var/`` of its own, and everything it has said so far."""

    def __init__(self, var: Path, *arguments: str, **env: str):
        self.var = var
        self.said = ""
        self.process = subprocess.Popen(
            [SCRIPT / arguments[0], *arguments[1:]],
            env=plain_environment() | {"CHATR_VAR": str(var)} | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._listen, daemon=True)
        self.reader.start()

    def _listen(self) -> None:
        for line in self.process.stdout:
            self.said += line

    def wait_for(self, words: str, seconds: float = 90) -> None:
        """Wait until it has said this."""
        deadline = time.monotonic() + seconds
        while words not in self.said:
            assert self.process.poll() is None, f"it ended: {self.said}"
            assert time.monotonic() < deadline, f"not said: {words!r} in {self.said}"
            time.sleep(0.05)

    def end(self, seconds: float = 60) -> int:
        """Wait until it has ended and return its exit code."""
        code = self.process.wait(seconds)
        self.reader.join(5)
        return code

    def kill(self, part_of_command: str) -> None:
        """``kill -9`` the first process whose command line has this in it."""
        pid = min(pid for pid, command in processes_of(self.var).items() if part_of_command in command)
        os.kill(pid, signal.SIGKILL)

    def left_after(self, seconds: float) -> dict[int, str]:
        """What is still there once it has had this long to go."""
        deadline = time.monotonic() + seconds
        while (left := processes_of(self.var)) and time.monotonic() < deadline:
            time.sleep(0.1)
        return left

"""Network ports of this machine: which are free, and who has the one that is not."""

import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from .messages import Refusal
from .places import VAR

LOOPBACKS = {"127.0.0.1": socket.AF_INET, "::1": socket.AF_INET6}


@dataclass(frozen=True)
class Holder:
    pid: int
    command: str
    ours: bool  # started by a command of ours that uses the same var/


def loopbacks() -> list[str]:
    """The loopback addresses this machine has; ``localhost`` may mean either."""
    return [address for address in LOOPBACKS if _can_bind(address, 0)]


def _can_bind(address: str, port: int) -> bool:
    try:
        with socket.socket(LOOPBACKS[address]) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
            return True
    except OSError:
        return False


def is_free(port: int) -> bool:
    """Whether we could listen on this port at every loopback address."""
    return all(_can_bind(address, port) for address in loopbacks())


def free_port(wanted: int | None = None) -> int:
    """The wanted port when it is free, else any that is."""
    if wanted and is_free(wanted):
        return wanted
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wanted() -> int:
    """The port the portal is asked to listen on: PORT, or 8000.

    :raises Refusal: when PORT is not a usable port number
    """
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 1 <= int(given) <= 65535:
        raise Refusal(f"PORT must be a number from 1 to 65535, not {given!r}.")
    if int(given) < 1024 and os.geteuid() != 0:
        raise Refusal(f"Only root may listen on port {given}. Choose one from 1024 up: PORT=8000 script/run")
    return int(given)


def refuse_if_taken(port: int) -> None:
    """:raises Refusal: naming who has the port, and one that is free"""
    deadline = time.monotonic() + 5
    while not is_free(port):
        holder = holder_of(port)
        # A portal of this folder that was killed a moment ago is still on its way out; at the very end it holds the
        # port and can no longer be seen.
        if (holder is None or holder.ours) and time.monotonic() < deadline:
            time.sleep(0.2)
            continue
        who = f"process {holder.pid} ({holder.command})" if holder else "another program"
        other = next((one for one in range(port + 1, min(port + 200, 65535)) if is_free(one)), 8000)
        raise Refusal(f"Port {port} is taken by {who}. Stop it, or use another port: PORT={other} script/run")


def holder_of(port: int) -> Holder | None:
    """The process listening on a port, when we are allowed to see it."""
    sockets = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = [line.split() for line in Path(table).read_text().splitlines()[1:]]
        except OSError:
            continue
        sockets |= {
            f"socket:[{row[9]}]" for row in rows if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port
        }
    for process in Path("/proc").iterdir():
        if process.name.isdecimal() and _has_open(process, sockets):
            try:
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                ours = f"CHATR_VAR={VAR}\0".encode() in (process / "environ").read_bytes()
                return Holder(int(process.name), command[:80], ours)
            except OSError:
                continue
    return None


def _has_open(process: Path, sockets: set[str]) -> bool:
    try:
        return any(os.readlink(entry) in sockets for entry in (process / "fd").iterdir())
    except OSError:
        return False

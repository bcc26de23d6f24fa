"""What processes cost, read from the kernel's own books."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(roots: list[int]) -> float:
    """The processor time these processes and everything below them have used, children that have ended included."""
    return sum(_ticks(pid) for pid in with_children(roots)) / TICKS


def memory_mib(roots: list[int]) -> float:
    """The memory (PSS, so that what processes share counts once) of these processes and everything below them."""
    return sum(_pss_kib(pid) for pid in with_children(roots)) / 1024


def with_children(roots: list[int]) -> set[int]:
    """These processes and everything below them."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = set(), list(roots)
    while waiting:
        pid = waiting.pop()
        found.add(pid)
        waiting += children.get(pid, [])
    return found


def _stat(pid: int) -> list[str]:
    """What follows the command's name in /proc/…/stat; nothing for a process that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _ticks(pid: int) -> int:
    return sum(int(field) for field in _stat(pid)[11:15])


def _pss_kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))

"""Keeps every process a command starts together, so that none outlives it.

Four layers, because each has a hole: an orderly stop (signals, and any exit of the command); the kernel's signal to a
child whose parent died (``kill -9`` of the command); children in their own session, so that Ctrl-C reaches only the
command, which then stops them in order; and a last sweep of grandchildren, which the kernel hands to us when their
own parent ends.
"""

import ctypes
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .messages import Refusal, Stopped, say
from .places import ROOT, VAR, shown

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LIBC = ctypes.CDLL(None)
PATIENCE = 20.0  # seconds a process may take to end by itself


@dataclass
class Child:
    name: str
    process: subprocess.Popen
    stop_signal: signal.Signals
    server: bool  # stopped only after everything that uses it


class Processes:
    """The children of one command; leaving the ``with`` block ends all of them. Use it from the main thread."""

    def __init__(self):
        self.children: list[Child] = []

    def __enter__(self) -> "Processes":
        LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _stop)
        return self

    def __exit__(self, *_) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self.end([child for child in self.children if not child.server])
        for child in reversed([child for child in self.children if child.server]):
            self.end([child])
        _sweep()

    def start(
        self,
        name: str,
        arguments: list,
        *,
        env: dict[str, str] | None = None,
        log: Path | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        server: bool = False,
        own_session: bool = True,
        **popen,
    ) -> subprocess.Popen:
        """Start a child that ends with us. With ``log`` it writes to that file, else to our own output."""
        parent = os.getpid()

        def die_with_the_parent():
            LIBC.prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

        if own_session:
            popen.setdefault("stdin", subprocess.DEVNULL)
        output = None
        if log:
            log.parent.mkdir(parents=True, exist_ok=True)
            output = log.open("wb")
            popen |= {"stderr": output} | ({} if "stdout" in popen else {"stdout": output})
        try:
            process = subprocess.Popen(
                [str(argument) for argument in arguments],
                cwd=ROOT,
                env=env,
                start_new_session=own_session,
                preexec_fn=die_with_the_parent,
                **popen,
            )
        finally:
            if output:
                output.close()
        self.children.append(Child(name, process, stop_signal, server))
        return process

    def run(self, what: str, arguments: list, *, log_name: str, env=None, advice: str = "", **popen) -> str:
        """Run something to its end, quietly, and return what it wrote to standard output; the rest goes to its log.

        :raises Refusal: when it fails, with the last thing it said and where the rest is kept
        """
        log = VAR / "logs" / f"{log_name}.log"
        process = self.start(what, arguments, env=env, log=log, stdout=subprocess.PIPE, text=True, **popen)
        with process.stdout:
            output = process.stdout.read()
        code = process.wait()
        self.forget(process)
        if code:
            said = last_words(log) or last_words(output) or f"it ended with code {code}"
            raise Refusal(f"Could not {what}: {said}\n{advice}\nAll it said is in {shown(log)}.".replace("\n\n", "\n"))
        return output

    def foreground(self, arguments: list, *, env: dict[str, str], stop_signal=signal.SIGTERM) -> int:
        """Give the terminal to one command and return its exit code. Ctrl-C is for it to answer, not for us."""
        process = self.start("command", arguments, env=env, stop_signal=stop_signal, own_session=False)

        def hand_on(*_):
            if not os.isatty(0):  # at a terminal the child has had its own Ctrl-C already
                process.send_signal(signal.SIGINT)

        signal.signal(signal.SIGINT, hand_on)
        try:
            code = process.wait()
        finally:
            signal.signal(signal.SIGINT, _stop)
        self.forget(process)
        return code if code >= 0 else 128 - code

    def wait_until_one_ends(self) -> None:
        """Watch over everything.

        :raises Refusal: as soon as one process has ended, which none of them should
        """
        while True:
            self.refuse_if_ended()
            time.sleep(0.2)

    def refuse_if_ended(self) -> None:
        """:raises Refusal: naming the first process that has ended, and how"""
        for child in self.children:
            if (code := child.process.poll()) is not None:
                how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
                raise Refusal(f"{child.name} {how} by itself, so everything else is stopped too.")

    def forget(self, process: subprocess.Popen) -> None:
        """Stop looking after a child that has ended as it should."""
        self.children = [child for child in self.children if child.process is not process]

    def end(self, children: list[Child]) -> None:
        """Ask these to stop, all at once, and kill those that have not after a while."""
        for child in children:
            if child.process.poll() is None:
                child.process.send_signal(child.stop_signal)
        deadline = time.monotonic() + PATIENCE
        for child in children:
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                say(f"{child.name} did not stop by itself and is ended.")
                child.process.kill()
                child.process.wait()
            self.forget(child.process)


# What a reason looks like, the surest sign first.
REASONS = (("no space left", "enospc", "reason:"), ("error", "fatal"))


def last_words(source: Path | str) -> str:
    """The last thing a program said that reads like a reason."""
    text = source.read_text(errors="replace") if isinstance(source, Path) else source
    lines = [line.strip() for line in text.splitlines() if line.strip() and "complete log of this run" not in line]
    for signs in REASONS:
        if reasons := [line for line in lines if any(sign in line.lower() for sign in signs)]:
            return reasons[-1][:600]
    return lines[-1][:600] if lines else ""


def _stop(number, _frame) -> None:
    raise Stopped(number)


def _descendants() -> list[int]:
    """Every living process below this one, found through /proc."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state != "Z":
                parents[int(entry.name)] = int(parent)
    found, generation = [], {os.getpid()}
    while generation := {pid for pid, parent in parents.items() if parent in generation}:
        found.extend(generation)
    return found


def _sweep() -> None:
    """Kill whatever is left below us: grandchildren whose own parent ended without them."""
    deadline = time.monotonic() + PATIENCE
    while (left := _descendants()) and time.monotonic() < deadline:
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.05)

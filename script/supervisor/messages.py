"""Plain words to the person at the terminal; never a stack trace for something they can put right."""

import errno
import os
import sys
from collections.abc import Callable

from . import places


class Refusal(Exception):
    """Why a command cannot go on, worded for the person who ran it."""


class Stopped(SystemExit):
    """Somebody asked the command to stop; the code is the usual 128 + signal."""

    def __init__(self, signal_number: int):
        super().__init__(128 + signal_number)


def say(text: str, *, answer: bool = False) -> None:
    """Print at once. Talk goes to standard error; ``answer`` is what the command was asked for."""
    try:
        print(text, file=sys.stdout if answer else sys.stderr, flush=True)
    except (OSError, ValueError):  # the terminal is gone: going on matters more than saying so
        pass


def plainly(command: Callable[[list[str]], int], arguments: list[str]) -> int:
    """Run a command and turn what stops it into one plain message and an exit code."""
    if sys.platform != "linux":
        say("This needs Linux: on another system, use a Linux virtual machine or container.")
        return 1
    try:
        return command(arguments)
    except Refusal as refusal:
        say(str(refusal))
    except OSError as error:
        say(said_by_the_system(error))
    except KeyboardInterrupt:
        return 130
    finally:
        silence_a_broken_pipe()
    return 1


def said_by_the_system(error: OSError) -> str:
    """An operating system's refusal in plain words."""
    where = places.shown(places.Path(error.filename)) if error.filename else places.shown(places.VAR)
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"The disk is full: there is no room left to write {where}. Free some space and try again."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"Not allowed to write {where}. It may belong to another user: {os.strerror(error.errno).lower()}."
        case _:
            return f"The system refused {where}: {error.strerror or error}."


def silence_a_broken_pipe() -> None:
    """Keep Python from complaining at exit when whoever read our output has gone."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

"""One user of a folder at a time. The kernel lets go of a lock when its holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .messages import say


class Taken(Exception):
    """Somebody else has the lock; ``pid`` is who, as far as they said."""

    def __init__(self, pid: str):
        super().__init__(pid)
        self.pid = pid


@contextmanager
def held(path: Path, *, wait_saying: str = "", shared: bool = False) -> Iterator[None]:
    """Hold the lock on a file. With ``wait_saying`` wait for it, telling why after a failed first try.

    :raises Taken: when somebody else has it and we are not to wait
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    with path.open("a+") as file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if not wait_saying:
                file.seek(0)
                raise Taken(file.read().strip() or "unknown") from None
            say(wait_saying)
            fcntl.flock(file, kind)
        if not shared:
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
        yield

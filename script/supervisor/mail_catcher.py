"""A mailbox for everything a local portal sends: SMTP in, one .eml file a message, and a page to read them on.

``python -m supervisor.mail_catcher FOLDER SMTP_PORT PAGE_PORT``. It listens on loopback addresses alone and passes
nothing on. File names sort by arrival; each file is the message as it came, under two lines that keep the envelope.
"""

import asyncio
import os
import sys
import threading
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP

from . import mail_page, ports

LARGEST = 30 * 1024 * 1024  # bytes


class Keeper:
    """Keeps each message as a file, there whole or not at all."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.numbers = count(1)
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server, _session, envelope) -> str:
        """Answer the sender only when the message is kept."""
        try:
            self.keep(envelope)
        except OSError as error:
            return f"452 4.3.1 The message could not be kept: {error.strerror}"
        return "250 2.0.0 Kept"

    def keep(self, envelope) -> Path:
        """Write one message to its file and return it."""
        now = datetime.now(UTC)
        path = self.folder / f"{now:%Y%m%dT%H%M%S.%f}-{next(self.numbers) % 10_000:04}.eml"
        told = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_bytes(told.encode() + envelope.original_content)
        unfinished.replace(path)
        return path


async def serve(folder: Path, smtp_port: int, page_port: int) -> None:
    """Catch mail until stopped."""
    keeper = Keeper(folder)
    for address in ports.loopbacks():
        page = mail_page.server(folder, address, page_port)
        threading.Thread(target=page.serve_forever, daemon=True).start()

    def session() -> SMTP:
        return SMTP(keeper, hostname="localhost", data_size_limit=LARGEST, enable_SMTPUTF8=True)

    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", smtp_port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    os.umask(0o077)
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))

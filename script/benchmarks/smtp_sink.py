"""A mail server that takes everything and keeps only the number, which it says when asked for nothing (``NOOP``).

``python -m benchmarks.smtp_sink PORT``
"""

import asyncio
import smtplib
import sys
import time

taken = 0


def taken_by(port: int) -> int:
    """How many messages the mail server at this port has taken."""
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        return int(client.noop()[1])


def wait_until_taken(port: int, wanted: int, patience: float = 120.0) -> None:
    """:raises TimeoutError: when so many have not arrived in this many seconds"""
    deadline = time.monotonic() + patience
    while (there := taken_by(port)) < wanted:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{there} messages have arrived, not {wanted}.")
        time.sleep(0.05)


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One conversation, from the greeting to QUIT."""
    global taken
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        word = line[:4].upper().rstrip()
        if word == b"DATA":
            writer.write(b"354 go on\r\n")
            while await reader.readline() not in (b".\r\n", b""):
                pass
            taken += 1
        writer.write(b"250 %d\r\n" % taken if word != b"QUIT" else b"221 bye\r\n")
        await writer.drain()
        if word == b"QUIT":
            break
    writer.close()


async def serve(port: int) -> None:
    """Take mail until stopped."""
    server = await asyncio.start_server(converse, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))

"""The page that shows caught mail: a list, ``?to=`` one address, and each message with its parts as plain words.

Nothing in a message is trusted: every word is escaped, HTML is shown as its source, and the page allows no script,
no picture and no request to anywhere.
"""

import email.policy
import re
import socket
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from functools import cached_property
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

SHOWN = 200  # messages on one page
NAME = re.compile(r"[0-9T.-]+\.eml")
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem; color: #1d2733;
  background: #fbfaf6 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .4rem; vertical-align: top;
  border-bottom: 1px solid #7a8691 } a { color: #0d5c75 }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f1ece1; padding: 1rem }
input, button { font: inherit; padding: .3rem }
"""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Caught:
    """One message in its file."""

    path: Path

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.path.read_bytes(), policy=email.policy.default)

    def header(self, name: str) -> str:
        """A header as words; a header too broken to read is shown as nothing."""
        try:
            return str(self.message.get(name, ""))
        except (ValueError, IndexError, AttributeError):
            return ""

    @property
    def arrived(self) -> str:
        """When it came, from the name of its file, in UTC."""
        n = self.path.name
        return f"{n[:4]}-{n[4:6]}-{n[6:8]} {n[9:11]}:{n[11:13]}:{n[13:15]}"

    def is_to(self, address: str) -> bool:
        """Whether it was handed over for this address, or names it."""
        names = ("X-Envelope-To", "To", "Cc")
        return any(address.lower() in self.header(name).lower() for name in names)

    def body(self, kind: str) -> str:
        """The ``plain`` or ``html`` part as text."""
        part = self.message.get_body((kind,))
        return _text(part) if part else ""

    def attachments(self) -> list[EmailMessage]:
        """What hangs on it, in order."""
        return list(self.message.iter_attachments()) if self.message.is_multipart() else []


def messages(folder: Path, to: str = "") -> list[Caught]:
    """What was caught, newest first, at most as many as one page shows."""
    found = []
    for path in sorted(folder.glob("*.eml"), reverse=True):
        caught = Caught(path)
        if not to or caught.is_to(to):
            found.append(caught)
        if len(found) == SHOWN:
            break
    return found


def list_page(folder: Path, to: str) -> str:
    """Every message, or those to one address."""
    found = messages(folder, to)
    rows = "".join(
        f"<tr><td>{escape(one.arrived)}</td><td>{escape(one.header('To'))}</td>"
        f'<td><a href="/{one.path.name}">{escape(one.header("Subject")) or "(no subject)"}</a></td></tr>'
        for one in found
    )
    who = f" to {escape(to)}" if to else ""
    table = f"<table><tr><th>Arrived (UTC)</th><th>To</th><th>Subject</th></tr>{rows}</table>"
    limit = f"<p>Only the newest {SHOWN} are shown.</p>" if len(found) == SHOWN else ""
    form = (
        f'<form><label>To <input name="to" value="{escape(to)}"></label> <button>Show</button> '
        '<a href="/">Show all</a></form>'
    )
    return _page(f"Mail{who}", form + (table if found else f"<p>No mail{who} yet.</p>") + limit)


def message_page(caught: Caught) -> str:
    """One message: its headers, its words, the source of its HTML, what hangs on it."""
    headers = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(caught.header(name))}</td></tr>"
        for name in dict.fromkeys(caught.message.keys())
    )
    text, html = caught.body("plain"), caught.body("html")
    attachments = "".join(
        f'<li><a href="/{caught.path.name}/{number}">{escape(part.get_filename() or "unnamed")}</a> '
        f"({escape(part.get_content_type())})</li>"
        for number, part in enumerate(caught.attachments())
    )
    parts = [
        '<p><a href="/">All mail</a></p>',
        f"<h2>Text</h2><pre>{_with_links(text)}</pre>" if text else "",
        f"<h2>Attachments</h2><ul>{attachments}</ul>" if attachments else "",
        f"<h2>Source of the HTML part</h2><pre>{escape(html)}</pre>" if html else "",
        f'<h2>Headers</h2><table>{headers}</table><p><a href="/{caught.path.name}/whole">The whole message</a></p>',
    ]
    return _page(caught.header("Subject") or "(no subject)", "".join(parts))


def server(folder: Path, address: str, port: int) -> ThreadingHTTPServer:
    """A server of the page for this machine alone."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        address_family = socket.AF_INET6 if ":" in address else socket.AF_INET

    return Server((address, port), type("ReaderOfFolder", (Reader,), {"folder": folder}))


class Reader(BaseHTTPRequestHandler):
    """Answers GET: ``/``, ``/NAME.eml``, ``/NAME.eml/whole`` and ``/NAME.eml/NUMBER``."""

    folder: Path

    def do_GET(self) -> None:
        """One page or one file; other host names are refused, so that no web site can read the mail through us."""
        if urlsplit(f"//{self.headers.get('Host', '')}").hostname not in ("localhost", "127.0.0.1", "::1"):
            return self.answer(403, b"Only for this machine.", "text/plain; charset=utf-8")
        address = urlsplit(self.path)
        name, _, part = address.path[1:].partition("/")
        if not name:
            to = parse_qs(address.query).get("to", [""])[0].strip()
            return self.page(list_page(self.folder, to))
        caught = Caught(self.folder / name)
        if not NAME.fullmatch(name) or not caught.path.is_file():
            return self.missing()
        if not part:
            return self.page(message_page(caught))
        if part == "whole":
            return self.file(caught.path.read_bytes(), name)
        attachments = caught.attachments()
        if not part.isdecimal() or int(part) >= len(attachments):
            return self.missing()
        attachment = attachments[int(part)]
        return self.file(attachment.get_payload(decode=True) or b"", attachment.get_filename() or "attachment")

    def page(self, html: str) -> None:
        """Answer with a page."""
        self.answer(200, html.encode(), "text/html; charset=utf-8")

    def file(self, data: bytes, name: str) -> None:
        """Answer with a file to keep, never to open in the browser."""
        disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        self.answer(200, data, "application/octet-stream", {"Content-Disposition": disposition})

    def missing(self) -> None:
        """Answer that there is no such message."""
        self.answer(404, _page("There is no such message", '<p><a href="/">All mail</a></p>').encode(), "text/html")

    def answer(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        """Send one answer whole."""
        self.send_response(status)
        for name, value in (HEADERS | (headers or {})).items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        """Say nothing about each request."""


def _page(title: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><h1>{escape(title)}</h1>{content}</body></html>"
    )


def _text(part: EmailMessage) -> str:
    try:
        return part.get_content()
    except (LookupError, ValueError):  # a character set that does not exist
        return (part.get_payload(decode=True) or b"").decode(errors="replace")


def _with_links(text: str) -> str:
    """Escaped text in which addresses can be followed."""
    words, last = [], 0
    for link in LINK.finditer(text):
        url = escape(link.group())
        words += [escape(text[last : link.start()]), f'<a href="{url}" rel="noreferrer">{url}</a>']
        last = link.end()
    return "".join([*words, escape(text[last:])])

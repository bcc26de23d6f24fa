"""A browser as plain as can be: one connection, cookies, and the hidden fields of the form it was shown."""

import re
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
PATIENCE = 60.0  # seconds


class WrongAnswer(Exception):
    """A page was not what it must be for its figures to mean anything."""


@dataclass(frozen=True)
class Page:
    status: int
    location: str
    text: str

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of its forms."""
        return {name: unescape(value) for name, value in HIDDEN.findall(self.text)}


class Visitor:
    """One person at one site; with ``session`` they are signed in."""

    def __init__(self, port: int, session: str = ""):
        self.connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.cookies = {"sessionid": session} if session else {}
        self.requests = 0

    def get(self, path: str) -> Page:
        """:raises WrongAnswer: when it is no page"""
        return self._expect(200, "GET", path)

    def send(self, path: str, fields: dict[str, str]) -> Page:
        """Send a form that leads to another page of the same form.

        :raises WrongAnswer: when it does not
        """
        return self._expect(200, "POST", path, fields)

    def finish(self, path: str, fields: dict[str, str]) -> str:
        """Send a form and return the address it leads to.

        :raises WrongAnswer: when it leads nowhere
        """
        return self._expect(302, "POST", path, fields).location

    def hang_up(self) -> None:
        """Close the connection; the next request opens another."""
        self.connection.close()

    def _expect(self, status: int, method: str, path: str, fields: dict[str, str] | None = None) -> Page:
        page = self.ask(method, path, fields)
        if page.status != status:
            raise WrongAnswer(f"{method} {path} was answered {page.status} {page.location}, not {status}.")
        return page

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> Page:
        """Any answer there is.

        :raises WrongAnswer: when there is none
        """
        self.requests += 1
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            body = urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            text = answer.read().decode()
        except (HTTPException, OSError) as error:
            raise WrongAnswer(f"{method} {path} was not answered: {error!r}") from None
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Page(answer.status, answer.headers.get("Location", ""), text)

"""A real Chromium for tests, watched for console errors and for requests to other hosts."""

import os
import shutil
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

from .loudly import skip_loudly
from .people import sign_in

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"


def find_chromium() -> str | None:
    """A Chromium or Chrome on this machine; CHROMIUM names another."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@contextmanager
def launch():
    """A running browser."""
    from playwright.sync_api import sync_playwright

    executable = find_chromium()
    if executable is None:
        skip_loudly("Browser tests: no Chromium or Chrome was found. Install chromium, or set CHROMIUM to its path.")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable)
        yield browser
        browser.close()


class Visit:
    """One visitor's browser, with its own cookies."""

    def __init__(self, browser, site: str, *, width: int, javascript: bool, expect: tuple[str, ...]):
        self.site, self.expect, self.problems = site, expect, []
        self.context = browser.new_context(
            base_url=site,
            java_script_enabled=javascript,
            viewport={"width": width, "height": 900},
            locale="en-GB",
            timezone_id="Europe/London",
        )
        self.context.on("console", self._read_console)
        self.context.on("weberror", lambda error: self._note(f"error on a page: {error.error}"))
        self.context.on("request", self._check_host)
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)

    def sign_in(self, user) -> None:
        """Give this visitor the session of a person who signed in just now."""
        client = sign_in(Client(), user)
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.site}])

    def close(self) -> None:
        self.context.close()

    def _note(self, problem: str) -> None:
        if not any(expected in problem for expected in self.expect):
            self.problems.append(problem)

    def _read_console(self, message) -> None:
        if message.type == "error":
            self._note(f"console error on {message.page.url if message.page else '?'}: {message.text}")

    def _check_host(self, request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme in ("http", "https", "ws", "wss") and asked.netloc != urlsplit(self.site).netloc:
            self._note(f"request to another host: {request.url}")


def axe(page) -> list[str]:
    """The faults axe-core finds on a page, one line each: its rule, how bad, and where."""
    if not AXE.exists():
        skip_loudly("Accessibility tests: axe-core is missing. Run npm ci.")
    if not page.evaluate("() => 'axe' in window"):
        page.context.add_init_script(path=AXE)  # from now on every page this visitor opens has it at once
        page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run({resultTypes: ['violations'], iframes: false, preload: false})")
    return [
        f"{fault['id']} ({fault['impact']}) {node['target']} {node['html'][:160]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]

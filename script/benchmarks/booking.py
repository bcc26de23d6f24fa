"""One whole booking: from the course page to the page that says it worked, with its e-mail and its audit event."""

import time
from concurrent.futures import ThreadPoolExecutor

from .results import Result, compared
from .sites import Site, Sites

NAME = "booking"
CLIENTS = 8
TWENTY_PRETIX = 20 * 1.6 / 102  # of the floor: where pretix made 1.6 bookings a second, a bare project made 102


def measure(sites: Sites, *, quick: bool) -> list[Result]:
    """Processor time, SQL and requests of one booking, and how many are made in a second by eight people at once."""
    bookings, rounds, at_once, rushes = (8, 3, 24, 2) if quick else (20, 7, 64, 3)

    def book(site: Site, times: int) -> None:
        before = sites.mail_taken()
        for _ in range(times):
            site.book_next()
        sites.mail_settled(times, before)

    def milliseconds(site: Site) -> float:
        before = site.cpu_seconds()
        book(site, bookings)
        return (site.cpu_seconds() - before) * 1000 / bookings

    def a_second(site: Site) -> float:
        before = sites.mail_taken()
        wanted = [next(site.bookings) for _ in range(at_once)]
        with ThreadPoolExecutor(CLIENTS) as people:
            started = time.monotonic()
            list(people.map(lambda one: site.book_as(*one), wanted))
            rate = at_once / (time.monotonic() - started)
        sites.mail_settled(at_once, before)
        return rate

    for site in sites.both:
        book(site, 8)
    cpu = sites.in_turn(milliseconds, rounds)
    with sites.servers.statements_logged():
        sql = sites.in_turn(lambda site: sites.servers.statements(site.database, lambda: book(site, 1)), 3)
    before = sites.mail_taken()
    requests = [tuple(site.book_next() for site in sites.both)]
    sites.mail_settled(len(sites.both), before)
    rate = sites.in_turn(a_second, rushes)
    return [
        compared(NAME, "processor time", "ms", cpu, promise="3.5 x floor", keeps=lambda _, ratio: ratio <= 3.5),
        compared(NAME, "SQL", "", sql, promise="45", keeps=lambda ours, _: ours <= 45),
        compared(NAME, "requests", "", requests),
        compared(
            NAME,
            f"bookings a second, {CLIENTS} people",
            "",
            rate,
            promise=f"{TWENTY_PRETIX:.2f} x floor (20 x pretix)",
            keeps=lambda _, ratio: ratio >= TWENTY_PRETIX,
        ),
    ]

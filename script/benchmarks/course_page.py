"""One course read by somebody who is not signed in."""

from .results import Result, compared
from .sites import Site, Sites

NAME = "course page"


def measure(sites: Sites, *, quick: bool) -> list[Result]:
    """Processor time and SQL of one request."""
    requests, rounds = (60, 3) if quick else (200, 7)

    def read(site: Site, times: int) -> None:
        visitor = site.visitor()
        for _ in range(times):
            visitor.get(site.courses[0]["page"])
        visitor.hang_up()

    def milliseconds(site: Site) -> float:
        before = site.cpu_seconds()
        read(site, requests)
        return (site.cpu_seconds() - before) * 1000 / requests

    for site in sites.both:
        for _ in range(8):  # until both workers have loaded everything
            read(site, 5)
    cpu = sites.in_turn(milliseconds, rounds)
    with sites.servers.statements_logged():
        sql = sites.in_turn(lambda site: sites.servers.statements(site.database, lambda: read(site, 1)), 3)
    return [
        compared(NAME, "processor time", "ms", cpu, promise="2.5 x floor", keeps=lambda _, ratio: ratio <= 2.5),
        compared(NAME, "SQL", "", sql, promise="6", keeps=lambda ours, _: ours <= 6),
    ]

"""Forty people ask for the last five places of a run in the same moment."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from .results import Result, compared
from .sites import Site, Sites
from .visitor import WrongAnswer

NAME = "last places"
PEOPLE, PLACES = 40, 5
SLOWEST = 2.0  # seconds


def measure(sites: Sites, *, quick: bool) -> list[Result]:
    """Places sold, and the slowest answer, with two and with eight workers."""
    rounds = 2 if quick else 5
    results = []
    for workers in (2, 8):
        for site in sites.both:
            if workers not in site.ports:
                site.start_web(workers=workers)
        rushes = [tuple(rush(site, workers) for site in sites.both) for _ in range(rounds)]
        sold = [(floor[0], ours[0]) for floor, ours in rushes]
        slowest = [(floor[1], ours[1]) for floor, ours in rushes]
        where = f"with {workers} workers"
        results += [
            compared(NAME, f"sold {where}", "", sold, promise=f"{PLACES}, every time", keeps=_always(sold)),
            compared(NAME, f"slowest answer {where}", "s", slowest, promise="2", keeps=lambda ours, _: ours <= SLOWEST),
        ]
    return results


def _always(sold: list[tuple[int, int]]):
    """Whether every round of ours sold what there was."""
    every_time = all(ours == PLACES for _, ours in sold)
    return lambda *_: every_time


def rush(site: Site, workers: int) -> tuple[int, float]:
    """One run of five places: how many are sold, and the seconds the slowest of all answers took."""
    course = site.last_places.pop()
    (run,) = course["runs"]
    ready = threading.Barrier(PEOPLE)

    def ask(session: str) -> tuple[bool, float]:
        visitor = site.visitor(session, workers)
        answers = site.fill_in(visitor, run["page"])
        visitor.hang_up()  # the others may take longer than the web server keeps a silent connection
        try:
            ready.wait(60)
        except threading.BrokenBarrierError:
            raise WrongAnswer("Somebody did not get as far as asking for a place.") from None
        started = time.monotonic()
        answer = visitor.ask("POST", run["page"], answers)
        seconds = time.monotonic() - started
        has_place = answer.status == 302 and "You have a place" in visitor.get(answer.location).text
        visitor.hang_up()
        return has_place, seconds

    with ThreadPoolExecutor(PEOPLE) as people:
        answers = list(people.map(ask, site.sessions[:PEOPLE]))
    sold, told = site.places_sold(run), sum(has_place for has_place, _ in answers)
    if sold != told:
        raise WrongAnswer(f"{told} people were told they have a place, and {sold} have one.")
    return sold, max(seconds for _, seconds in answers)

"""``script/bench``: what the portal costs, beside the least Django can do, on servers of its own under var/bench/.

It touches no portal that is running, can be interrupted at any time, and promises ratios and counts, not seconds: the
table marks what is missed, and only places sold twice make it fail. docs/performance.md says what is measured and how.
"""

import argparse
import json
import shutil
from pathlib import Path

from benchmarks import booking, course_page, directory, last_places, mail, newcomer, recording, results, sites, visitor

from . import installing, locks, servers
from .messages import Refusal, say
from .places import VAR, shown
from .processes import Processes

FOLDER = VAR / "bench"
AT_SITES = {
    "course-page": course_page,
    "booking": booking,
    "last-places": last_places,
    "mail": mail,
    "recording": recording,
    "directory": directory,
}
ALL = ["newcomer", *AT_SITES]


def main(arguments: list[str]) -> int:
    """1 when places were sold twice or a benchmark could not be made; else 0."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="benchmark", help=f"which to run: {', '.join(ALL)} (all)")
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.names) - set(ALL):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}: there are {', '.join(ALL)}")
    names = [name for name in ALL if name in (asked.names or ALL)]
    try:
        with Processes() as processes, locks.held(FOLDER / "lock"):
            found = run(processes, names, quick=asked.quick)
    except locks.Taken as taken:
        raise Refusal(f"The benchmarks are already running in this checkout (process {taken.pid}).") from None
    except visitor.WrongAnswer as wrong:
        raise Refusal(f"Nothing was measured: {wrong} The logs are in {shown(FOLDER / 'logs')}.") from None
    told = json.dumps(results.as_data(found), indent=2)
    if asked.json:
        asked.json.write_text(told + "\n")
    say(f"\n{results.table(found)}\n")
    say(told, answer=True)
    return 1 if any(one.benchmark == last_places.NAME and "sold" in one.what and not one.within for one in found) else 0


def run(processes: Processes, names: list[str], *, quick: bool) -> list[results.Result]:
    """Install what is missing, start both sites and measure."""
    installing.python_packages(processes, tests=True)
    installing.front_end(processes)
    found = []
    if "newcomer" in names:  # first, while this machine runs nothing else of ours
        say("Measuring: newcomer …")
        found += newcomer.measure(processes, quick=quick)
    wanted = [name for name in names if name in AT_SITES]
    ready = make_sites(processes) if wanted else None
    for name in wanted:
        say(f"Measuring: {name} …")
        found += AT_SITES[name].measure(ready, quick=quick)
    return found


def make_sites(processes: Processes) -> sites.Sites:
    """Floor and portal on an empty database: what was measured before must not weigh on what is measured now."""
    servers.wait_for_the_last_one(FOLDER / "postgres")
    for leftover in ("postgres", "postgres.unfinished"):
        remove(FOLDER / leftover)
    say("Starting the floor and the portal …")
    return sites.Sites(processes, FOLDER)


def remove(path: Path) -> None:
    """A file or a folder with everything in it, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

"""Messages a minute through the outbox, beside ``EmailMessage`` built and sent in a loop, with two senders each.

The loop forgets; the outbox has each message on the disk as being handed over before it hands it over. So it is also
measured with a database that does not wait for its disk, which shows how much of the difference is the disk's.
"""

import json

from supervisor.places import PYTHON

from .results import Result, compared
from .sites import Sites

NAME = "mail"
RATES = """
import json, sys, django
django.setup()
from chatr.notifications.tests.mail_rate import measure
rates = measure(int(sys.argv[1]))
print(json.dumps([rates.floor, rates.outbox]))
"""
ROLE = "ALTER ROLE portal_app IN DATABASE portal"


def measure(sites: Sites, *, quick: bool) -> list[Result]:
    """The rates of both, with and without waiting for the disk."""
    messages, rounds = (600, 3) if quick else (2000, 5)
    servers = sites.servers
    # A broker of its own, so that the worker is not woken: the senders measured are the only ones.
    env = sites.portal.env | {"REDIS_URL": f"{servers.broker}/2", "DJANGO_SETTINGS_MODULE": "chatr.settings"}

    def rates() -> tuple[float, float]:
        command = [PYTHON, "-c", RATES, messages]
        floor, ours = json.loads(servers.processes.run("measure mail", command, log_name="bench-mail", env=env))
        return floor, ours

    kept, hurried = [], []
    for _ in range(rounds):
        kept.append(rates())
        servers.sql("portal", f"{ROLE} SET synchronous_commit = off")
        hurried.append(rates())
        servers.sql("portal", f"{ROLE} RESET synchronous_commit")
    return [
        compared(NAME, "a minute, 2 senders", "", kept, promise="0.6 x floor", keeps=lambda _, ratio: ratio >= 0.6),
        compared(NAME, "the same, disk not waited for", "", hurried),
    ]

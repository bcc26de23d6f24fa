"""Messages a minute through the outbox, beside ``EmailMessage`` built and sent in a loop, with two senders each."""

import json

from supervisor.places import PYTHON

from .results import Result, compared
from .sites import Sites

NAME = "mail"
RATE = """
import json, sys, django
django.setup()
from chatr.notifications.tests.mail_rate import measure
for _ in range(int(sys.argv[2])):
    rates = measure(int(sys.argv[1]))
    print(json.dumps([rates.floor, rates.outbox]), flush=True)
"""


def measure(sites: Sites, *, quick: bool) -> list[Result]:
    """The rates of both."""
    messages, rounds = (600, 3) if quick else (2000, 5)
    # A broker of its own, so that the worker is not woken: the senders measured are the only ones.
    env = sites.servers.environment(2) | sites.portal.env | {"REDIS_URL": f"{sites.servers.broker}/2"}
    env["DJANGO_SETTINGS_MODULE"] = "chatr.settings"
    said = sites.servers.processes.run(
        "measure mail", [PYTHON, "-c", RATE, messages, rounds], log_name="bench-mail", env=env
    )
    rates = [tuple(json.loads(line)) for line in said.splitlines()]
    return [
        compared(NAME, "a minute, 2 senders", "", rates, promise="0.6 x floor", keeps=lambda _, ratio: ratio >= 0.6)
    ]

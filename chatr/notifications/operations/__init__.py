"""Queueing, sending and stopping messages. Nothing else in the portal talks to the mail server."""

from .deciding import CannotResend, CannotStop, look_again, purge_bodies, resend, stop
from .queueing import Draft, queue, queue_many, suppress
from .sending import Tally, drain, preview

__all__ = [
    "CannotResend",
    "CannotStop",
    "Draft",
    "Tally",
    "drain",
    "look_again",
    "preview",
    "purge_bodies",
    "queue",
    "queue_many",
    "resend",
    "stop",
    "suppress",
]

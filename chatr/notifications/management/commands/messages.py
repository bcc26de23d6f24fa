"""``manage.py messages``: what would be due at a moment, and, on a local portal, sending it."""

import json
from datetime import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chatr.notifications import kinds, operations, queries
from chatr.workdays.clock import LONDON, NoSuchTime, local


class Command(BaseCommand):
    help = "List the messages that would be due at a moment, by a clock in London, and still true then."

    def add_arguments(self, parser):
        parser.add_argument("--due-at", required=True, metavar='"2027-01-13 10:00"', help="Date and time in London.")
        parser.add_argument("--kind", help="Only this kind, such as training/reminder.")
        parser.add_argument("--json", action="store_true", help="Write the list as JSON.")
        parser.add_argument("--deliver", action="store_true", help="Send them now. Local portals only.")

    def handle(self, *, due_at, kind, json: bool, deliver: bool, **options):
        now = london_moment(due_at)
        if deliver and not settings.LOCAL:
            raise CommandError("--deliver is for local portals only: this one would write to real people.")
        if kind:
            try:
                kinds.get(kind)
            except LookupError as unknown:
                known = ", ".join(sorted(each.code for each in kinds.all_kinds()))
                raise CommandError(f"{unknown} The kinds are: {known}.") from None
        due = []
        for message in queries.due_messages(now, kind=kind):
            try:
                rendered = operations.preview(message, now=now)
            except kinds.Hold as why:
                self.stderr.write(f"{line(message)}  held: {why}")
            except kinds.Suppress as why:
                self.stderr.write(f"{line(message)}  would not be sent: {why}")
            except Exception as error:
                self.stderr.write(f"{line(message)}  would fail: {type(error).__name__}")
            else:
                message.to_email = rendered.to_email
                due.append(message)
        if json:
            self.stdout.write(as_json(due))
        else:
            for message in due:
                self.stdout.write(line(message))
        if deliver:
            self.deliver(now, due)

    def deliver(self, now: datetime, due: list) -> None:
        tally = operations.drain(now=now, only=[message.pk for message in due])
        self.stderr.write(f"Sent {tally.sent} of {len(due)}.")
        if tally.sent < len(due):
            raise CommandError(
                f"Not sent: {tally.retried} to try again, {tally.failed} failed, {tally.uncertain} uncertain. "
                "The staff page of messages says why."
            )


def london_moment(words: str) -> datetime:
    """The moment meant by "2027-01-13 10:00".

    :raises CommandError: for anything else, or a time the clocks jump over
    """
    try:
        wall_clock = datetime.strptime(words, "%Y-%m-%d %H:%M")
        return local(wall_clock.date(), wall_clock.time())
    except NoSuchTime as problem:
        raise CommandError(str(problem)) from None
    except ValueError:
        raise CommandError(f'Write the moment like "2027-01-13 10:00", not {words!r}.') from None


def line(message) -> str:
    """One message on one line: due, kind, to, about."""
    due = message.due_at.astimezone(LONDON)
    return f"{due:%Y-%m-%d %H:%M}  {message.kind}  {message.to_email}  {message.about_type} {message.about_id}".rstrip()


def as_json(messages: list) -> str:
    rows = [
        {
            "id": str(message.pk),
            "due": message.due_at.astimezone(LONDON).isoformat(),
            "kind": message.kind,
            "to": message.to_email,
            "about_type": message.about_type,
            "about_id": message.about_id,
        }
        for message in messages
    ]
    return json.dumps(rows, indent=2)

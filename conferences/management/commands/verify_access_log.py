from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from chatr.database.acting import acting_as_job

from ...models import AccessEvent


class Command(BaseCommand):
    help = "Checks the access log of conferences: that no entry was changed, removed, moved or added by another way."

    def handle(self, *args, **options):
        with acting_as_job("verify_access_log"), connection.cursor() as cursor:
            entries = AccessEvent.objects.count()
            chains = AccessEvent.objects.values("chain").distinct().count()
            cursor.execute("SELECT chain, number, problem FROM broken_access_chains()")
            broken = cursor.fetchall()
        self.stdout.write(_count(entries, "entry", "entries") + " in " + _count(chains, "chain", "chains"))
        for chain, number, problem in broken:
            self.stdout.write(f"chain {chain}, entry {number}: {problem}")
        if broken:
            count = len({chain for chain, *_ in broken})
            raise CommandError(_count(count, "chain does", "chains do") + " not hold.")
        self.stdout.write("Every chain holds.")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"

"""``example_accounts``: who can sign in to a local portal, and how."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chatr.accounts.examples import ACCOUNTS, PASSWORD


class Command(BaseCommand):
    help = "List the example accounts: e-mail, password, authenticator secret and roles. Local portals only."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="as a JSON list")

    def handle(self, **options):
        if not settings.LOCAL:
            raise CommandError("There are no example accounts in production.")
        rows = [
            {"email": a.email, "password": PASSWORD, "totp_secret": a.totp_secret, "roles": list(a.shown_roles)}
            for a in ACCOUNTS
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=2))
            return
        for row in rows:
            code = f"  authenticator {row['totp_secret']}" if row["totp_secret"] else ""
            self.stdout.write(f"{row['email']:<40} {row['password']}  {', '.join(row['roles'])}{code}")

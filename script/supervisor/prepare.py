"""Inside the virtual environment: bring the database up to date, and fill a new local portal with example data.

It writes the example accounts as JSON to standard output: ``[]`` where there are none, or without ``examples``.
"""

import io
import json
import sys

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    django.setup()
    call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)
    print(json.dumps(example_accounts() if settings.LOCAL and "examples" in sys.argv[1:] else []))


def example_accounts() -> list[dict]:
    """Load the example data where nobody has an account yet, and list the accounts it brings."""
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    if not users.exists():
        call_command("load_examples", stdout=sys.stderr)
    answer = io.StringIO()
    call_command("example_accounts", "--json", stdout=answer)
    accounts = json.loads(answer.getvalue())
    there = set(users.filter(email__in=[account["email"] for account in accounts]).values_list("email", flat=True))
    return [account for account in accounts if account["email"] in there]


if __name__ == "__main__":
    main()

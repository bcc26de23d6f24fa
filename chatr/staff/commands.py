"""What commands share that take in a file, or a feed, for a member of staff."""

from collections.abc import Callable, Iterable
from pathlib import Path

from django.core.management.base import CommandError

from chatr.accounts.models import User
from chatr.accounts.permissions import Permission
from chatr.spreadsheets.reading import CannotRead, read_table


def add_by(parser) -> None:
    """Let a command be told who it is run for."""
    parser.add_argument("--by", metavar="EMAIL", help="with --write: the member of staff it is done for")


def member_of_staff(email: str | None, permission: Permission, what: str) -> User:
    """Who a command is run for.

    :param what: what they have to be allowed to change, in words
    :raises CommandError: when nobody has that address, or they may not
    """
    user = User.objects.filter(email=(email or "").strip().lower()).first()
    if user is None or not user.may(permission):
        raise CommandError(f"Name a member of staff who may change {what}: --by EMAIL.")
    return user


def read_rows(
    file: Path, required: Iterable[str], known: Iterable[str], *, say: Callable[[str], object]
) -> list[tuple[int, dict]]:
    """The rows of a CSV or Excel file with their numbers; what is odd about its columns is said.

    :raises CommandError: when it cannot be read
    """
    try:
        table = read_table(file.read_bytes(), file.name)
        for warning in table.check_columns(required, known):
            say(f"Note: {warning}")
    except OSError as problem:
        raise CommandError(f"{file} cannot be read: {problem.strerror}.") from None
    except CannotRead as refusal:
        raise CommandError(str(refusal)) from None
    return [(row.number, row.cells) for row in table.rows]

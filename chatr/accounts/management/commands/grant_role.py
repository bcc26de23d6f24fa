"""Give a person a role from the command line: how the first administrator of a new portal comes to be."""

from django.core.management.base import BaseCommand, CommandError

from chatr.accounts.models import Role, User
from chatr.accounts.operations.invitations import CannotInvite, invite_person
from chatr.accounts.operations.roles import CannotChangeRole, grant_role


class Command(BaseCommand):
    help = "Give a person a role. Somebody without an account is invited by e-mail."

    def add_arguments(self, parser):
        parser.add_argument("email", help="the person's e-mail address")
        parser.add_argument("role", help="the role's code, such as programme_administrator")

    def handle(self, *args, email: str, role: str, **options):
        try:
            granted = Role.objects.get(code=role)
        except Role.DoesNotExist:
            known = ", ".join(Role.objects.order_by("code").values_list("code", flat=True))
            raise CommandError(f"There is no role {role!r}. The roles are: {known}.") from None
        try:
            user = User.objects.filter(email=email.strip().lower()).first() or invite_person(
                name="", email=email, by=None, reason=f"to be {granted.name.lower()}"
            )
            grant_role(user=user, role=granted, by=None)
        except (CannotInvite, CannotChangeRole) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{user} now has the role {granted}.")

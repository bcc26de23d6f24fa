from django.conf import settings
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connections

from chatr.database.grants import grant_rights
from chatr.database.reference import lay_all_down


class Command(migrate.Command):
    """Django's migrate, run as the owner; then the app role's rights and the reference data."""

    help = "Updates the database, gives the app role its rights and adds the rows the portal can't do without."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(database="owner" if "owner" in settings.DATABASES else DEFAULT_DB_ALIAS)

    def handle(self, *args, **options):
        super().handle(*args, **options)
        if options["plan"] or options["check_unapplied"] or options["prune"]:
            return
        grant_rights(connections[options["database"]], settings.APP_DATABASE_ROLE)
        if not options["app_label"]:  # with one app named, the tables of the others may not be there
            lay_all_down()

"""The walls: functions, row-level security, what is frozen and what is only ever added to."""

from pathlib import Path

from django.db import migrations

from chatr.database.append_only import append_only
from conferences.walls import policies

FUNCTIONS = [
    Path(policies.__file__).with_name(f"{name}.sql").read_text()
    for name in ("functions", "access_log", "ways_in", "kept")
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("conferences", "0001_initial")]

    operations = [
        migrations.RunSQL("SET LOCAL search_path = conferences, public", migrations.RunSQL.noop),
        *(migrations.RunSQL(functions, migrations.RunSQL.noop) for functions in FUNCTIONS),
        *(policies.build(wall) for wall in [*policies.IDS, *policies.CONTENT]),
        *(policies.same_conference(*row) for row in policies.SAME_CONFERENCE),
        *(policies.check(*rule) for rule in policies.CHECKS),
        *(policies.freeze(table) for table in policies.FROZEN),
        *(policies.freeze(table, "UPDATE OR DELETE") for table in policies.FROZEN_WHEN_THERE),
        *(policies.keep(*row) for row in policies.KEPT),
        *(policies.in_ones_own_name(*row) for row in policies.IN_ONES_OWN_NAME),
        *(append_only(f"conferences_{table}") for table in policies.APPEND_ONLY),
    ]

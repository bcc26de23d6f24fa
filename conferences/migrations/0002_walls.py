"""The walls: functions, row-level security, what is frozen and what is only ever added to."""

from pathlib import Path

from django.db import migrations

from chatr.database.append_only import append_only
from conferences.walls import policies

FUNCTIONS = Path(policies.__file__).with_name("functions.sql")


class Migration(migrations.Migration):
    dependencies = [("conferences", "0001_initial")]

    operations = [
        migrations.RunSQL("SET LOCAL search_path = conferences, public", migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS.read_text(), migrations.RunSQL.noop),
        *(policies.build(wall) for wall in [*policies.IDS, *policies.CONTENT]),
        *(policies.same_conference(*row) for row in policies.SAME_CONFERENCE),
        *(policies.check(*rule) for rule in policies.CHECKS),
        *(policies.freeze(table) for table in policies.FROZEN),
        *(policies.freeze(table, "UPDATE OR DELETE") for table in policies.FROZEN_WHEN_THERE),
        policies.keep("conference", "keep_signed_conference"),
        policies.keep("block", "keep_sealed_words"),
        policies.keep("copy", "keep_issued_copy"),
        policies.keep("copycontent", "keep_issued_content"),
        *(append_only(f"conferences_{table}") for table in policies.APPEND_ONLY),
    ]

"""Codes that work once, counts without people, and the one way a record is disposed of."""

import uuid
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from conferences.walls import policies

FUNCTIONS = [Path(policies.__file__).with_name(f"{name}.sql").read_text() for name in ("keeping", "counts")]


class Migration(migrations.Migration):
    dependencies = [
        ("conferences", "0006_children_taken_off"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL search_path = conferences, public", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="FeedbackCode",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "cohort",
                    models.CharField(
                        choices=[
                            ("child_under_12", "Child under 12"),
                            ("child_12_plus", "Child or young person, 12 or older"),
                            ("parent", "Parent or carer"),
                            ("professional", "Professional"),
                        ],
                        max_length=16,
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("until", models.DateField(verbose_name="last day it works")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="disposalproposal",
            name="one_open_disposal_proposal",
        ),
        migrations.AddField(
            model_name="disposalproposal",
            name="kept_until",
            field=models.DateField(blank=True, null=True, verbose_name="had to be kept until"),
        ),
        migrations.AlterField(
            model_name="feedbacklink",
            name="until",
            field=models.DateField(verbose_name="last day it works"),
        ),
        migrations.AlterField(
            model_name="keepingrule",
            name="kind",
            field=models.CharField(
                choices=[
                    ("record", "The record of a conference, with everything in it"),
                    ("feedback", "What people said afterwards about how it was"),
                ],
                max_length=12,
                verbose_name="what",
            ),
        ),
        migrations.AlterField(
            model_name="keepingrule",
            name="trigger",
            field=models.CharField(
                choices=[
                    ("plan_ended", "The end of the last plan of its children"),
                    ("held", "The day of the conference"),
                ],
                max_length=16,
                verbose_name="counted from",
            ),
        ),
        migrations.AddConstraint(
            model_name="disposalproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("declined_at", None), ("disposed_at", None)),
                fields=("conference",),
                name="one_open_disposal_proposal",
            ),
        ),
        migrations.AddConstraint(
            model_name="keepingrule",
            constraint=models.UniqueConstraint(
                fields=("kind", "in_force_from"),
                name="one_keeping_rule_from_a_day",
                violation_error_message="There is a rule from that day already. Choose another day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="keepingrule",
            constraint=models.CheckConstraint(condition=models.Q(("years__gte", 1)), name="kept_for_a_year_at_least"),
        ),
        migrations.AddField(
            model_name="feedbackcode",
            name="conference",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="conferences.conference"
            ),
        ),
        policies.build(policies.FEEDBACK_CODE),
        *(migrations.RunSQL(functions, migrations.RunSQL.noop) for functions in FUNCTIONS),
    ]

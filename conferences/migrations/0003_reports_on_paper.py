"""Reports that came on paper, changes after filing, and emergency reading of reports about one child alone."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from conferences.walls import policies

(REPORT_PARTS,) = (wall for wall in policies.CONTENT if wall.table == "reportpart")


class Migration(migrations.Migration):
    dependencies = [
        ("conferences", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL search_path = conferences, public", migrations.RunSQL.noop),
        migrations.RunSQL(
            f"ALTER POLICY see ON conferences_reportpart USING ({REPORT_PARTS.see})", migrations.RunSQL.noop
        ),
        migrations.AddField(
            model_name="agencyreport",
            name="changed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="last changed after it was filed"),
        ),
        migrations.AddField(
            model_name="agencyreport",
            name="typed_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Who typed it in, where it came on paper.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="agencyreport",
            name="received_at",
            field=models.DateTimeField(
                blank=True, help_text="When it was first filed, whatever was changed since.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="reportpart",
            name="kind",
            field=models.CharField(
                choices=[
                    ("contact", "How you know the child and family"),
                    ("strengths", "What is going well"),
                    ("facts", "What you have seen or know: facts"),
                    ("worries", "What you are worried about: your view"),
                    ("child_says", "What the child says, in their words"),
                    ("family_says", "What the family says about this report"),
                    ("help", "What would help, and what you offer"),
                    ("discussion", "Who in the family you discussed it with, or why you did not"),
                    ("chair_only", "What the family must not see, for the chair only"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="agencyreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("changed_at", None), ("received_at__isnull", False), _connector="OR"),
                name="changed_after_it_was_filed",
            ),
        ),
    ]

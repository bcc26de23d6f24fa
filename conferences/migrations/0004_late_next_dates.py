"""Why a next date is after its limit; and the whole signed text only for those who see every child of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conferences", "0003_reports_on_paper")]

    operations = [
        migrations.AlterField(
            model_name="explanation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("late", "Why the conference was late"),
                    ("interim_protection", "How the child was kept safe meanwhile"),
                    ("inquorate", "Why it went ahead without a quorum"),
                    ("interim_plan", "The interim plan"),
                    ("independence", "Why this chair, although involved in the case"),
                    ("no_preparation", "Why there was no preparation meeting, and what is offered now"),
                    ("no_child_words", "Why there are no words of the child, and what happens next"),
                    ("no_strengths", "Why no strengths are written down"),
                    ("no_worries", "Why no worries are written down"),
                    ("cancelled", "Why it was cancelled"),
                    ("adjourned", "Why it was adjourned"),
                    ("cover_signs", "Why somebody else signs for the chair"),
                    ("handover", "Why it was handed over"),
                    ("late_reports", "Reports the family saw late: what they chose"),
                    ("next_date_late", "Why the next date is after the limit"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunSQL(
            """
            SET LOCAL search_path = conferences, public;
            DROP POLICY see ON conferences_signedrecord;
            DROP POLICY add ON conferences_signedrecord;
            DROP POLICY IF EXISTS change ON conferences_signedrecord;
            DROP POLICY IF EXISTS remove ON conferences_signedrecord;
            CREATE POLICY see ON conferences_signedrecord FOR SELECT
                USING (conference_id IN (SELECT records_i_chair()) OR manages(conference_id));
            CREATE POLICY add ON conferences_signedrecord FOR INSERT
                WITH CHECK (conference_id IN (SELECT records_i_chair()));
            """,
            migrations.RunSQL.noop,
        ),
    ]

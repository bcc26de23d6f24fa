"""A child taken off the only conference that ever named them leaves nothing behind, so a mistyped id can be used again."""

from django.db import migrations, models

FORGET = """
CREATE FUNCTION forget_child_of_no_conference() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM conferences_conferencechild WHERE child_id = OLD.child_id) THEN
        DELETE FROM conferences_childdetails WHERE child_id = OLD.child_id;
        DELETE FROM conferences_child WHERE id = OLD.child_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_child AFTER DELETE ON conferences_conferencechild
    FOR EACH ROW EXECUTE FUNCTION forget_child_of_no_conference();
CREATE POLICY forget ON conferences_child FOR DELETE TO CURRENT_USER USING (true);
CREATE POLICY owner ON conferences_childdetails FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY forget ON conferences_childdetails FOR DELETE TO CURRENT_USER USING (true);
"""
REMEMBER = """
DROP TRIGGER forget_child ON conferences_conferencechild;
DROP FUNCTION forget_child_of_no_conference();
DROP POLICY forget ON conferences_child;
DROP POLICY owner ON conferences_childdetails;
DROP POLICY forget ON conferences_childdetails;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("conferences", "0005_words_in_copies"),
    ]

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
                    ("left_out", "Which children of the last conference are not part of this one, and why"),
                    ("next_date_late", "Why the next date is after the limit"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunSQL("SET LOCAL search_path = conferences, public", migrations.RunSQL.noop),
        migrations.RunSQL(FORGET, REMEMBER),
    ]

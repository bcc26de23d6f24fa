"""A booking's place belongs to the booking's own run: a key over both columns, which Django cannot declare."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE training_booking ADD CONSTRAINT booking_place_of_its_run"
            " FOREIGN KEY (place_id, run_id) REFERENCES training_place (id, run_id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE training_booking DROP CONSTRAINT booking_place_of_its_run",
        )
    ]

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import engagement.directory.models.fields


class Migration(migrations.Migration):
    """The feed's rows of places keep their own id, so that one taken away can be sent as inactive for a while."""

    dependencies = [("directory", "0002_lookalikes")]

    operations = [
        migrations.DeleteModel(name="FeedPlace"),
        migrations.CreateModel(
            name="FeedPlace",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        editable=False,
                        help_text="That of the service at the location.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.BigIntegerField(unique=True)),
                ("item", models.TextField()),
                ("whole", models.TextField()),
                ("bng", engagement.directory.models.fields.PointField(null=True)),
                (
                    "areas",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=9),
                        help_text="Boroughs served; null is not stated.",
                        null=True,
                        size=None,
                    ),
                ),
                (
                    "gone_on",
                    models.DateField(help_text="Withdrawn: the first day it is no longer in the feed.", null=True),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feed_places",
                        to="directory.service",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(fields=["bng"], name="feed_place_bng"),
                    models.Index(fields=["number", "gone_on"], name="feed_place_order"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="feedservice",
            index=models.Index(fields=["number", "gone_on"], name="feed_service_order"),
        ),
    ]

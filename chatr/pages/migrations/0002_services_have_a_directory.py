"""Take away the page “Find a service”: its address belongs to the directory."""

from django.db import migrations


def take_away(apps, schema_editor):
    """Staff's own words on it go too: nobody could reach them any more."""
    apps.get_model("pages", "Page").objects.using(schema_editor.connection.alias).filter(slug="services").delete()


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_initial")]

    operations = [migrations.RunPython(take_away, migrations.RunPython.noop)]

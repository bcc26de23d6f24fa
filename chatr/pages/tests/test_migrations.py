"""What a migration did to a portal that ran already."""

from importlib import import_module

from django.apps import apps
from django.db import connection

from chatr.pages.models import Page


def test_the_page_whose_address_the_directory_took_goes_and_no_other(db):
    Page.objects.create(slug="services", title="Find a service", body="Words.", is_published=True)
    before = set(Page.objects.values_list("slug", flat=True))
    migration = import_module("chatr.pages.migrations.0002_services_have_a_directory")
    migration.take_away(apps, connection.schema_editor())
    assert before - set(Page.objects.values_list("slug", flat=True)) == {"services"}

"""CONFERENCES_ENABLED off: no address, no menu, no query, no message, no staff page. In a portal of its own process."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

LOOK = """
import json, django
from django.conf import settings
def use(database): settings.DATABASES["default"]["NAME"] = database
django.setup()
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment
from django.urls import NoReverseMatch, get_resolver, reverse
from chatr.notifications import kinds
from chatr.web.navigation import ways_in
setup_test_environment()
call_command("check", verbosity=0)
paths = ["", "desk/", "emergency/", "emergency/review/", "copies/", "reports/", "new/", "oversight/", "counts/",
         "11111111-1111-4111-8111-111111111111/", "11111111-1111-4111-8111-111111111111/access/", "feedback/x/"]
with CaptureQueriesContext(connection) as queries:
    statuses = [Client().get("/conferences/" + path).status_code for path in paths]
try:
    found = reverse("conferences:desk")
except NoReverseMatch:
    found = None
print(json.dumps({
    "statuses": sorted(set(statuses)), "queries": [q["sql"] for q in queries if "conferences_" in q["sql"]],
    "ways": [way for way, _ in ways_in()], "reverse": found,
    "kinds": [kind.code for kind in kinds.all_kinds() if kind.code.startswith("conferences/")],
    "admin": [model.__name__ for model in admin.site._registry if model._meta.app_label == "conferences"],
    "namespaces": sorted(n for n in get_resolver().namespace_dict if n == "conferences"),
}))
"""


def look(enabled: bool) -> dict:
    """What a portal with the area on or off shows, asked in a process of its own."""
    environment = os.environ | {
        "CONFERENCES_ENABLED": str(enabled),
        "DJANGO_SETTINGS_MODULE": "chatr.settings_test",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    code = LOOK.replace("django.setup()", f"use({connection.settings_dict['NAME']!r})\ndjango.setup()")
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.django_db(transaction=True)
def test_switched_off_there_is_no_address_no_menu_no_query_no_message_and_no_staff_page():
    off = look(False)
    assert off["statuses"] == [404]
    assert off["queries"] == off["kinds"] == off["admin"] == off["namespaces"] == []
    assert off["reverse"] is None
    assert "Conferences" not in off["ways"]


@pytest.mark.django_db(transaction=True)
def test_switched_on_they_are_there():
    on = look(True)
    assert on["statuses"] != [404]
    assert on["kinds"]
    assert set(on["admin"]) == {"Team", "TeamMember"}
    assert on["reverse"] == "/conferences/desk/"
    assert "Conferences" in on["ways"]

import pytest
from django.db import transaction

from chatr.audit.operations import record
from chatr.testing.people import make_people

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 375])
def test_the_audit_can_be_read_and_filtered_by_everybody(open_page, axe, width, transactional_db):
    people = make_people()
    with transaction.atomic():
        record("training.booked", people.organisation, by=people.person, details={"places": 2})
        record("retention.purged", None, by=None)
    page = open_page(people.admin, width=width)
    page.goto("/admin/audit/auditevent/")
    assert [fault for fault in axe(page) if "(serious)" in fault or "(critical)" in fault] == []
    page.get_by_label("Name or e-mail address").fill("Ada")
    page.get_by_role("button", name="Filter").click()
    assert "training.booked" in page.locator("#result_list").inner_text()
    assert "retention.purged" not in page.locator("#result_list").inner_text()

from datetime import UTC, datetime

import pytest

from chatr.audit.models import AuditEvent
from chatr.audit.operations import record

LIST = "/admin/audit/auditevent/"


@pytest.fixture
def events(people):
    """A booking by the person in March, one by their colleague in April, and the portal's own."""

    def event(action, by, at, thing):
        return AuditEvent.objects.create(
            action=action,
            at=at,
            actor_id=by.pk if by else None,
            object_type=thing._meta.label_lower,
            object_id=str(thing.pk),
            details={"places": 2, "kinds": ["a", "b"]},
        )

    return [
        event("training.booked", people.person, datetime(2027, 3, 31, 22, 59, tzinfo=UTC), people.organisation),
        event("training.booked", people.colleague, datetime(2027, 3, 31, 23, tzinfo=UTC), people.next_organisation),
        event("retention.purged", None, datetime(2027, 4, 2, 12, tzinfo=UTC), people.organisation),
    ]


@pytest.fixture
def shown(client, sign_in, people, events):
    """``shown(**filters)``: the events on the list, newest first."""
    sign_in(client, people.admin)

    def shown(**filters):
        response = client.get(LIST, filters)
        assert response.status_code == 200
        return [event for event in response.context["cl"].result_list if event in events]

    return shown


def test_the_newest_come_first(shown, events):
    assert shown() == events[::-1]


@pytest.mark.parametrize(
    ("filters", "places"),
    [
        ({"action": "training.booked"}, [1, 0]),
        ({"person": "ada okafor"}, [0]),
        ({"person": "ben@mill-lane"}, [1]),
        ({"person": "nobody"}, []),
        ({"first": "2027-04-01"}, [2, 1]),  # 23:00 on 31 March in Greenwich is 1 April in London
        ({"last": "2027-03-31"}, [0]),
        ({"first": "2027-04-01", "last": "2027-04-01"}, [1]),
        ({"first": "31 February"}, [2, 1, 0]),
        ({"first": "2027-02-31"}, [2, 1, 0]),
        ({"action": "training.booked", "person": "mill-lane", "first": "2027-04-01"}, [1]),
    ],
)
def test_filters(shown, events, filters, places):
    assert shown(**filters) == [events[place] for place in places]


def test_filters_by_the_id_of_a_record_and_of_a_person(shown, events, people):
    assert shown(record=str(people.organisation.pk)) == [events[2], events[0]]
    assert shown(person=str(people.person.pk)) == [events[0]]


def test_one_filter_keeps_the_other(shown, client):
    page = client.get(LIST, {"action": "training.booked"}).content.decode()
    assert '<input type="hidden" name="action" value="training.booked">' in page


def test_the_list_reads_in_words(shown, client):
    page = client.get(LIST, {"person": "ada okafor"}).content.decode()
    assert "Ada Okafor" in page and "kinds: a, b, places: 2" in page and "organisation " in page
    assert "The portal itself" in client.get(LIST, {"action": "retention.purged"}).content.decode()


def test_an_event_is_read_and_never_changed(shown, client, events):
    address = f"{LIST}{events[0].pk}/change/"
    page = client.get(address)
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert client.post(address, {"action": "forged"}).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{events[0].pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("who", ["staff", "person"])
def test_others_may_not_read_it(client, sign_in, people, who):
    assert sign_in(client, getattr(people, who)).get(LIST).status_code in (302, 403)


def test_the_list_keeps_one_query_count(client, sign_in, people, keeps_one_query_count):
    sign_in(client, people.admin)
    keeps_one_query_count(lambda: record("a.b", people.organisation, by=people.staff), lambda: client.get(LIST))

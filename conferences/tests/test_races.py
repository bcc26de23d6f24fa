"""Two people at the same moment: one is served, the other told in plain words, and nothing breaks."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from chatr.database.acting import acting_as

from ..models import Assignment, AssignmentRole, Attendance, BreakGlass
from ..queries.signed import canonical, fingerprint
from .making import NOW, make_conference, make_professional
from .signable import make_held, make_signable

pytestmark = pytest.mark.django_db(transaction=True)


def address(name: str, *ids) -> str:
    return reverse(f"conferences:{name}", args=ids)


def take_minutes(cast, conference) -> None:
    """Let the minute-taker in."""
    with acting_as(conference.chair.pk):
        Assignment.objects.create(
            conference=conference,
            user=cast.minute_taker,
            role=AssignmentRole.MINUTE_TAKER,
            since=NOW,
            given_by=conference.chair,
        )


def all_send(run_threads, clients, url: str, given: dict) -> list:
    """Each client sends the same form at the same moment."""
    return run_threads([lambda client=client: client.post(url, given) for client in clients])


def codes(answers) -> list:
    return [getattr(one, "status_code", one) for one in answers]


def test_two_people_marking_who_is_there_at_once_are_both_kept(cast, sign_in, run_threads):
    conference = make_held(cast)
    take_minutes(cast, conference)
    with acting_as(cast.chair.pk):
        part = conference.parts.get()
    url = address("room", conference.pk)
    clients = [sign_in(Client(), who) for who in (cast.chair, cast.minute_taker)]
    for n in range(6):
        people = [make_professional(conference, f"New{n}{k} Example") for k in range(2)]

        def mark(client, person):
            return lambda: client.post(url, {"part": part.pk, "person": person.pk, "status": "present"})

        answers = run_threads([mark(*pair) for pair in zip(clients, people, strict=True)])
        assert codes(answers) == [302, 302]
        with acting_as(cast.chair.pk):
            assert Attendance.objects.filter(person__in=people, status="present").count() == 2


def test_one_person_marked_twice_at_once_is_there_once(cast, sign_in, run_threads):
    conference = make_held(cast)
    take_minutes(cast, conference)
    with acting_as(cast.chair.pk):
        part = conference.parts.get()
    clients = [sign_in(Client(), who) for who in (cast.chair, cast.minute_taker)]
    for n in range(4):
        person = make_professional(conference, f"Twice{n} Example")
        given = {"part": part.pk, "person": person.pk, "status": "present"}
        answers = all_send(run_threads, clients, address("room", conference.pk), given)
        assert codes(answers) == [302, 302]
        with acting_as(cast.chair.pk):
            assert Attendance.objects.filter(person=person).count() == 1


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("explanations", {}),
        ("late", {"why": "The chair was ill.", "interim": "Grandma came."}),
        ("choices", {"place": "By the door."}),
        ("preparation", {"declined": "on", "offer": "A call."}),
        ("contact", {"safe_contact": "phone", "phone": "07700 900000"}),
        ("take-part", {"code": "PN1"}),
    ],
)
def test_one_form_sent_twice_at_once_breaks_nothing(cast, sign_in, run_threads, name, given):
    conference = make_held(cast) if name != "late" else make_held(cast, s47_on=NOW.date().replace(day=2, month=2))
    with acting_as(cast.chair.pk):
        person = conference.people.get(kind="family")
        child = conference.children.order_by("position").first()
        if name == "take-part":
            child.participation.delete()
        if name == "preparation":
            person.preparation.delete()
    ids = {"take-part": [child.pk], "explanations": [], "late": []}.get(name, [person.pk])
    if name == "late":
        given = given | {"agreed_by": cast.manager.pk}
    clients = [sign_in(Client(), cast.chair) for _ in range(3)]
    url = address(name, conference.pk, *ids)
    if name == "explanations":
        page = clients[0].get(url).content.decode()
        given = dict.fromkeys(re.findall(r'<textarea[^>]*name="([^"]+)"', page), "Because.")
    answers = all_send(run_threads, clients, url, given)
    assert set(codes(answers)) <= {302, 200, 409}


def test_signing_while_the_minute_taker_writes_breaks_nothing(cast, sign_in, run_threads):
    for n in range(3):
        conference = make_signable(cast, children=1, ids=f"S{n}")
        take_minutes(cast, conference)
        with acting_as(cast.chair.pk):
            seen = fingerprint(canonical(conference))
            person = conference.people.get(kind="family")
            part = conference.parts.get()
            child = conference.children.get()
        chair = sign_in(Client(), cast.chair)
        posts = [
            (chair, address("sign-now", conference.pk), {"version": seen, "name": cast.chair.name}),
            *(
                (sign_in(Client(), cast.minute_taker), url, given)
                for url, given in (
                    (address("room", conference.pk), {"part": part.pk, "person": person.pk, "status": "apologies"}),
                    (address("choices", conference.pk, person.pk), {"place": "By the door."}),
                    (address("take-part", conference.pk, child.pk), {"code": "PN2"}),
                    (address("add-part", conference.pk), {"starts": "15:00", "ends": "16:00"}),
                )
            ),
        ]
        answers = run_threads([lambda one=one: one[0].post(one[1], one[2]) for one in posts])
        assert set(codes(answers)) <= {302, 200, 409}, codes(answers)


def test_breaking_the_glass_twice_at_once_opens_one_reading(cast, sign_in, run_threads):
    make_conference(cast)
    reason = "The night team has found her alone."
    given = {"la_child_id": "A1", "ground": "risk_now", "reason": reason, "understood": "on"}
    clients = [sign_in(Client(), cast.neighbour) for _ in range(3)]
    answers = all_send(run_threads, clients, "/conferences/emergency/", given)
    assert sorted(codes(answers)) == [200, 200, 302]
    with acting_as(cast.neighbour.pk):
        assert BreakGlass.objects.count() == 1


def test_two_people_handing_over_at_once_leave_one_chair(cast, sign_in, run_threads):
    conference = make_conference(cast)
    with acting_as(cast.manager.pk):
        to = cast.team.members.get(user=cast.colleague).pk
        minutes = cast.team.members.get(user=cast.minute_taker).pk
    for role, whom in (("chair", to), ("minute_taker", minutes), ("cover", to)):
        given = {"to": whom, "role": role, "reason": "She is ill."}
        clients = [sign_in(Client(), who) for who in (cast.chair, cast.manager, cast.manager)]
        answers = all_send(run_threads, clients, address("hand-over", conference.pk), given)
        assert set(codes(answers)) <= {302, 200, 404}, codes(answers)
        with acting_as(cast.manager.pk):
            assert Assignment.objects.live().filter(conference=conference, role="chair").count() == 1

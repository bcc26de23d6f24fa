"""Teams of chairs on the staff pages: who names whom, who is told, and that staff see nothing of a record."""

import pytest
from django.urls import reverse

from chatr.audit.models import AuditEvent
from chatr.database.acting import acting_as
from chatr.notifications.models import Message
from chatr.notifications.operations import preview
from chatr.testing.people import make_person

from ..models import Assignment, AssignmentRole, Conference, Team, TeamMember, TeamRole
from ..operations import teams
from ..operations.teams import CannotChangeTeam
from .attacking import let_in
from .making import NOW, make_conference

pytestmark = pytest.mark.django_db

LIST, ADD = "/admin/conferences/teammember/", "/admin/conferences/teammember/add/"


def add(user, role, cast, by=None):
    by = by or cast.staff
    with acting_as(by.pk):
        return teams.add_member(member=TeamMember(team=cast.team, user=user, role=role), by=by, now=NOW)


@pytest.fixture
def administrator(client, sign_in, cast):
    sign_in(client, cast.staff)
    return client


def live(user) -> list:
    with acting_as(user.pk):
        return list(TeamMember.objects.live().filter(user=user).values_list("role", flat=True))


def test_staff_put_somebody_into_a_team_who_then_schedules_with_it(administrator, cast):
    new = make_person("Ivo Lane", "ivo@council.example.org", None, "conference_chair")
    answer = administrator.post(ADD, {"team": cast.team.pk, "user": new.pk, "role": "chair"})
    assert answer.status_code == 302
    assert live(new) == ["chair"]
    event = AuditEvent.objects.get(action="conferences.team_member_added")
    assert event.details == {"team": str(cast.team.pk), "person": str(new.pk), "role": "chair"}
    assert event.actor_id == cast.staff.pk
    assert "Ivo Lane" in administrator.get(LIST).content.decode()
    assert not Message.objects.exists()


def test_staff_make_and_rename_a_team(administrator, cast):
    administrator.post("/admin/conferences/team/add/", {"name": "Lock team", "chair_title": "Lead practitioner"})
    with acting_as(cast.staff.pk):
        team = Team.objects.get(name="Lock team")
    page = f"/admin/conferences/team/{team.pk}/change/"
    administrator.post(page, {"name": "Lock and weir team", "chair_title": "Conference chair"})
    assert "Lock and weir team" in administrator.get("/admin/conferences/team/").content.decode()
    assert "Lock and weir team" in administrator.get(page).content.decode()
    actions = AuditEvent.objects.filter(object_type="conferences.team").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["conferences.team_added", "conferences.team_changed"]


@pytest.mark.parametrize("role", TeamRole.values)
def test_without_the_matching_role_it_is_refused_in_words_and_nothing_is_written(administrator, cast, role):
    answer = administrator.post(ADD, {"team": cast.team.pk, "user": cast.teacher.pk, "role": role})
    assert "first needs a role that allows" in answer.content.decode()
    assert live(cast.teacher) == []


def test_a_chair_does_not_become_a_manager_for_lack_of_that_role(cast):
    with pytest.raises(CannotChangeTeam, match="Manage a team"):
        add(cast.colleague, TeamRole.MANAGER, cast)


def test_nobody_puts_or_takes_themselves(administrator, cast, sign_in):
    both = make_person("Bo Reed", "bo@programme.example.org", None, "programme_administrator", "chairs_manager")
    with pytest.raises(CannotChangeTeam, match="themselves"):
        add(both, TeamRole.MANAGER, cast, by=both)
    member = add(both, TeamRole.MANAGER, cast)
    with acting_as(both.pk), pytest.raises(CannotChangeTeam, match="themselves"):
        teams.take_out(member=member, by=both, now=NOW)
    administrator.logout()
    sign_in(administrator, both)
    answer = administrator.post(ADD, {"team": cast.next_team.pk, "user": both.pk, "role": "manager"})
    assert "Nobody can put themselves into a team" in answer.content.decode()


def test_twice_in_one_part_is_refused_and_leaves_nothing_behind(administrator, cast):
    answer = administrator.post(ADD, {"team": cast.team.pk, "user": cast.colleague.pk, "role": "chair"})
    assert "already" in answer.content.decode()
    with pytest.raises(CannotChangeTeam, match="already"):
        add(cast.colleague, TeamRole.CHAIR, cast)
    assert live(cast.colleague) == ["chair"]


def test_the_teams_other_managers_are_told_of_a_new_one_without_a_name(cast):
    new = make_person("Mo Vane", "mo@council.example.org", None, "chairs_manager")
    add(new, TeamRole.MANAGER, cast)
    (message,) = Message.objects.filter(kind="conferences/new_manager")
    assert message.recipient == cast.manager
    said = str(preview(message, now=NOW))
    for word in ("Mo Vane", "Mill", "council.example.org"):
        assert word not in said.replace("max@council.example.org", "")


def test_taking_a_chair_out_says_how_many_conferences_are_to_be_handed_over(administrator, cast, conference):
    make_conference(cast, ids="C")
    finished = make_conference(cast, ids="D")
    make_conference(cast, chair=cast.neighbour, ids="B")
    with acting_as(cast.chair.pk):
        Conference.objects.filter(pk=finished.pk).update(state="cancelled")
        member = TeamMember.objects.get(user=cast.chair)
    path = reverse("admin:conferences_teammember_take-out", args=[member.pk])
    asked = administrator.get(path).content.decode()
    assert "They still have 2 conferences in this part" in asked
    assert str(conference.pk) not in asked
    answer = administrator.post(path, {"confirmed": "yes"}, follow=True)
    assert "2 conferences" in answer.content.decode()
    assert live(cast.chair) == []
    assert AuditEvent.objects.get(action="conferences.team_member_taken_out").details["to_hand_over"] == 2
    with acting_as(cast.chair.pk):  # until it is handed over, a record has its chair
        assert Assignment.objects.live().filter(conference=conference).exists()


def test_a_minute_takers_conferences_are_counted_too(cast, conference):
    with acting_as(cast.chair.pk):
        let_in(conference, cast.minute_taker, AssignmentRole.MINUTE_TAKER, cast.chair)
    with acting_as(cast.staff.pk):
        member = TeamMember.objects.get(user=cast.minute_taker)
        assert teams.take_out(member=member, by=cast.staff, now=NOW) == 1
        with pytest.raises(CannotChangeTeam, match="ended already"):
            teams.take_out(member=member, by=cast.staff, now=NOW)


@pytest.mark.parametrize("role", ["programme_staff", "chairs_manager"])
def test_only_those_who_look_after_accounts_see_these_pages(client, sign_in, cast, role):
    sign_in(client, make_person("Una Dale", "una@programme.example.org", None, role))
    for path in (LIST, ADD, "/admin/conferences/team/"):
        assert client.get(path).status_code in (302, 403)
    assert client.post(ADD, {"team": cast.team.pk, "user": cast.colleague.pk, "role": "manager"}).status_code in (
        302,
        403,
    )
    assert live(cast.colleague) == ["chair"]


def test_nothing_else_of_conferences_is_on_the_staff_pages(administrator, cast, conference):
    from django.apps import apps
    from django.contrib import admin

    ours = {model._meta.model_name for model in apps.get_app_config("conferences").get_models()}
    shown = {model._meta.model_name for model in admin.site._registry if model._meta.app_label == "conferences"}
    assert shown == {"team", "teammember"} < ours
    for path in (LIST, "/admin/", "/admin/conferences/", f"/admin/conferences/team/{cast.team.pk}/history/"):
        page = administrator.get(path).content.decode()
        assert "ChildA1" not in page
        assert str(conference.pk) not in page


def test_the_list_costs_the_same_with_one_row_and_with_three(administrator, cast, keeps_one_query_count):
    numbers = iter(range(9))

    def add_row():
        number = next(numbers)
        add(make_person(f"P{number}", f"p{number}@council.example.org", None, "conference_chair"), TeamRole.CHAIR, cast)

    keeps_one_query_count(add_row, lambda: administrator.get(LIST), at_most=16)

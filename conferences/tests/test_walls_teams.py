"""Who names the members of a chairs' team: staff, one by one, and never themselves."""

import pytest

from chatr.accounts.models import RoleGrant
from chatr.database.acting import acting_as
from chatr.testing.people import make_person

from ..models import (
    Conference,
    Team,
    TeamMember,
    TeamRole,
)
from .attacking import BESIDE, refused
from .making import NOW

pytestmark = pytest.mark.django_db


def test_nobody_but_staff_names_who_belongs_to_a_team(cast, conference):
    fields = {"team": cast.team, "role": TeamRole.MANAGER, "since": NOW}
    for by in (cast.chair, cast.manager, cast.teacher, cast.neighbour):
        assert BESIDE in refused(
            lambda by=by: TeamMember.objects.create(user=cast.health_visitor, given_by=by, **fields), by
        )
        assert BESIDE in refused(lambda: Team.objects.create(name="Mine"), by)
        with acting_as(by.pk):
            assert TeamMember.objects.update(until=NOW) == 0
            assert Team.objects.update(name="Mine") == 0


def test_staff_name_neither_themselves_nor_in_another_name(cast):
    fields = {"team": cast.team, "role": TeamRole.MANAGER, "since": NOW}
    another = make_person("Ola Reed", "ola@programme.example.org", None, "programme_administrator")
    for user, given_by in ((cast.staff, cast.staff), (cast.staff, another), (cast.teacher, another)):
        assert (
            refused(
                lambda user=user, by=given_by: TeamMember.objects.create(user=user, given_by=by, **fields), cast.staff
            )
            != ""
        )


def test_a_membership_ends_and_is_never_turned_into_another(cast):
    theirs = TeamMember.objects.filter(user=cast.colleague)
    for change in ({"role": TeamRole.MANAGER}, {"team": cast.next_team}, {"user": cast.teacher}):
        assert refused(lambda change=change: theirs.update(**change), cast.staff) == "it_can_only_end"
    assert refused(lambda: theirs.update(until=NOW), cast.staff) == ""
    assert refused(lambda: theirs.update(until=None), cast.staff) == "it_can_only_end"


def test_a_manager_taken_out_of_the_team_sees_nothing_of_it(cast, conference):
    with acting_as(cast.staff.pk):
        TeamMember.objects.filter(user=cast.manager).update(until=NOW)
    with acting_as(cast.manager.pk):
        assert not Conference.objects.exists()


def test_staff_whose_role_ended_name_nobody(cast):
    RoleGrant.objects.filter(user=cast.staff).update(ended_at=NOW)
    with acting_as(cast.staff.pk):
        assert TeamMember.objects.update(until=NOW) == 0

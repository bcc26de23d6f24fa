"""``import_programme`` at the command line: shows first, writes only when told to and for whom."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ..models import CourseRun
from .test_admin import programme
from .test_programme import row

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    """A programme of two runs, one of them wrong."""
    path = tmp_path / "programme.csv"
    path.write_bytes(programme(row(), row(run_ref="BAD-1", date="31/02/2027")).read())
    return path


def run_it(*arguments) -> str:
    said = StringIO()
    call_command("import_programme", *map(str, arguments), stdout=said)
    return said.getvalue()


def test_it_shows_and_writes_nothing(people, file):
    said = run_it(file)
    assert "1 course, 1 run, 1 date, 24 places\n2 new, 0 changed\nRefused: Row 3 (BAD-1)" in said
    assert not CourseRun.objects.exists()


def test_it_writes_whole_good_runs_for_a_member_of_staff(people, file):
    assert "1 new published" in run_it(file, "--write", "--publish", "--by", people.staff.email)
    assert CourseRun.objects.get().status == CourseRun.Status.PUBLISHED
    assert "0 new, 0 changed" in run_it(file)


@pytest.mark.parametrize("who", ["ada@mill-lane.example.org", "nobody@example.org", ""])
def test_somebody_who_may_not_change_training_writes_nothing(people, file, who):
    with pytest.raises(CommandError, match="member of staff"):
        run_it(file, "--write", "--by", who)
    assert not CourseRun.objects.exists()


def test_a_file_that_is_not_there_is_said_plainly(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run_it(tmp_path / "nothing.csv")

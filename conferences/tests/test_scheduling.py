"""Scheduling a conference for a family: what is kept, what is refused and how it is said."""

import uuid
from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chatr.audit.models import AuditEvent
from chatr.database.acting import acting_as
from chatr.workdays.clock import local

from ..models import (
    Assignment,
    Child,
    ChildDetails,
    Clock,
    Conference,
    ConferenceChild,
    Explanation,
    Person,
    Section,
    TeamMember,
)
from ..operations.children import correct_child, remove_child
from ..operations.scheduling import (
    ASK_THE_MANAGER,
    CannotSchedule,
    ChildToBe,
    MustConfirm,
    add_child,
    change_arrangements,
    schedule_conference,
)
from .making import NOW, make_conference

pytestmark = pytest.mark.django_db

NEW = "/conferences/new/"


def soon() -> date:
    """A working Thursday a few weeks ahead, on no bank holiday."""

    from chatr.workdays.models import BankHoliday

    day = timezone.localdate() + timedelta(days=28)
    while day.weekday() != 3 or BankHoliday.objects.filter(date=day).exists():
        day += timedelta(days=1)
    return day


def parts(name: str, day: date) -> dict:
    return {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year}


def a_child(n: int, la_id: str, name: str = "Ama Example", born: date | None = date(2016, 5, 4), **more) -> dict:
    return (
        {f"la_child_id_{n}": la_id, f"name_{n}": name, f"sex_{n}": "F"}
        | (parts(f"born_on_{n}", born) if born else {})
        | more
    )


def answers(cast, **more) -> dict:
    """A complete form by the cast's chair about one child, as a browser sends it."""
    with acting_as(cast.chair.pk):
        member = TeamMember.objects.get(user=cast.chair)
    return (
        {"form_key": str(uuid.uuid4()), "kind": "initial", "at": "9:30", "minutes": "90", "mode": "in_person"}
        | {"place": "Mill Hall", "chair": str(member.pk), "wrote_report": ""}
        | parts("day", soon())
        | a_child(1, "ABC1")
        | more
    )


def conferences(user) -> list[Conference]:
    with acting_as(user.pk):
        return list(Conference.objects.select_related("arrangements"))


# The way through


def test_a_chair_schedules_for_two_children_and_checks_before_anything_is_kept(client, sign_in, cast):
    sign_in(client, cast.chair)
    assert "Schedule a conference" in client.get(NEW).content.decode()
    sent = answers(cast) | a_child(2, "ABC2", "Kofi Example", None) | parts("expected_on_2", soon())
    check = client.post(NEW, sent)
    assert "Check your answers" in check.content.decode()
    assert conferences(cast.chair) == []
    done = client.post(NEW, sent | {"confirm": "yes"})
    (conference,) = conferences(cast.chair)
    assert done["Location"] == reverse("conferences:people", args=[conference.pk])
    assert str(conference.pk) == sent["form_key"]
    assert conference.scheduled_at == local(soon(), time(9, 30))
    assert conference.arrangements.place == "Mill Hall"
    with acting_as(cast.chair.pk):
        children = list(ConferenceChild.objects.select_related("child__details").order_by("position"))
        assert [child.child.la_child_id for child in children] == ["ABC1", "ABC2"]
        unborn = children[1].child.details
        assert (unborn.born_on, unborn.expected_on, unborn.sex) == (None, soon(), "U")
        assert Assignment.objects.get().user == cast.chair
        assert Section.objects.count() == 12 + 3 * 2
        assert Clock.objects.filter(kind="reports").exists()
    assert AuditEvent.objects.filter(action="conferences.scheduled", actor_id=cast.chair.pk).count() == 1


def test_the_same_form_sent_twice_is_one_conference(client, sign_in, cast):
    sign_in(client, cast.chair)
    sent = answers(cast) | {"confirm": "yes"}
    first, second = client.post(NEW, sent), client.post(NEW, sent)
    assert first["Location"] == second["Location"]
    assert len(conferences(cast.chair)) == 1


def test_another_child_is_added_and_taken_off_without_scripts_and_nothing_typed_is_lost(client, sign_in, cast):
    sign_in(client, cast.chair)
    more = client.post(NEW, answers(cast) | {"add-child": "Add another child"})
    form = more.context["form"]
    assert list(form.places) == [1, 2]
    assert form["name_1"].value() == "Ama Example"
    assert not form.errors
    both = answers(cast) | a_child(2, "ABC2", "Kofi Example")
    fewer = client.post(NEW, both | {"remove-1": "Take child 1 off the list"}).context["form"]
    assert list(fewer.places) == [1]
    assert (fewer["la_child_id_1"].value(), fewer["name_1"].value()) == ("ABC2", "Kofi Example")


def test_a_minute_taker_schedules_for_their_teams_chair_and_is_let_in(client, sign_in, cast):
    sign_in(client, cast.minute_taker)
    client.post(NEW, answers(cast) | {"confirm": "yes"})
    with acting_as(cast.minute_taker.pk):
        assert set(Assignment.objects.values_list("user__name", "role")) == {
            ("Cleo Hart", "chair"),
            ("Mina Cole", "minute_taker"),
        }


def test_a_manager_schedules_and_needs_no_assignment(client, sign_in, cast):
    sign_in(client, cast.manager)
    client.post(NEW, answers(cast) | {"confirm": "yes"})
    with acting_as(cast.manager.pk):
        assert [one.user for one in Assignment.objects.all()] == [cast.chair]


# Who may


def test_contributors_and_staff_do_not_learn_that_conferences_are_scheduled_here(client, sign_in, cast):
    for person in (cast.teacher, cast.health_visitor, cast.staff):
        sign_in(client, person)
        assert client.get(NEW).status_code == 404


def test_the_next_teams_chair_cannot_be_chosen(client, sign_in, cast):
    sign_in(client, cast.chair)
    with acting_as(cast.staff.pk):
        neighbour = TeamMember.objects.get(user=cast.neighbour)
    page = client.post(NEW, answers(cast, chair=str(neighbour.pk)) | {"confirm": "yes"})
    assert page.context["form"].errors["chair"]
    assert conferences(cast.chair) == []
    with acting_as(cast.chair.pk), pytest.raises(CannotSchedule):
        schedule_conference(
            team=cast.team,
            kind="initial",
            scheduled_at=local(date(2026, 3, 23), time(10)),
            minutes=60,
            chair=cast.neighbour,
            children=[ChildToBe("Z1", name="Zed Example", born_on=date(2015, 1, 1))],
            by=cast.chair,
            now=NOW,
        )


@pytest.mark.parametrize("who", ["neighbour", "next_manager", "colleague", "teacher"])
@pytest.mark.parametrize("name", ["change-conference", "add-child"])
def test_nobody_else_opens_the_arrangements(client, sign_in, cast, conference, who, name):
    sign_in(client, getattr(cast, who))
    address = reverse(f"conferences:{name}", args=[conference.pk])
    assert client.get(address).status_code == 404
    assert client.post(address, a_child(1, "STOLEN1")).status_code == 404
    with acting_as(cast.chair.pk):
        assert ConferenceChild.objects.count() == 2


def test_a_child_of_another_conference_is_a_404_here(client, sign_in, cast, conference):
    other = make_conference(cast, ids="B")
    with acting_as(cast.chair.pk):
        theirs = other.children.first()
    sign_in(client, cast.chair)
    assert client.get(reverse("conferences:correct-child", args=[conference.pk, theirs.pk])).status_code == 404


# Days


def test_behaviour_13_a_weekend_is_refused_in_plain_words_and_all_other_input_is_kept(client, sign_in, cast):
    sign_in(client, cast.chair)
    saturday = date.fromordinal(soon().toordinal() + 2)
    page = client.post(NEW, answers(cast) | parts("day", saturday))
    assert "A conference is held from Monday to Friday." in page.content.decode()
    form = page.context["form"]
    assert form["name_1"].value() == "Ama Example"
    assert form["place"].value() == "Mill Hall"
    assert conferences(cast.chair) == []


def test_behaviour_13_a_bank_holiday_asks_once_more(cast):
    given = {
        "team": cast.team,
        "kind": "initial",
        "scheduled_at": local(date(2026, 5, 25), time(10)),
        "minutes": 60,
        "chair": cast.chair,
        "children": [ChildToBe("Z1", name="Zed Example", born_on=date(2015, 1, 1))],
        "by": cast.chair,
        "now": NOW,
    }
    with acting_as(cast.chair.pk):
        with pytest.raises(MustConfirm, match="Monday 25 May 2026 is a bank holiday"):
            schedule_conference(**given)
        assert schedule_conference(**given, bank_holiday_meant=True).pk


@pytest.mark.parametrize("year", [1926, 2062, 9999])
def test_absurd_years_are_refused(client, sign_in, cast, year):
    sign_in(client, cast.chair)
    page = client.post(NEW, answers(cast, day_2=str(year)))
    assert "Check the year" in page.content.decode()


def test_a_transfer_needs_the_day_of_its_notification(client, sign_in, cast):
    sign_in(client, cast.chair)
    page = client.post(NEW, answers(cast, kind="transfer_in"))
    assert page.context["form"].errors["notified_on"] == ["Enter the date of the written notification"]
    told = parts("notified_on", timezone.localdate())
    client.post(NEW, answers(cast, kind="transfer_in") | told | {"confirm": "yes"})
    assert conferences(cast.chair)[0].notified_on == timezone.localdate()


# Children


def test_a_child_known_to_me_is_shown_by_name_and_used_as_they_are(client, sign_in, cast):
    make_conference(cast, children=[ChildToBe("KNOWN1", name="Noor Example", born_on=date(2014, 2, 3))])
    sign_in(client, cast.chair)
    sent = answers(cast) | {"la_child_id_1": "KNOWN1", "name_1": "Somebody Else"}
    page = client.post(NEW, sent).content.decode()
    assert "Noor Example" in page
    assert "You know this child from another conference" in page
    client.post(NEW, sent | {"confirm": "yes"})
    with acting_as(cast.chair.pk):
        assert ChildDetails.objects.get().name == "Noor Example"
        assert list(Person.objects.values_list("name", flat=True).distinct()) != []
        assert {person.name for person in Person.objects.all()} == {"Noor Example"}
        assert Child.objects.count() == 1


def test_a_child_of_the_next_team_is_not_found_and_the_manager_is_asked(client, sign_in, cast):
    make_conference(
        cast, chair=cast.neighbour, children=[ChildToBe("THEIRS1", name="Xo Hidden", born_on=date(2014, 2, 3))]
    )
    sign_in(client, cast.chair)
    page = client.post(NEW, answers(cast) | {"la_child_id_1": "THEIRS1"})
    assert page.context["form"].errors["la_child_id_1"] == [ASK_THE_MANAGER]
    assert "Xo Hidden" not in page.content.decode()
    assert conferences(cast.chair) == []


def test_a_colleagues_child_without_an_assignment_is_not_found_either(client, sign_in, cast):
    make_conference(cast, ids="C")
    sign_in(client, cast.colleague)
    with acting_as(cast.staff.pk):
        member = TeamMember.objects.get(user=cast.colleague)
    page = client.post(NEW, answers(cast, chair=str(member.pk), la_child_id_1="C1"))
    assert page.context["form"].errors["la_child_id_1"] == [ASK_THE_MANAGER]


@pytest.mark.parametrize("la_id", ["AB-1", "A B", "x" * 21, "É1", "A1\x00", ""])
def test_a_malformed_local_id_is_refused_in_plain_words(client, sign_in, cast, la_id):
    sign_in(client, cast.chair)
    page = client.post(NEW, answers(cast, la_child_id_1=la_id))
    assert page.status_code == 200
    assert page.context["form"].errors["la_child_id_1"]
    assert page.context["form"]["name_1"].value() == "Ama Example"


def test_one_child_twice_is_refused_beside_the_second(client, sign_in, cast):
    sign_in(client, cast.chair)
    page = client.post(NEW, answers(cast) | a_child(2, "ABC1"))
    assert list(page.context["form"].errors) == ["la_child_id_2"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"born_on_1_0": "", "born_on_1_1": "", "born_on_1_2": ""}, "born_on_1"),
        ({"born_on_1_2": "1970"}, "born_on_1"),
        ({"born_on_1_2": "2090"}, "born_on_1"),
        ({"expected_on_1_0": "1", "expected_on_1_1": "1", "expected_on_1_2": "2027"}, "expected_on_1"),
        ({"name_1": ""}, "name_1"),
    ],
)
def test_a_new_child_has_a_name_and_exactly_one_date(client, sign_in, cast, given, field):
    sign_in(client, cast.chair)
    assert list(client.post(NEW, answers(cast, **given)).context["form"].errors) == [field]


def test_behaviour_18_an_unborn_child_needs_no_birth_date_and_the_birth_starts_the_clocks(cast):
    expected = date(2026, 6, 1)
    conference = make_conference(
        cast, kind="pre_birth", children=[ChildToBe("U1", name="Baby Example", expected_on=expected, sex="M")]
    )
    with acting_as(cast.chair.pk):
        child = conference.children.select_related("conference", "child__details").get()
        assert (child.child.details.sex, child.child.details.expected_on) == ("U", expected)
        with pytest.raises(CannotSchedule) as refused:
            correct_child(
                child=child, name="B", known_as="", born_on=None, expected_on=None, sex="U", by=cast.chair, now=NOW
            )
        assert refused.value.field == "expected_on"
        correct_child(
            child=child,
            name="Ivy Example",
            known_as="",
            born_on=date(2026, 5, 20),
            expected_on=None,
            sex="F",
            by=cast.chair,
            now=NOW,
        )
        details = ChildDetails.objects.get()
        assert (details.name, details.sex, details.expected_on) == ("Ivy Example", "F", expected)
        assert Person.objects.get(child=child).name == "Ivy Example"
    event = AuditEvent.objects.get(action="conferences.birth_recorded")
    assert event.details == {"born_on": "2026-05-20"}


def test_an_unborn_childs_sex_stays_unknown_whatever_is_typed(client, sign_in, cast):
    today = timezone.localdate()
    conference = make_conference(cast, children=[ChildToBe("U1", name="Baby Example", expected_on=today)])
    with acting_as(cast.chair.pk):
        child = conference.children.get()
    sign_in(client, cast.chair)
    page = reverse("conferences:correct-child", args=[conference.pk, child.pk])
    assert client.post(page, {"name_1": "Bump", "sex_1": "M"} | parts("expected_on_1", today)).status_code == 302
    with acting_as(cast.chair.pk):
        details = ChildDetails.objects.get()
        assert (details.name, details.sex) == ("Bump", "U")


def test_behaviour_18_a_birth_after_signing_is_written_down_and_its_limit_runs(client, sign_in, cast):
    today = timezone.localdate()
    conference = make_conference(
        cast,
        kind="pre_birth",
        at=timezone.now(),
        now=timezone.now(),
        children=[ChildToBe("U1", name="Baby Example", expected_on=today)],
    )
    with acting_as(cast.chair.pk):
        child = conference.children.get()
        signing = {"signed_at": timezone.now(), "signed_by": cast.chair, "content_sha256": "0" * 64}
        Conference.objects.update(state="signed", held_on=date(2026, 3, 9), quorate=True, **signing)
    sign_in(client, cast.chair)
    page = reverse("conferences:correct-child", args=[conference.pk, child.pk])
    assert "When the child is born" in client.get(page).content.decode()
    answer = client.post(page, {"name_1": "Ivy Example", "sex_1": "F"} | parts("born_on_1", today))
    assert answer.status_code == 302
    with acting_as(cast.chair.pk):
        assert ChildDetails.objects.get().born_on == today
        assert Person.objects.get().name == "Baby Example"  # the signed record keeps its words
        clock = Clock.objects.get(kind="birth")
        assert (clock.start_on, clock.child_id) == (today, child.pk)


def test_that_a_child_has_died_is_written_down_with_a_day_that_can_be(client, sign_in, cast, conference):
    with acting_as(cast.chair.pk):
        child = conference.children.order_by("position").first()
    sign_in(client, cast.chair)
    page = reverse("conferences:correct-child", args=[conference.pk, child.pk])
    known = {"name_1": "Ada Example", "sex_1": "F"} | parts("born_on_1", date(2015, 1, 1))
    for day in (date(2014, 12, 31), timezone.localdate() + timedelta(days=1)):
        answer = client.post(page, known | parts("died_on_1", day))
        assert list(answer.context["form"].errors) == ["died_on_1"]
        assert answer.context["form"]["name_1"].value() == "Ada Example"
    assert client.post(page, known | parts("died_on_1", date(2026, 3, 1))).status_code == 302
    with acting_as(cast.chair.pk):
        assert ChildDetails.objects.get(child=child.child_id).died_on == date(2026, 3, 1)
    assert client.get(page).context["form"].initial["died_on_1"] == date(2026, 3, 1)


def test_a_child_is_added_with_their_sections_in_the_fixed_order(client, sign_in, cast, conference):
    sign_in(client, cast.chair)
    client.post(reverse("conferences:add-child", args=[conference.pk]), a_child(1, "NEW1"))
    with acting_as(cast.chair.pk):
        assert ConferenceChild.objects.count() == 3
        kinds = list(Section.objects.order_by("position").values_list("kind", flat=True))
        assert kinds[:5] == ["safety", "child_words", "child_words", "child_words", "family_know"]
        assert list(Section.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 22))


def test_a_mistyped_child_is_taken_off_and_the_id_can_be_used_again(client, sign_in, cast, conference):
    with acting_as(cast.chair.pk):
        child = conference.children.get(position=2)
    sign_in(client, cast.chair)
    address = reverse("conferences:remove-child", args=[conference.pk, child.pk])
    assert "ChildA2 Example" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    with acting_as(cast.chair.pk):
        assert conference.children.count() == 1
        assert not Child.objects.filter(la_child_id="A2").exists()
        assert Section.objects.count() == 12 + 3
    other = make_conference(
        cast, chair=cast.neighbour, children=[ChildToBe("A2", name="Right Example", born_on=date(2015, 1, 1))]
    )
    with acting_as(cast.neighbour.pk):
        assert other.children.get().child.details.name == "Right Example"


def test_a_child_is_not_taken_off_alone_nor_once_it_has_begun_nor_with_something_written(cast, conference):
    with acting_as(cast.chair.pk):
        first, second = conference.children.select_related("conference").order_by("position")
        person = Person.objects.get(child=second)
        person.choices.create(conference=conference, kind="words_to_use", words="Ama, not Amanda")
        with pytest.raises(CannotSchedule, match="written down"):
            remove_child(child=second, by=cast.chair, now=NOW)
        person.choices.all().delete()
        remove_child(child=second, by=cast.chair, now=NOW)
        with pytest.raises(CannotSchedule, match="at least one child"):
            remove_child(child=first, by=cast.chair, now=NOW)
        Conference.objects.update(state="draft", held_on=date(2026, 3, 9))
        with pytest.raises(CannotSchedule, match="begun"):
            add_child(conference=conference, child=ChildToBe("N1", name="N"), by=cast.chair, now=NOW)


# Independence


def test_behaviour_34_a_chair_who_wrote_the_report_is_refused_and_a_managers_override_prints(client, sign_in, cast):
    sent = answers(cast)
    sent["wrote_report"] = sent["chair"]
    sign_in(client, cast.chair)
    page = client.post(NEW, sent | {"independence_reason": "I say so myself"})
    assert "does not chair" in page.context["form"].errors["chair"][0]
    sign_in(client, cast.manager)
    page = client.post(NEW, sent)
    assert page.context["form"].errors["independence_reason"]
    client.post(NEW, sent | {"independence_reason": "Nobody else can be there in time.", "confirm": "yes"})
    (conference,) = conferences(cast.manager)
    assert conference.independence_overridden_by == cast.manager
    with acting_as(cast.chair.pk):
        assert Explanation.objects.get(kind="independence").words == "Nobody else can be there in time."


def test_behaviour_34_what_a_manager_overrode_only_a_manager_changes(client, sign_in, cast):
    sent = answers(cast)
    sent["wrote_report"] = sent["chair"]
    sign_in(client, cast.manager)
    client.post(NEW, sent | {"independence_reason": "Nobody else can be there in time.", "confirm": "yes"})
    (conference,) = conferences(cast.manager)
    page = reverse("conferences:change-conference", args=[conference.pk])
    change = {"at": "9:30", "minutes": "90", "mode": "online"} | parts("day", soon())
    sign_in(client, cast.chair)
    assert "Only a manager changes it." in client.post(page, change).content.decode()
    assert client.post(page, change | {"wrote_report": sent["chair"]}).status_code == 302
    sign_in(client, cast.manager)
    assert client.post(page, change).status_code == 302
    (conference,) = conferences(cast.manager)
    assert (conference.report_author, conference.independence_overridden_by) == (None, None)
    with acting_as(cast.chair.pk):
        assert not Explanation.objects.exists()


def test_behaviour_34_nobody_overrides_for_themselves(cast):
    with acting_as(cast.staff.pk):
        TeamMember.objects.create(team=cast.team, user=cast.chair, role="manager", since=NOW, given_by=cast.staff)
    with acting_as(cast.chair.pk), pytest.raises(CannotSchedule):
        schedule_conference(
            team=cast.team,
            kind="initial",
            scheduled_at=local(date(2026, 3, 23), time(10)),
            minutes=60,
            chair=cast.chair,
            children=[ChildToBe("Z1", name="Zed Example", born_on=date(2015, 1, 1))],
            report_author=cast.chair,
            independence_reason="I am the manager",
            by=cast.chair,
            now=NOW,
        )


# Changing


def test_moving_a_conference_moves_its_part_and_its_clocks(client, sign_in, cast, conference):
    sign_in(client, cast.chair)
    address = reverse("conferences:change-conference", args=[conference.pk])
    assert "ChildA1 Example" in client.get(address).content.decode()
    with acting_as(cast.chair.pk):
        reports = Clock.objects.get(kind="reports", child=None).due_on
    sent = {"at": "2pm", "minutes": "60", "mode": "hybrid", "place": "Canal room", "joining": "", "notes": "Ramp"}
    assert client.post(address, sent | parts("day", soon())).status_code == 302
    with acting_as(cast.chair.pk):
        moved = Conference.objects.select_related("arrangements").get()
        part = moved.parts.get()
        assert (part.starts_at, part.ends_at) == (local(soon(), time(14)), local(soon(), time(15)))
        assert (moved.mode, moved.arrangements.notes) == ("hybrid", "Ramp")
        assert Clock.objects.get(kind="reports", child=None).due_on != reports
    assert AuditEvent.objects.get(action="conferences.rearranged").details["from"] == "2026-03-23"


def test_a_signed_conference_leads_back_to_its_overview(client, sign_in, cast, conference):
    with acting_as(cast.chair.pk):
        Conference.objects.update(state="cancelled")
    sign_in(client, cast.chair)
    answer = client.get(reverse("conferences:change-conference", args=[conference.pk]))
    assert answer["Location"] == reverse("conferences:conference", args=[conference.pk])
    with acting_as(cast.chair.pk), pytest.raises(CannotSchedule):
        change_arrangements(
            conference=conference,
            scheduled_at=conference.scheduled_at,
            minutes=60,
            mode="online",
            place="",
            joining="",
            notes="",
            report_author=None,
            notified_on=None,
            mother_not_medically_fit=False,
            by=cast.chair,
            now=NOW,
        )


# Odd input

NASTY = ["<script>alert(1)</script>", "😀 Zoë", "مريم عبد الله", "O'Brien & Söns"]


@pytest.mark.parametrize("name", NASTY)
def test_behaviour_40_odd_names_are_kept_verbatim_and_escaped(client, sign_in, cast, name):
    sign_in(client, cast.chair)
    sent = answers(cast, name_1=name, place=name)
    page = client.post(NEW, sent).content.decode()
    assert "<script>alert(1)" not in page
    client.post(NEW, sent | {"confirm": "yes"})
    with acting_as(cast.chair.pk):
        assert ChildDetails.objects.get().name == name
        assert Conference.objects.get().arrangements.place == name


@pytest.mark.parametrize("name", ["x" * 50_000, "A\x00ma"])
def test_behaviour_40_what_cannot_be_kept_is_refused_plainly(client, sign_in, cast, name):
    sign_in(client, cast.chair)
    page = client.post(NEW, answers(cast, name_1=name))
    assert list(page.context["form"].errors) == ["name_1"]
    assert page.context["form"]["name_1"].value() == name
    assert page.context["form"]["place"].value() == "Mill Hall"


# Races


@pytest.mark.django_db(transaction=True)
def test_two_chairs_adding_one_child_at_the_same_moment_one_gets_the_plain_message(transactional_db, run_threads):
    from .making import make_cast

    cast = make_cast()
    mine, theirs = make_conference(cast), make_conference(cast, chair=cast.neighbour, ids="B")

    def add(conference, chair):
        def run():
            with acting_as(chair.pk):
                child = ChildToBe("RACE1", name="Ro Example", born_on=date(2015, 1, 1))
                return add_child(conference=conference, child=child, by=chair, now=NOW)

        return run

    results = run_threads([add(mine, cast.chair), add(theirs, cast.neighbour)])
    refused = [one for one in results if isinstance(one, CannotSchedule)]
    added = [one for one in results if isinstance(one, ConferenceChild)]
    assert (len(added), [str(one) for one in refused]) == (1, [ASK_THE_MANAGER])

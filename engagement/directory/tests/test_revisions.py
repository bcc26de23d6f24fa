"""A proposed change waits beside the approved entry until staff decide; nobody's words are lost on the way."""

from dataclasses import replace
from decimal import Decimal

import pytest

from chatr.audit.models import AuditEvent
from chatr.notifications.models import Message

from ..models import ConfidentialAddress, Location, Revision, Service, Source, SourceRecord
from ..operations.hiding import HiddenAddress, hide_location
from ..operations.revisions import (
    CannotDecide,
    CannotSave,
    CannotSend,
    EditConflict,
    add_service,
    approve_revision,
    reject_revision,
    save_revision,
    start_revision,
    submit_revision,
    take_back_revision,
    withdraw_revision,
)
from ..operations.services import publish_entry, start_service
from ..queries.entries import entry_of
from ..rules.differences import Names, differences
from ..rules.entries import Entry, Place, Price, Route
from .making import CITY, HACKNEY, NOW, entry, make_editor, publish, put_postcode

ROUTE = Route(how="Write to us.", email="new-route@together.example.org")


@pytest.fixture(autouse=True)
def postcode(db):
    put_postcode("E8 1DY", 51.545, -0.055)


@pytest.fixture
def service(together):
    return publish(together)


def save(service, editor, *, edit=0, version=None, hidden=None, **changes):
    return save_revision(
        service=service,
        entry=entry_of(Service.objects.get(pk=service.pk)).but(**changes),
        edit=edit,
        version=version,
        by=editor,
        now=NOW,
        hidden=hidden,
    )


def send(service, editor, **changes):
    return submit_revision(revision=save(service, editor, **changes), by=editor, now=NOW)


def fresh(service):
    return entry_of(Service.objects.get(pk=service.pk))


def told(kind):
    return sorted(Message.objects.filter(kind=f"directory/{kind}").values_list("to_email", flat=True))


def test_behaviour_27_the_public_keeps_the_approved_route_until_staff_approve(service, editor, keeper):
    revision = send(service, editor, professional=ROUTE)
    assert fresh(service).professional.how == "Send the form."
    approve_revision(revision=revision, by=keeper, now=NOW)
    assert fresh(service).professional == ROUTE
    assert told("change_waits") == [keeper.email]
    assert told("change_approved") == [editor.email]


def test_behaviour_27_staff_see_the_difference_field_by_field(service, editor):
    revision = save(service, editor, professional=ROUTE)
    found = differences(fresh(service), type(fresh(service)).from_json(revision.entry), Names())
    assert [(each.field, each.before, each.after) for each in found] == [
        (
            "professional",
            ("They can ask", "Send the form.", "Consent needed: Yes", "What happens next: We ring within a week."),
            ("They can ask", "Write to us.", "E-mail: new-route@together.example.org"),
        )
    ]


def test_behaviour_27_refusing_says_why_and_leaves_what_is_public(service, editor, keeper):
    revision = send(service, editor, name="Another name")
    with pytest.raises(CannotDecide, match="Say why"):
        reject_revision(revision=revision, reason="  ", by=keeper, now=NOW)
    reject_revision(revision=revision, reason="The name is taken.", by=keeper, now=NOW)
    revision.refresh_from_db()
    assert (revision.state, revision.reason) == (Revision.State.REJECTED, "The name is taken.")
    assert fresh(service).name == "Example counselling"
    assert told("change_rejected") == [editor.email]


def test_behaviour_27_staff_may_change_it_and_approve_it_and_it_is_marked(service, editor, keeper):
    revision = send(service, editor, name="Anothr name")
    approve_revision(revision=revision, by=keeper, now=NOW, entry=fresh(service).but(name="Another name"))
    revision.refresh_from_db()
    assert fresh(service).name == "Another name"
    assert revision.changed_by_staff


def test_what_is_approved_as_it_stands_is_not_marked_as_changed_by_staff(service, editor, keeper):
    revision = send(service, editor, name="Another name")
    approve_revision(revision=revision, by=keeper, now=NOW)
    assert not Revision.objects.get().changed_by_staff


def test_the_audit_says_which_fields_and_never_what_they_say(service, editor, keeper):
    approve_revision(revision=send(service, editor, name="Unmistakable words"), by=keeper, now=NOW)
    events = AuditEvent.objects.filter(action__startswith="directory.revision_")
    assert {event.action for event in events} == {
        "directory.revision_started",
        "directory.revision_saved",
        "directory.revision_submitted",
        "directory.revision_approved",
    }
    assert "Unmistakable" not in str([event.details for event in events])
    assert events.get(action="directory.revision_approved").details["fields"] == ["name"]


def test_a_first_entry_waits_too(together, editor, keeper):
    service = start_service(organisation=together, name="Example new", by=editor, now=NOW)
    revision = save_revision(service=service, entry=entry("Example new"), edit=0, by=editor, now=NOW)
    service.refresh_from_db()
    assert service.state == Service.State.DRAFT
    revision = submit_revision(revision=revision, by=editor, now=NOW)
    assert Service.objects.get().state == Service.State.DRAFT
    approve_revision(revision=revision, by=keeper, now=NOW)
    assert Service.objects.get().state == Service.State.PUBLISHED


def test_a_first_entry_is_known_to_its_editors_by_the_name_they_gave_it_last(together, editor):
    service = start_service(organisation=together, name="Example new", by=editor, now=NOW)
    save_revision(service=service, entry=entry("Example better name"), edit=0, by=editor, now=NOW)
    assert Service.objects.get().name == "Example better name"


def test_one_sent_is_taken_back_and_staff_cannot_approve_it_meanwhile(service, editor, keeper):
    sent = send(service, editor, name="Another name")
    take_back_revision(revision=sent, by=editor, now=NOW)
    with pytest.raises(CannotDecide, match="took it back"):
        approve_revision(revision=sent, by=keeper, now=NOW)
    submit_revision(revision=Revision.objects.get(), by=editor, now=NOW)
    assert Revision.objects.get().state == Revision.State.SUBMITTED


def test_saving_takes_back_what_was_sent(service, editor):
    sent = send(service, editor, name="Another name")
    again = save(service, editor, edit=sent.edit, name="A third name")
    assert (again.pk, again.state, again.submitted_at) == (sent.pk, Revision.State.DRAFT, None)


def test_one_thrown_away_leaves_what_is_public_and_a_new_one_begins_from_it(service, editor, together):
    colleague = make_editor("Colin Colleague", "colin@together.example.org", together)
    withdraw_revision(revision=send(service, editor, name="Another name"), by=editor, now=NOW)
    assert told("change_thrown_away") == [colleague.email]
    assert start_revision(service=service, by=editor, now=NOW).entry["name"] == "Example counselling"
    with pytest.raises(CannotSend):
        withdraw_revision(revision=Revision.objects.get(state="withdrawn"), by=editor, now=NOW)


def test_a_first_entry_thrown_away_takes_the_service_with_it(service, editor, together):
    colleague = make_editor("Colin Colleague", "colin@together.example.org", together)
    draft = add_service(organisation=together, name="Example never", description="Nothing yet.", by=editor, now=NOW)
    secret = Place(kind="physical", is_confidential=True, area=HACKNEY)
    revision = save_revision(
        service=draft,
        entry=entry("Example never", places=(secret,)),
        edit=1,
        hidden={0: HiddenAddress("9 Example Lane")},
        by=editor,
        now=NOW,
    )
    assert withdraw_revision(revision=revision, by=editor, now=NOW) is None
    assert list(Service.objects.all()) == [service]
    assert not ConfidentialAddress.objects.exists()
    assert Location.objects.get() == service.at_locations.get().location
    removed = AuditEvent.objects.get(action="directory.draft_removed")
    assert removed.details == {"organisation": str(together.pk)}
    assert told("first_entry_thrown_away") == [colleague.email]


def test_a_hidden_place_that_another_proposal_has_stays(service, editor, together):
    secret = Place(kind="physical", is_confidential=True, area=HACKNEY)
    revision = save(service, editor, places=(secret,))
    again = add_service(organisation=together, name="Example second", description="Other.", by=editor, now=NOW)
    place = Entry.from_json(Revision.objects.get(pk=revision.pk).entry).places
    save_revision(service=again, entry=entry("Example second", places=place), edit=1, by=editor, now=NOW)
    withdraw_revision(revision=revision, by=editor, now=NOW)
    assert Location.objects.filter(pk=place[0].id).exists()


def test_a_first_entry_from_another_directory_stays_so_that_it_is_not_brought_again(editor, together):
    draft = add_service(organisation=together, name="Example theirs", description="Theirs.", by=None, now=NOW)
    source = Source.objects.create(name="Example directory", url="https://feed.example.org/")
    SourceRecord.objects.create(source=source, external_id=draft.pk, service=draft, taken={}, theirs={}, read_at=NOW)
    assert withdraw_revision(revision=Revision.objects.get(), by=editor, now=NOW) == draft
    assert Service.objects.get().state == Service.State.DRAFT


def test_what_changes_nothing_is_not_sent(service, editor):
    revision = save(service, editor)
    with pytest.raises(CannotSend, match="nothing to send"):
        submit_revision(revision=revision, by=editor, now=NOW)


def test_a_stale_page_meets_what_the_colleague_saved(service, editor):
    save(service, editor, name="First")
    with pytest.raises(EditConflict) as conflict:
        save(service, editor, name="Second")
    assert conflict.value.entry.name == "First"
    saved = save(service, editor, edit=conflict.value.edit, name="Second")
    assert saved.entry["name"] == "Second"


def test_a_page_opened_before_staff_approved_something_is_stale(service, editor, keeper):
    seen = service.version
    approve_revision(revision=send(service, editor, name="Approved name"), by=keeper, now=NOW)
    with pytest.raises(EditConflict) as conflict:
        save(service, editor, version=seen, name="Typed on the old page")
    assert (conflict.value.theirs, conflict.value.entry.name) == (None, "Approved name")


def test_staff_who_looked_at_an_older_text_must_look_again(service, editor, keeper):
    looked_at = send(service, editor, name="Looked at")
    newer = save(service, editor, edit=looked_at.edit, name="Sent later")
    submit_revision(revision=newer, by=editor, now=NOW)
    with pytest.raises(CannotDecide, match="since you looked"):
        approve_revision(revision=looked_at, by=keeper, now=NOW)
    with pytest.raises(CannotDecide, match="since you looked"):
        reject_revision(revision=looked_at, reason="No.", by=keeper, now=NOW)


def test_fields_only_the_approved_version_changed_meanwhile_are_kept(service, editor, keeper):
    revision = send(service, editor, name="Another name")
    publish_entry(service=service, entry=fresh(service).but(summary="By staff."), by=keeper, now=NOW)
    approve_revision(revision=revision, by=keeper, now=NOW)
    assert (fresh(service).name, fresh(service).summary) == ("Another name", "By staff.")


def test_a_field_both_changed_is_named_and_nothing_is_written(service, editor, keeper):
    revision = send(service, editor, name="Theirs", summary="Theirs.")
    publish_entry(service=service, entry=fresh(service).but(name="Ours"), by=keeper, now=NOW)
    with pytest.raises(CannotDecide, match="Name") as refusal:
        approve_revision(revision=revision, by=keeper, now=NOW)
    assert refusal.value.fields == ("name",)
    assert Revision.objects.get().state == Revision.State.SUBMITTED
    mine = type(fresh(service)).from_json(revision.entry).but(name="Settled")
    approve_revision(revision=revision, by=keeper, now=NOW, entry=mine)
    assert (fresh(service).name, fresh(service).summary) == ("Settled", "Theirs.")


def test_a_place_of_the_next_organisation_is_refused(service, editor, next_door):
    theirs = Location.objects.create(organisation=next_door, name="Next door")
    with pytest.raises(CannotSave, match="your own organisation"):
        save(service, editor, places=(Place(id=str(theirs.pk), name="Mine now"),))
    assert not Revision.objects.exists()


def test_a_level_that_is_gone_is_named_instead_of_breaking(service, editor, keeper):
    revision = send(service, editor, levels=("987654",), areas=(CITY,))
    with pytest.raises(CannotDecide, match="Levels of need"):
        approve_revision(revision=revision, by=keeper, now=NOW)


def test_a_hidden_address_typed_for_a_new_place_is_in_no_proposal(service, editor, keeper):
    new = Place(is_confidential=True, area=HACKNEY)
    hidden = {1: HiddenAddress("9 Secret Street", "E8 1DY")}
    revision = save(service, editor, places=(*fresh(service).places, new), hidden=hidden)
    assert "Secret" not in str(revision.entry)
    approve_revision(revision=submit_revision(revision=revision, by=editor, now=NOW), by=keeper, now=NOW)
    assert ConfidentialAddress.objects.get().address == "9 Secret Street"
    assert fresh(service).places[1].is_confidential


def test_ticking_hidden_at_a_public_place_hides_it_before_staff_look(service, editor):
    (place,) = fresh(service).places
    revision = save(service, editor, places=(replace(place, is_confidential=True),))
    assert Location.objects.get().is_confidential
    assert ConfidentialAddress.objects.get().postcode == "E8 1DY"
    assert "Example Street" not in f"{revision.entry}{Revision.objects.get().base}"


def test_hiding_an_address_takes_it_out_of_proposals_kept_and_open(service, editor, keeper, together):
    first = start_service(organisation=together, name="Example twin", by=None, now=NOW)
    old = submit_revision(
        revision=save_revision(service=first, entry=entry("Example twin"), edit=0, by=editor, now=NOW),
        by=editor,
        now=NOW,
    )
    approve_revision(revision=old, by=keeper, now=NOW)
    waiting = send(first, editor, name="Example other")
    hide_location(location=first.at_locations.get().location, area=HACKNEY, by=editor, now=NOW)
    assert "Example Street" not in str(list(Revision.objects.values_list("base", "entry")))
    with pytest.raises(CannotDecide, match="since you looked"):  # the page staff had open showed the address
        approve_revision(revision=waiting, by=keeper, now=NOW)
    approve_revision(revision=Revision.objects.get(pk=waiting.pk), by=keeper, now=NOW)
    assert fresh(first).name == "Example other"
    assert fresh(first).places[0].is_confidential


def test_a_page_opened_before_an_address_was_hidden_cannot_put_it_back(service, editor):
    before = fresh(service)
    hide_location(location=service.at_locations.get().location, area=HACKNEY, by=editor, now=NOW)
    revision = save_revision(service=service, entry=before.but(name="Other"), edit=0, by=editor, now=NOW)
    assert revision.entry["name"] == "Other"
    assert "Example Street" not in str(revision.entry)


def test_differences_read_as_words_whatever_was_typed(service):
    names = Names(terms={"counselling": "Counselling and therapy"}, areas={HACKNEY: "Hackney"})
    odd = "“Quotes” <b>'& ‏שלום‏ 🧸 =1+1"
    after = fresh(service).but(
        name=odd, minimum_age=Decimal("0.5"), prices=(Price("A session", Decimal("12.5"), "an hour"),), terms=()
    )
    found = {each.field: each for each in differences(fresh(service), after, names)}
    assert found["name"].after == (odd,)
    assert found["ages"].after == ("Ages 6 months to 11",)
    assert found["cost"].after == ("Free", "A session: £12.50, an hour")
    assert (found["terms"].before, found["terms"].after) == (("Counselling and therapy",), ())


@pytest.mark.django_db(transaction=True)
def test_two_editors_saving_at_the_same_moment_lose_nothing(run_threads, service, editor):
    results = run_threads([lambda n=n: save(service, editor, name=f"Version {n}") for n in range(4)])
    assert sum(isinstance(each, Revision) for each in results) == 1
    assert sum(isinstance(each, EditConflict) for each in results) == 3
    assert Revision.objects.get().edit == 1


@pytest.mark.django_db(transaction=True)
def test_approving_and_saving_at_the_same_moment_never_publishes_what_nobody_looked_at(
    run_threads, service, editor, keeper
):
    for turn in range(4):
        sent = send(service, editor, name=f"Looked at {turn}")
        run_threads(
            [
                lambda sent=sent: approve_revision(revision=sent, by=keeper, now=NOW),
                lambda sent=sent: save(service, editor, edit=sent.edit, name="Nobody looked"),
            ]
        )
        assert fresh(service).name != "Nobody looked"
        left = Revision.objects.open().first()
        if left:  # saving won: nothing was published
            assert left.state == Revision.State.DRAFT
            withdraw_revision(revision=left, by=editor, now=NOW)
        else:
            assert fresh(service).name == f"Looked at {turn}"

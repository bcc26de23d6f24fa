"""What happens to entries: changes proposed and decided, suggestions, two made one, counts of searches and visits."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from chatr.accounts.models import Organisation, User

from ..models import Keeper, Revision, SearchGap, Service, ServiceDay, Suggestion
from ..operations import duplicates, revisions, shortlists, suggestions
from ..operations.services import start_service, withdraw_service
from ..queries.entries import entry_of
from ..rules.entries import Entry
from .plans import CANAL, HACKNEY, TOGETHER, entry, form, ring

FIRST_ENTRY = entry(
    "Dads’ Walks",
    "Fathers and children walk along the marshes on Sundays.",
    "No need to book. Bring wellingtons.",
    any_age=True,
    cost="free",
    family=ring("020 7946 0216", "Just come."),
    terms=("parenting", "families"),
    areas=(HACKNEY,),
)


def load_keeper(staff: User) -> None:
    """Who looks after the directory."""
    Keeper.objects.get_or_create(id=Keeper.THE_ONE, defaults={"user": staff})


def load_changes(services: dict[str, Service], *, fatima: User, rosa: User, staff: User, now: datetime) -> None:
    """A proposal in every state: first entries written and sent, changes sent, refused, approved and thrown away."""
    day = timedelta(days=1)
    draft = _start(TOGETHER, "Example Sibling Saturdays", fatima, now - 2 * day)
    written = Entry(name=draft.name, description="Brothers and sisters of children who are ill.")
    _save(draft, written, fatima, now - 2 * day)
    waiting = _start(TOGETHER, FIRST_ENTRY.name, fatima, now - 4 * day)
    _send(waiting, FIRST_ENTRY, fatima, now - 4 * day)

    counselling = services["Example Children’s Counselling"]
    before = entry_of(counselling)
    changed = before.but(
        maximum_age=before.maximum_age + 2,
        not_for="Children in immediate danger",
        professional=replace(before.professional, how="Ring us first, then send the form."),
    )
    _send(counselling, changed, fatima, now - 3 * day)
    teenage = services["Example Teenage Counselling"]
    _send(teenage, entry_of(teenage).but(cost="paid"), rosa, now - 6 * day)

    workshops = services["Example Worry Workshops"]
    refused = _send(workshops, entry_of(workshops).but(summary="The best workshops in London."), fatima, now - 9 * day)
    revisions.reject_revision(
        revision=refused,
        reason="Please say what happens there rather than how good it is.",
        by=staff,
        now=now - 8 * day,
    )
    course = services["Example Parents’ Course"]
    approved = _send(course, entry_of(course).but(who_for="Mothers, fathers and carers"), fatima, now - 30 * day)
    revisions.approve_revision(revision=approved, by=staff, now=now - 29 * day)
    boxing = services["Example Boxing and Breakfast"]
    thrown_away = _save(boxing, entry_of(boxing).but(professional=form()), rosa, now - 12 * day)
    revisions.withdraw_revision(revision=thrown_away, by=rosa, now=now - 11 * day)


def _start(organisation: str, name: str, by: User, now: datetime) -> Service:
    return start_service(organisation=Organisation.objects.get(name=organisation), name=name, by=by, now=now)


def _save(service: Service, this: Entry, by: User, now: datetime) -> Revision:
    return revisions.save_revision(service=service, entry=this, edit=0, by=by, now=now)


def _send(service: Service, this: Entry, by: User, now: datetime) -> Revision:
    return revisions.submit_revision(revision=_save(service, this, by, now), by=by, now=now)


def load_suggestions(services: dict[str, Service], *, fatima: User, now: datetime) -> None:
    """One that waits and one that was answered."""
    topics = Suggestion.Topic
    made = [
        suggestions.suggest(
            service=services[f"Example {name}"],
            key=uuid5(NAMESPACE_URL, f"chatr:directory:example:{name}"),
            topic=topic,
            words=words,
            reply_to=reply_to,
            now=now - timedelta(days=days),
        )
        for name, topic, words, reply_to, days in (
            ("Parents’ Course", topics.CONTACT, "The bell says 12, not 10.", "neighbour@example.org", 2),
            ("Bereavement Group", topics.REFERRAL, "They take children from 5 now.", "", 15),
        )
    ]
    suggestions.answer(
        suggestion=made[1], words="Thank you. They do from January; we change it then.", by=fatima, now=now
    )


def load_endings(services: dict[str, Service], *, staff: User, now: datetime) -> None:
    """One service withdrawn, two made one, and a look for others that are alike."""
    closed = services["Example Lunch for Toddlers"]
    withdraw_service(service=closed, by=staff, now=now - timedelta(days=10))
    keep, other = (
        Service.objects.get(pk=services[f"Example {name}"].pk) for name in ("Money and Debt Help", "Debt Helpline")
    )
    duplicates.merge_services(
        keep=keep,
        other=other,
        choices={},
        seen=duplicates.Seen(keep.version, other.version),
        by=staff,
        now=now - timedelta(days=20),
    )
    duplicates.look_for_lookalikes(by=None, now=now)


def load_shortlist(services: dict[str, Service], *, user: User, now: datetime) -> None:
    """Two services a practitioner put aside."""
    for name in ("Children’s Counselling", "Worry Workshops"):
        shortlists.add(user=user, service=services[f"Example {name}"].pk, now=now)


def load_counts(services: dict[str, Service], now: datetime) -> None:
    """Four weeks of looking and of finding nothing, as numbers of nobody in particular."""
    today = timezone.localdate(now)
    ServiceDay.objects.bulk_create(
        ServiceDay(
            service=service,
            day=today - timedelta(days=days),
            views=(number * 7 + days * 3) % 23 + 1,
            helped=(number + days) % 4,
            did_not_help=1 if (number + days) % 9 == 0 else 0,
        )
        for number, service in enumerate(services.values())
        if service.organisation.name in (TOGETHER, CANAL)
        for days in range(1, 29)
    )
    SearchGap.objects.bulk_create(
        SearchGap(day=today - timedelta(days=days), words=words, filters=filters, outcode=outcode, count=count)
        for days, words, filters, outcode, count in (
            (1, ["anxiety", "group"], ["need=anxiety-and-worry", "cost=free"], "E9", 3),
            (2, ["autism"], ["space=yes"], "", 5),
            (2, ["speech"], ["language=tur"], "N16", 2),
            (6, ["counselling", "evening"], [], "EC2Y", 4),
            (6, [], ["need=eating", "refer=family"], "", 6),
            (12, ["housing", "legal"], [], "E8", 1),
            (20, ["counselling"], ["access=bsl"], "", 2),
        )
    )

"""Nothing of a record reaches anybody it is not for, in whatever way: every private text of one family holds a marker,
and every page, file, message, log and table is searched for them as everybody there is.
"""

import base64
import itertools
import logging
import logging.config
import re
from collections import defaultdict
from collections.abc import Iterator
from unittest import mock

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin import site as admin_site
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection, models, transaction
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.models import User
from chatr.audit.models import AuditEvent
from chatr.database.acting import acting_as
from chatr.notifications.operations import drain
from chatr.pdf.tests.reading import metadata_of, text_of
from chatr.testing.database import as_owner
from chatr.testing.people import make_person, sign_in
from chatr.tests.test_conventions import addresses, sample

from ..models import Block, Child, Clearance, CopyContent, SectionKind
from ..views.desk import Overview
from ..views.recording import Record
from .making import make_cast
from .marking import Marked, Marker, make_marked
from .marking import sign as sign_marked

pytestmark = pytest.mark.django_db

AREA = "conferences/"
PARAMETER = re.compile(r"<\w+:(\w+)>")
TYPED = "QXTYPEDX"  # what is sent in forms

# Texts that say nothing of a family: names of teams, hashes, codes and kinds of things, answers chosen from a list.
NOT_PRIVATE = {
    *("team.name", "team.chair_title", "keepingrule.authority", "signedrecord.signer_role", "feedback.answers"),
    *(f"accessevent.{name}" for name in "role action object_type object_id request_id address".split()),
    *("accessevent.previous_hash", "accessevent.hash", "accesschain.hash", "conference.content_sha256"),
    *("copy.html_sha256", "copy.pdf_sha256", "feedbackcode.digest", "clock.rule", "agencyreport.due_rule"),
    *("clearance.object_type", "withholding.object_type", "amendment.object_type", "amendment.field"),
}
# The chair's own name, and a file that is searched as what it shows.
WITHOUT_A_MARKER = {"signedrecord.signer_name", "copycontent.pdf_base64"}


class Overhearing(logging.Handler):
    """Collects every log record and every task handed to the background."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.records, self.tasks = [], []
        self.emit = self.records.append

    def __enter__(self):
        root = logging.getLogger()
        self.level_before = root.level
        root.setLevel(logging.INFO)
        root.addHandler(self)
        self.patch = mock.patch("celery.app.base.Celery.send_task", self._take)
        self.patch.start()
        return self

    def __exit__(self, *error):
        self.patch.stop()
        logging.getLogger().removeHandler(self)
        logging.getLogger().setLevel(self.level_before)

    def _take(self, *args, **more):
        self.tasks.append(repr((args, more)))

    @property
    def text(self) -> str:
        """All that was overheard, records with everything they carry."""
        written = logging.Formatter("%(name)s %(message)s")
        return "\n".join([*map(written.format, self.records), *self.tasks])


@pytest.fixture(scope="module")
def family(django_db_setup, django_db_blocker):
    """The family with its signed conference and open review, made once for all tests here, and undone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        with Overhearing() as overheard, TestCase.captureOnCommitCallbacks(execute=True):
            made = sign_marked(make_marked(make_cast()))
        made.overheard = overheard
        yield made
        transaction.set_rollback(True)


# What the markers are good for


def private_fields() -> Iterator[tuple[type[models.Model], models.Field]]:
    for model in apps.get_app_config("conferences").get_models():
        for field in model._meta.concrete_fields:
            holds_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
            if holds_text and not field.choices and name_of(field) not in NOT_PRIVATE:
                yield model, field


def name_of(field: models.Field) -> str:
    return f"{field.model._meta.model_name}.{field.name}"


def test_every_private_text_of_every_table_holds_a_marker(family):
    without = set()
    with acting_as(family.chair.pk):
        for model, field in private_fields():
            if not any(map(family.marks.found_in, map(str, model.objects.values_list(field.name, flat=True)))):
                without.add(name_of(field))
    assert without == WITHOUT_A_MARKER


def test_in_the_database_no_text_can_be_read_but_local_child_ids(family):
    found = defaultdict(set)
    with as_owner():
        _search_tables(family, "public", found)
    with acting_as(family.chair.pk):
        _search_tables(family, "conferences", found)
    assert found == {
        "conferences_child": {"child.la_child_id"},
        # A message to family goes to the address at which e-mail is safe for them.
        "notifications_message": {"personcontact.email"},
    }


def _search_tables(family: Marked, schema: str, found: dict[str, set[str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        tables = [table for (table,) in cursor.fetchall()]
        assert len(tables) > 20
        for table in tables:
            cursor.execute(f'SELECT t::text FROM {schema}."{table}" t')
            for mark in family.marks.found_in(*(row for (row,) in cursor.fetchall())):
                found[table].add(mark.field)


# Who may see what


FOR_MANAGERS_ALONE = {"breakglass.reason", "breakglass.verdict"}


def everything(marks) -> set[Marker]:
    """All there is about this family: not about the one next door."""
    return marks.where() - marks.where(of="next door")


def for_chairs(made: Marked) -> set[Marker]:
    return everything(made.marks)


def for_managers(made: Marked) -> set[Marker]:
    """All but what reports say to the chair alone."""
    return everything(made.marks) - made.marks.where(field="reportpart.chair_only")


def for_minute_takers(made: Marked) -> set[Marker]:
    """As managers, without why somebody read it in an emergency."""
    return for_managers(made) - made.marks.where(field=FOR_MANAGERS_ALONE)


RECORDED = (
    "block choice participation relationship decision dissent planaction nextdate explanation amendment"
    " accuracychallenge actionreview arrangements conferencepart attendance support reportpart"
    " child childdetails person"
).split()


def for_emergencies(made: Marked) -> set[Marker]:
    """The record of one child: nothing about the other, no way to reach anybody, none of what was kept from whom."""
    found = {mark for mark in for_managers(made) if mark.field.split(".")[0] in RECORDED and mark.child in (0, 1)}
    return (found - made.marks.where(of="child 2")) | made.marks.where(
        field=("breakglass.reason", "breakglass.verdict")
    )


def for_contributors(made: Marked) -> set[Marker]:
    """What the child is called that they report about, how they themselves stand there, what they wrote; and of the
    copy they were given what was cleared for them, with the names of those it speaks of."""
    marks = made.marks
    return (
        marks.where(field=("child.la_child_id", "childdetails.name", "childdetails.known_as"), child=1, of="")
        | marks.where(of="teacher", field=("person.name", "person.known_as", "person.job", "person.agency"))
        | marks.where(of="teacher", field=("reportpart.words", "reportpart.chair_only", "copycontent.personal"))
        | cleared_for(made, "teacher")
    )


def cleared_for(made: Marked, name: str) -> set[Marker]:
    """The markers in what was cleared for one person, and what the people it speaks of are called and do."""
    with acting_as(made.chair.pk):
        found = set()
        for cleared in Clearance.objects.filter(person=made.people[name]):
            thing = apps.get_model("conferences", cleared.object_type).objects.get(pk=cleared.object_id)
            found |= made.marks.found_in(*(str(getattr(thing, field.attname)) for field in thing._meta.concrete_fields))
            someone = getattr(thing, "person", None) or getattr(thing, "owner", None)
            if someone is not None:
                called = someone.name, someone.known_as, someone.job, someone.agency
                found |= made.marks.found_in(*called)
        return found


def for_advocates(made: Marked) -> set[Marker]:
    """One child: what they are called, and their own words."""
    marks = made.marks
    called = marks.where(field=("child.la_child_id", "childdetails.name", "childdetails.known_as"), child=1, of="")
    return called | marks.where(field="block.words", of="child 1")


def for_the_next_door(made: Marked) -> set[Marker]:
    """Their own family, and nothing of this one."""
    return made.marks.where(of="next door")


def for_nobody(made: Marked) -> set[Marker]:
    return set()


ROLES = {
    "signed out": (lambda made: None, for_nobody),
    "practitioner": (lambda made: make_person("Pia Dunn", "pia@example.org"), for_nobody),
    "programme staff": (lambda made: make_person("Sid Dunn", "sid@example.org", None, "programme_staff"), for_nobody),
    "programme administrator": (lambda made: made.cast.staff, for_nobody),
    "chair of the same team, not let in": (lambda made: made.cast.colleague, for_nobody),
    "next team's chair": (lambda made: made.cast.neighbour, for_the_next_door),
    "next team's manager": (lambda made: made.cast.next_manager, for_the_next_door),
    "contributor next door": (lambda made: made.cast.health_visitor, for_the_next_door),
    "advocate": (lambda made: made.advocate, for_advocates),
    "contributor with a copy": (lambda made: made.cast.teacher, for_contributors),
    "emergency reader": (lambda made: made.reader, for_emergencies),
    "minute-taker": (lambda made: made.cast.minute_taker, for_minute_takers),
    "manager": (lambda made: made.cast.manager, for_managers),
    "chair": (lambda made: made.chair, for_chairs),
}
# Let in: they walk every page of the conference; anybody else one of each kind.
INSIDERS = {"advocate", "contributor with a copy", "emergency reader", "minute-taker", "manager", "chair"}
SEVERAL = ("child_id", "section_id", "report_id", "copy_id")
SEND_FORMS = {"chair of the same team, not let in", "contributor with a copy", "advocate", "chair"}
# What each must see, so that an empty portal does not pass.
MUST_SEE = {
    "advocate": {"childdetails.known_as", "block.words"},
    "contributor with a copy": {"childdetails.name", "reportpart.words", "reportpart.chair_only", "block.words"},
    "emergency reader": {"childdetails.name", "block.words", "decision.reasons", "planaction.action"},
    "next team's chair": {"childdetails.known_as"},
    "next team's manager": {"childdetails.known_as"},
    "contributor next door": {"childdetails.name"},
}


# Walking


def places(made: Marked, conference, several: tuple[str, ...] = ()) -> dict[str, list]:
    """What can stand in the addresses about a conference: one of each kind, and of some several."""
    with acting_as(conference.chair.pk):
        of_it = {
            "child_id": conference.children.order_by("position"),
            "person_id": conference.people.exclude(kind="child").order_by("position", "kind"),
            "section_id": conference.sections.filter(kind__in=(SectionKind.CHILD_WORDS, SectionKind.FACTS)),
            "part_id": conference.parts.order_by("-number")[:1],
            "report_id": conference.reports.all(),
            "copy_id": conference.copies.order_by("-recipient__kind", "-reader_id"),
            "action_id": (conference.previous or conference).actions.all()[:1],
            "support_id": conference.supports.all()[:1],
            "flag_id": conference.safety_flags.all()[:1],
            "withholding_id": conference.withholdings.all()[:1],
            "dissent_id": conference.dissents.all()[:1],
            "challenge_id": conference.challenges.all()[:1],
            "hold_id": conference.legal_holds.all()[:1],
            "reading_id": conference.emergency_readings.all()[:1],
            "assignment_id": conference.assignments.all()[:1],
        }
        ids = {name: [one.pk for one in found] for name, found in of_it.items()}
        ids["item_id"] = [held.object_id for held in conference.withholdings.all()[:1]] + [
            said.pk for said in conference.blocks.filter(section__kind=SectionKind.CHILD_WORDS)[:1]
        ]
        ids["object_id"] = [amendment.object_id for amendment in conference.amendments.all()]
    ids |= {"conference_id": [conference.pk], "proposal_id": [conference.pk]}
    ids |= {"kind": ["block"], "field": ["reasons"], "token": [made.code]}
    return {name: found if name in several else found[:1] for name, found in ids.items()}


def in_the_area(here: dict[str, list]) -> list[str]:
    """Every address of the area, with these ids in it."""
    found = []
    for address, _, _ in addresses():
        if address.startswith(AREA):
            names = PARAMETER.findall(address)
            assert not set(names) - set(here), f"{address}: say in places() what stands here"
            for ids in itertools.product(*(here[name] for name in names)):
                values = iter(ids)
                found.append("/" + PARAMETER.sub(lambda _, values=values: str(next(values)), address))
    return found


class Walker:
    """One visitor who opens addresses, and every marker they come across, with where."""

    def __init__(self, made: Marked, user: User | None):
        self.made, self.user, self.seen, self.odd = made, user, defaultdict(set), []
        self.client = Client(raise_request_exception=False)
        if user is not None:
            sign_in(self.client, user)

    def get(self, address: str):
        answer = self.client.get(address)
        self._look(f"GET {address}", answer)
        return answer

    def post(self, address: str, form):
        """Send a form with nonsense in every field; whatever that does is undone."""
        names = list(form.fields) if form is not None else ["words", "reason", "name"]
        with transaction.atomic():
            answer = self.client.post(address, dict.fromkeys(names, TYPED))
            self._look(f"POST {address}", answer)
            self._look_beside(address, answer)
            transaction.set_rollback(True)

    def _look(self, what: str, answer) -> None:
        for text in texts_of(answer):
            for mark in self.made.marks.found_in(text):
                self.seen[mark].add(what)
        named = [*titles_of(answer), repr(dict(answer.headers))]
        if self.made.marks.found_in(*named) or TYPED in "".join(named):
            self.odd.append(f"{what}: a title or a header says it")
        if answer.status_code >= 500:
            self.odd.append(f"{what}: {answer.status_code}")

    def _look_beside(self, address: str, answer) -> None:
        """What a form leaves behind outside the record."""
        kept = [str(one) for one in get_messages(answer.wsgi_request)] if hasattr(answer, "wsgi_request") else []
        kept += [str(one.get_decoded()) for one in Session.objects.all()]
        kept += [str(event.details) for event in AuditEvent.objects.order_by("-pk")[:3]]
        if self.made.marks.found_in(*kept) or TYPED in "".join(kept):
            self.odd.append(f"POST {address}: the session or the audit keeps it")


def texts_of(answer) -> list[str]:
    """All an answer says: a file as its text and what is written about it."""
    data = answer.getvalue()
    if data.startswith(b"%PDF"):
        return [text_of(data), metadata_of(data), data.decode("latin-1")]
    return [data.decode(errors="replace")]


def titles_of(answer) -> list[str]:
    return re.findall(r"<title>.*?</title>", answer.getvalue().decode(errors="replace"), re.DOTALL)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_finds_on_any_page_what_is_not_for_them(family, role):
    find, rule = ROLES[role]
    walker = Walker(family, find(family))
    several = SEVERAL if role in INSIDERS else ()
    pages = in_the_area(places(family, family.conference, several))
    if role == "chair":
        pages += in_the_area(places(family, family.review)) + in_the_area(
            {**places(family, family.conference), "person_id": [family.people["teacher"].pk]}
            | {"item_id": [family.words_given_to_the_teacher]}
        )
    with Overhearing() as overheard:
        for address in dict.fromkeys(pages):
            form = forms_of(walker.get(address))
            if role in SEND_FORMS and (form is not None or role not in INSIDERS):
                walker.post(address, form)
    seen = {mark: sorted(at)[:3] for mark, at in walker.seen.items()}
    allowed = rule(family)
    assert {mark: at for mark, at in seen.items() if mark not in allowed} == {}
    shown = {mark.field for mark in seen}
    assert MUST_SEE.get(role, set()) <= shown
    if role == "chair":  # so there is something to find
        assert {mark.field for mark in everything(family.marks)} - shown == FOR_MANAGERS_ALONE
    assert walker.odd == []
    assert family.marks.found_in(overheard.text) == set()
    assert TYPED not in overheard.text
    leave_nothing_behind(family)


def forms_of(answer):
    """The form of a page, where it has one."""
    context = getattr(answer, "context", None)
    found = context.get("form") if answer.status_code == 200 and context is not None else None
    return found if hasattr(found, "fields") else None


def leave_nothing_behind(made: Marked) -> None:
    """Nothing is in the cache or in anybody's session."""
    kept = [repr(value) for value in cache._cache.values()]
    kept += [str(one.get_decoded()) for one in Session.objects.all()]
    assert made.marks.found_in(*kept) == set()
    assert TYPED not in "".join(kept)


def test_with_one_wall_down_the_other_holds(family, monkeypatch):
    monkeypatch.setattr(Record, "may", staticmethod(lambda access: True))
    walker = Walker(family, family.cast.teacher)
    assert walker.get(f"/conferences/{family.conference.pk}/record/").status_code == 200
    assert set(walker.seen) <= for_contributors(family)


def test_with_the_walls_of_the_database_down_the_search_finds_it(family):
    with transaction.atomic():
        with as_owner(), connection.cursor() as cursor:
            for table in ("section", "block", "conferencechild", "child", "childdetails", "person", "participation"):
                cursor.execute(f"ALTER POLICY see ON conferences_{table} USING (true)")
        walker = Walker(family, family.reader)
        assert walker.get(f"/conferences/{family.conference.pk}/record/").status_code == 200
        assert {"block.words", "childdetails.known_as"} <= {mark.field for mark in walker.seen if mark.child == 2}
        transaction.set_rollback(True)


# Copies


NEVER_IN_A_COPY = (
    *("safetyflag.reason", "withholding.reason", "clearance.despite_child_because", "reportpart.chair_only"),
    *("breakglass.reason", "breakglass.verdict", "legalhold.reason", "arrangements.notes", "preparation.questions"),
    *("personcontact.safe_contact_note", "copy.withdrawn_reason", "child.la_child_id"),
)


def test_no_copy_holds_what_its_reader_must_not_learn_in_text_file_or_metadata(family):
    marks = family.marks
    with acting_as(family.chair.pk):
        given = list(CopyContent.objects.filter(conference=family.conference).select_related("copy__recipient"))
    assert len(given) == 6
    for content in given:
        pdf = base64.b64decode(content.pdf_base64)
        found = marks.found_in(content.html, text_of(pdf), metadata_of(pdf), pdf.decode("latin-1"))
        reader = next(name for name, person in family.people.items() if person.pk == content.copy.recipient_id)
        never = marks.where(field=NEVER_IN_A_COPY) | marks.where(of="next door")
        never |= {mark for mark in marks.where() if mark.field.startswith("personcontact.") and mark.of != reader}
        never |= marks.where(field="block.words", of="child 2")  # who did not agree
        if reader in ("father", "teacher"):
            never |= marks.where(field="block.words", of="nurse", child=1)  # withheld from them
        if reader == "father":
            never |= {mark for mark in marks.where() if "alone" in mark.of or "without the father" in mark.of}
        if reader == "child 1":
            never |= marks.where(child=2)
        never |= {mark for mark in marks.where(field="attendance.waits_in") if not mark.of.startswith(f"{reader},")}
        assert found & never == set(), (reader, content.copy.kind)
        assert marks.where(field="copycontent.personal", of=reader) <= found or content.copy.kind == "invitation"


# Beside the pages


def test_messages_logs_and_tasks_say_nothing(family):
    drain(now=timezone.now())
    assert len(mail.outbox) >= 4
    for message in mail.outbox:
        sent = message.message()
        del sent["To"]  # the one thing it may know
        texts = [part.get_payload(decode=True).decode() for part in sent.walk() if not part.is_multipart()]
        assert len(texts) > 1
        assert family.marks.found_in(*texts, *map(str, sent.values())) == set()
    assert family.marks.found_in(family.overheard.text) == set()
    assert family.overheard.tasks
    leave_nothing_behind(family)


@pytest.mark.parametrize("role", ["signed out", "programme administrator", "chair"])
def test_no_page_outside_conferences_says_more_than_that_something_waits(family, role):
    walker = Walker(family, ROLES[role][0](family))
    for address, name, _ in addresses():
        if not address.startswith(AREA) and "logout" not in name and address != "readyz":
            page = walker.get(sample(address))
            if page.status_code == 200 and address.startswith("admin/") and "changelist" in name:
                walker.get(f"{sample(address)}?q={family.children[0].child.la_child_id}")
    for event in AuditEvent.objects.order_by("-pk")[:25] if role == "programme administrator" else ():
        walker.get(reverse("admin:audit_auditevent_change", args=[event.pk]))
    asked = {f"GET {sample(address)}?q={family.children[0].child.la_child_id}" for address, _, _ in addresses()}
    assert {mark: at - asked for mark, at in walker.seen.items() if at - asked} == {}
    assert walker.odd == []
    home = walker.get("/").content.decode()
    assert ("Something is waiting in Conferences" in home) is (role == "chair")


def test_in_django_admin_there_are_teams_and_nothing_of_a_record():
    registered = {model._meta.model_name for model in admin_site._registry if model._meta.app_label == "conferences"}
    assert registered == {"team", "teammember"}


def test_search_engines_are_told_of_nothing_but_the_public_page(client, family):
    for path in ("/robots.txt", "/sitemap.xml"):
        text = client.get(path).content.decode()
        assert set(re.findall(r"/conferences/[^<\s]*", text)) <= {"/conferences/"}
        assert family.marks.found_in(text) == set()


# When something breaks


def _break(request, *args, **kwargs):
    """What a programming mistake would do: the same local child id twice, in a row whose words are in the error."""
    taken = Child.objects.order_by("la_child_id").first()
    Child.objects.create(la_child_id=taken.la_child_id)


def _break_with_words(request, *args, **kwargs):
    raise ValueError(Block.objects.filter(removed_at=None).first().words)


@pytest.mark.parametrize("breaking", [_break, _break_with_words])
def test_an_error_page_and_its_log_say_nothing_of_what_broke(family, monkeypatch, breaking):
    monkeypatch.setattr(Overview, "get", breaking)
    walker = Walker(family, family.chair)
    with Overhearing() as overheard, transaction.atomic():
        answer = walker.client.get(f"/conferences/{family.conference.pk}/")
        transaction.set_rollback(True)
    assert answer.status_code == 500
    assert family.marks.found_in(answer.content.decode(), repr(answer.headers)) == set()
    broken = [record for record in overheard.records if record.exc_info]
    assert broken
    written = "\n".join(map(written_by_the_portal().format, broken))
    assert "Traceback" in written and breaking.__name__ in written
    assert family.marks.found_in(written) == set()


def written_by_the_portal() -> logging.Formatter:
    """How the console writes a record down."""
    (console,) = (name for name in settings.LOGGING["root"]["handlers"])
    configured = logging.config.DictConfigurator(settings.LOGGING)
    return configured.configure_formatter(
        settings.LOGGING["formatters"][settings.LOGGING["handlers"][console]["formatter"]]
    )


def test_the_database_logs_no_more_than_it_must():
    servers = (settings.BASE_DIR / "script/supervisor/servers.py").read_text()
    assert '"log_error_verbosity": "terse"' in servers

"""A conference with much to keep apart: who may read which of it is what the tests of copies are about."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from chatr.accounts.models import User
from chatr.database.acting import acting_as
from chatr.workdays.clock import local

from ..models import (
    AgencyReport,
    Assignment,
    AssignmentChild,
    Attendance,
    Attending,
    Block,
    Conference,
    ConferencePart,
    CoreGroupMember,
    Decision,
    Discipline,
    Dissent,
    ExclusionGround,
    NextDate,
    Person,
    PersonContact,
    PlanAction,
    Relationship,
    ReportPart,
    SafeContact,
    SafetyFlag,
    Section,
    State,
)
from ..operations import clearing, copies
from ..operations.scheduling import ChildToBe
from ..paper.items import Key
from ..queries.clearing import reader_of
from ..queries.items import items_of
from ..rules.clearing import lines
from .making import NOW, Cast, make_conference, make_professional, make_relative

HELD_ON = date(2026, 3, 23)
LATER = local(date(2026, 3, 24), time(9))


@dataclass
class Scene:
    """A family in which the father must not learn where the mother lives, nor what was said while he was out."""

    cast: Cast
    conference: Conference
    mother: Person
    father: Person
    teacher: Person
    first: Person  # the first child, as a person
    second: Person
    together: ConferencePart
    without_father: ConferencePart
    address: PersonContact
    withheld: Block  # said to all, to be withheld from the father
    in_the_other_part: Block
    agreed: Block  # the first child's words, which a parent may read
    not_agreed: Block  # the second child's
    action: PlanAction

    @property
    def chair(self) -> User:
        return self.cast.chair

    def reload(self) -> None:
        """What the database holds now."""
        with acting_as(self.chair.pk):
            self.conference = Conference.objects.select_related("team", "chair").get(pk=self.conference.pk)
            for name in ("mother", "father", "teacher", "first", "second"):
                found = Person.objects.select_related("conference__team", "conference__chair", "user")
                setattr(self, name, found.get(pk=getattr(self, name).pk))


def make_scene(cast: Cast, *, chair: User | None = None, ids: str = "A", flag: bool = True) -> Scene:
    """Make all of it, not signed yet. Each private text holds a marker of its own in capitals."""
    children = [
        ChildToBe(f"{ids}{n}", name=f"{name} Example", known_as=name, born_on=date(2015, n, 1))
        for n, name in enumerate(("Ada", "Ben"), 1)
    ]
    conference = make_conference(cast, chair=chair, children=children)
    mother = make_relative(conference, "Mona Example", position=11)
    father = make_relative(conference, "Frank Example", position=12)
    teacher = make_professional(conference, "Tess Vale", user=cast.teacher, job="Teacher", position=21)
    with acting_as(conference.chair.pk):
        first, second = Person.objects.filter(conference=conference, kind="child").order_by("position")
        part = ConferencePart.objects.get(conference=conference)
        part.began_at, part.ended_at = part.starts_at, part.starts_at + timedelta(hours=1)
        part.save()
        other = ConferencePart.objects.create(
            conference=conference,
            number=2,
            starts_at=part.ends_at,
            ends_at=part.ends_at + timedelta(hours=1),
            place="ROOMMARK",
        )
        _attend(conference, part, mother, father, teacher, first)
        _attend(conference, other, mother, teacher)
        _exclude(conference, other, father)
        for person in (mother, father):
            for child in (first, second):
                Relationship.objects.create(
                    conference=conference, child_id=child.child_id, person=person, words="parent"
                )
        address = PersonContact.objects.create(
            conference=conference,
            person=mother,
            safe_contact=SafeContact.POST,
            safe_contact_note="NOTEMARK",
            address="12 Addressmark Road\nLondon E8 9ZZ",
            phone="07700 900123",
            email="mona.emailmark@example.org",
            address_is_secret=True,
        )
        if flag:
            SafetyFlag.objects.create(
                conference=conference, person_a=mother, person_b=father, kind="no_address", reason="FLAGMARK"
            )
        say = Sayer(conference)
        scene = Scene(
            cast=cast,
            conference=conference,
            mother=mother,
            father=father,
            teacher=teacher,
            first=first,
            second=second,
            together=part,
            without_father=other,
            address=address,
            withheld=say("worries", "WITHHELDMARK was said to all.", person=teacher, child=first, part=part),
            in_the_other_part=say("family_know", "PARTMARK I am afraid.", person=mother, part=other),
            agreed=say("child_words", "AGREEDMARK I like my school.", person=first, child=first, parent_may_read=True),
            not_agreed=say(
                "child_words", "NOTAGREEDMARK Do not tell.", person=second, child=second, parent_may_read=False
            ),
            action=_plan(conference, first, second, teacher),
        )
        say("strengths", "They laugh a lot together.", person=teacher, child=first, part=part)
        say("facts", "The school called on Monday.", person=teacher, part=part)
        say("family_know", "We moved three times.", person=father, part=part)
        _let_in(conference, cast.teacher, first, second)
        _decide(conference, first, second, mother)
        _report(conference, teacher)
    scene.reload()
    return scene


def _attend(conference, part, *people):
    for person in people:
        Attendance.objects.create(conference=conference, part=part, person=person, status=Attending.PRESENT)


def _exclude(conference, part, person):
    Attendance.objects.create(
        conference=conference,
        part=part,
        person=person,
        status=Attending.EXCLUDED,
        ground=ExclusionGround.CONFLICT,
        minimum_minutes=60,
        decided_by_chair=True,
        views_obtained="In a talk before.",
    )


class Sayer:
    """Writes blocks down."""

    def __init__(self, conference):
        self.conference, self.position = conference, 0

    def __call__(self, kind, words, *, person, child=None, **fields) -> Block:
        self.position += 1
        section = Section.objects.filter(conference=self.conference, kind=kind)
        child_id = child.child_id if child else None
        author = {"child": "child", "family": "family", "professional": "professional"}[person.kind]
        return Block.objects.create(
            conference=self.conference,
            section=section.filter(child=child_id).first() or section.first(),
            child_id=child_id,
            position=self.position,
            author_kind=author,
            person=person,
            words=words,
            typed_by=self.conference.chair,
            typed_at=NOW,
            how="spoken",
            **fields,
        )


def _let_in(conference, user, *children):
    assignment = Assignment.objects.create(
        conference=conference,
        user=user,
        role="contributor",
        all_children=False,
        since=NOW,
        given_by=conference.chair,
    )
    for child in children:
        AssignmentChild.objects.create(conference=conference, assignment=assignment, child_id=child.child_id)


def _plan(conference, first, second, teacher) -> PlanAction:
    for person in (first, second):
        CoreGroupMember.objects.create(
            conference=conference, child_id=person.child_id, person=teacher, is_lead=person == first
        )
    NextDate.objects.create(conference=conference, kind="core_group", on=date(2026, 4, 1), place="Example Hall")
    actions = [
        PlanAction.objects.create(
            conference=conference,
            child_id=person.child_id,
            position=place,
            owner=teacher,
            due_on=date(2026, 4, 10),
            action=f"Breakfast club {place}",
            contingency="We meet at once.",
            plain_words=f"You have breakfast at school, plan {place}.",
        )
        for place, person in enumerate((first, second), 1)
    ]
    return actions[0]


def _decide(conference, first, second, mother):
    for person in (first, second):
        Decision.objects.create(
            conference=conference,
            child_id=person.child_id,
            threshold_met=True,
            outcome="plan",
            categories=["NEG"],
            reasons="Because of what was seen.",
            family_view="We want help.",
        )
    Dissent.objects.create(
        conference=conference,
        child_id=first.child_id,
        person=mother,
        words="I do not  agree,\nnot with one word of it.",
        next_step="It goes to the manager.",
    )


def _report(conference, teacher):
    report = AgencyReport.objects.create(
        conference=conference,
        person=teacher,
        discipline=Discipline.SCHOOL,
        due_on=date(2026, 3, 18),
        due_rule="reports_initial",
        received_at=NOW,
        discussed_on=date(2026, 3, 6),
        spoke_directly="yes",
    )
    for kind, words in (("worries", "Tired in the mornings."), ("chair_only", "CHAIRONLYMARK")):
        ReportPart.objects.create(conference=conference, report=report, kind=kind, words=words)


def sign(scene: Scene) -> Scene:
    """Close the record, as signing does, without its check list."""
    with acting_as(scene.chair.pk):
        conference = scene.conference
        conference.state, conference.held_on, conference.quorate = State.SIGNED, HELD_ON, True
        conference.signed_at, conference.signed_by, conference.content_sha256 = LATER, conference.chair, "0" * 64
        conference.save()
    scene.reload()
    return scene


def clear_shared(scene: Scene, *people: Person, by: User | None = None) -> None:
    """Clear for each what is shared with all."""
    by = by or scene.chair
    with acting_as(by.pk):
        for person in people:
            clearing.clear_shared(person=person, by=by, now=LATER)


def clear_all(scene: Scene, person: Person) -> None:
    """Clear whatever may be cleared for one person, a child's words with a reason."""
    with acting_as(scene.chair.pk):
        found = lines(items_of(scene.conference), reader_of(person))
        keys = [line.item.key for line in found if not line.never and not line.withheld]
        clearing.clear(person=person, keys=keys, by=scene.chair, now=LATER, because="Asked and agreed.")


def withhold(scene: Scene, person: Person, thing, *, second: User | None = None, reason: str = "REASONMARK"):
    """Withhold a row from a person, with a second person where given."""
    with acting_as(scene.chair.pk):
        held = clearing.withhold(
            person=person,
            key=key_of(thing),
            ground="risk_to_adult",
            reason=reason,
            review_on=date(2026, 9, 1),
            by=scene.chair,
            now=LATER,
        )
    if second:
        with acting_as(second.pk):
            clearing.second_withholding(withholding=held, by=second)
    return held


def key_of(thing) -> Key:
    """The key of a row."""
    return Key(thing._meta.model_name, thing.pk)


def prepare(scene: Scene, person: Person, kind: str = "record", *, by: User | None = None, **fields):
    """A prepared copy."""
    by = by or scene.chair
    with acting_as(by.pk):
        return copies.prepare_copy(kind=kind, recipient=person, by=by, now=LATER, **fields)


def issue(scene: Scene, copy, method: str = "by_hand", *, second: User | None = None, **fields):
    """Look at it, agree to it where a second person is given, and give it out."""
    with acting_as(scene.chair.pk):
        copies.mark_previewed(copy=copy, by=scene.chair, now=LATER)
    if second:
        with acting_as(second.pk):
            copies.second_copy(copy=copy, by=second, now=LATER)
    with acting_as(scene.chair.pk):
        return copies.issue_copy(copy=copy, method=method, by=scene.chair, now=LATER, **fields)


def given(scene: Scene, person: Person, kind: str = "record", method: str = "by_hand", **fields):
    """A copy prepared, looked at and given out; the manager is the second person where one is needed."""
    copy = prepare(scene, person, kind)
    second = scene.cast.manager if copy.needs_second_person else None
    return issue(scene, copy, method, second=second, **fields)

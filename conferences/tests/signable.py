"""A conference that was held and has everything signing asks for, and parts of one."""

from datetime import date, time

from chatr.database.acting import acting_as
from chatr.workdays.clock import local

from ..models import (
    Attendance,
    Attending,
    Block,
    Conference,
    ConferenceChild,
    ConferenceKind,
    Decision,
    Discipline,
    Outcome,
    Participation,
    Person,
    Preparation,
    Section,
    SectionKind,
    State,
    StrategyDiscussion,
)
from ..operations.clocks import set_clocks
from ..operations.deciding import decide
from ..operations.plans import ActionGiven, save_action, set_core_group, set_next_dates
from ..operations.signing import sign_record
from ..queries.signed import canonical, fingerprint
from .making import Cast, make_conference, make_professional, make_relative

HELD = date(2026, 3, 23)  # a Monday
EVENING = local(HELD, time(18))
REASONS = "What the school and the health visitor saw."


def make_held(cast: Cast, *, on: date = HELD, s47_on: date | None = None, children: int = 2, **fields) -> Conference:
    """A conference that was held, with its quorum, everybody's words, and a preparation meeting; nothing decided."""
    conference = make_conference(cast, at=local(on, time(10)), children=children, **fields)
    chair = conference.chair
    rosa = make_relative(conference, "Rosa Example")
    people = [
        make_professional(conference, "Sol Example", Discipline.SOCIAL_CARE),
        make_professional(conference, "Tia Example", Discipline.SCHOOL),
        make_professional(conference, "Hal Example", Discipline.HEALTH_VISITOR),
        rosa,
    ]
    with acting_as(chair.pk):
        Conference.objects.filter(pk=conference.pk).update(held_on=on, state=State.DRAFT, quorate=True)
        conference.refresh_from_db()
        Preparation.objects.create(conference=conference, person=rosa, met_on=date(2026, 3, 18))
        part = conference.parts.get()
        for person in people:
            Attendance.objects.create(conference=conference, part=part, person=person, status=Attending.PRESENT)
        for child in conference.children.all():
            Participation.objects.create(conference=conference, child=child, code="PN1")
            for kind in (SectionKind.CHILD_WORDS, SectionKind.STRENGTHS, SectionKind.WORRIES):
                write(conference, kind, child)
            if s47_on:
                StrategyDiscussion.objects.create(
                    conference=conference, child=child, held_on=s47_on, initiated_s47=True
                )
        set_clocks(conference=conference, by=chair, now=EVENING)
    return conference


def write(
    conference: Conference, kind: str, child: ConferenceChild | None = None, words: str = "I like my school.", **f
):
    """Words in a section."""
    section = Section.objects.get(conference=conference, kind=kind, child=child)
    fields = {"author_kind": "child" if kind == SectionKind.CHILD_WORDS else "chair", "read_back": "yes"} | f
    return Block.objects.create(
        conference=conference,
        section=section,
        child=child,
        position=1,
        words=words,
        typed_by=conference.chair,
        typed_at=EVENING,
        **fields,
    )


def decide_for(child: ConferenceChild, outcome: str = Outcome.PLAN, categories=("NEG",), **fields) -> Decision:
    """The chair's decision for one child; call it acting as the chair."""
    has_plan = outcome in (Outcome.PLAN, Outcome.CONTINUE)
    fields = {
        "threshold_met": has_plan,
        "categories": categories if has_plan else (),
        "reasons": REASONS,
        "family_view": "Rosa thinks it is fair.",
        "by": child.conference.chair,
        "now": EVENING,
    } | fields
    return decide(child=child, outcome=outcome, **fields)


def plan_for(conference: Conference, *children: ConferenceChild) -> None:
    """An action for the family, a core group for these children, and the next dates in time."""
    acting = {"by": conference.chair, "now": EVENING}
    owner = Person.objects.get(conference=conference, discipline=Discipline.SOCIAL_CARE)
    given = ActionGiven(
        action="Visit every week",
        owner=owner,
        due_on=date(2026, 12, 30) if conference.held_on.year == 2026 else conference.held_on,
        outcome="The children are heard",
        measure="They say so",
        contingency="The manager visits",
        plain_words="Sol will come to see you every week.",
    )
    save_action(conference=conference, child=None, given=given, **acting)
    set_core_group(children=children, members=[owner], lead=owner, **acting)
    starts = any(child.decision.outcome == Outcome.PLAN for child in children)
    set_next_dates(
        conference=conference,
        core_group_on=date(2026, 3, 30) if starts else None,
        core_group_place="",
        review_on=date(2026, 6, 12) if starts else date(2026, 9, 1),
        review_place="",
        **acting,
    )


def make_signable(cast: Cast, *, children: int = 2, outcome: str = Outcome.PLAN, **fields) -> Conference:
    """A conference with nothing missing."""
    conference = make_held(cast, children=children, **fields)
    with acting_as(conference.chair.pk):
        inside = list(conference.children.order_by("position"))
        for child in inside:
            decide_for(child, outcome)
        if outcome in (Outcome.PLAN, Outcome.CONTINUE):
            inside = list(conference.children.select_related("decision").order_by("position"))
            plan_for(conference, *inside)
    return conference


def sign(conference: Conference, *, by=None, now=EVENING, version: str | None = None, name: str | None = None):
    """Sign it as it is now, acting as the chair or whoever is given."""
    by = by or conference.chair
    with acting_as(by.pk):
        conference.refresh_from_db()
        seen = version if version is not None else fingerprint(canonical(conference))
        signed = sign_record(conference=conference, by=by, now=now, version=seen, name=name or by.name)
        conference.refresh_from_db()
        return signed


def make_review(
    cast: Cast, before: Conference, *, on: date = date(2026, 6, 8), children: int = 2, **fields
) -> Conference:
    """A review of a signed conference, held, about the same children."""
    return make_held(cast, on=on, children=children, kind=ConferenceKind.REVIEW, previous=before, **fields)

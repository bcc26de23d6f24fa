"""What happens to an example conference on its way, step by step, each by the operation that does it for real."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import uuid4

from chatr.accounts.models import User
from chatr.workdays.clock import LONDON

from ..models import (
    Attending,
    AuthorKind,
    Category,
    Conference,
    ConferenceChild,
    ConferencePart,
    CopyKind,
    CopyMethod,
    Discipline,
    Explained,
    FactOrOpinion,
    HowSaid,
    Outcome,
    ParentalResponsibility,
    ParticipationCode,
    Person,
    PersonKind,
    SafeContact,
    Section,
    SectionKind,
    SpokeDirectly,
)
from ..models.reports import ReportPartKind
from ..operations import copies, deciding, plans, room, signing, states, support
from ..operations.clearing import clear_shared
from ..operations.enquiries import Discussed, record_enquiry
from ..operations.family import ContactFacts, PersonFacts, Related, add_person, save_contact
from ..operations.report_requests import invite_contributor
from ..operations.reports import Answers, take_from_paper
from ..operations.words import save_section
from ..queries.signed import canonical, fingerprint
from ..rules.words import Words

CONTRIBUTOR = "contributor@police.example.org"


@dataclass
class Example:
    """An example conference on its way: who chairs it, and whom it knows."""

    conference: Conference
    chair: User
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def children(self) -> list[ConferenceChild]:
        return list(self.conference.children.select_related("child__details", "person").order_by("position"))

    @property
    def held_on(self) -> date:
        return self.conference.scheduled_at.astimezone(LONDON).date()

    def by(self, now: datetime) -> dict:
        """Who does something, and when."""
        return {"by": self.chair, "now": now}


# Before


def enquire(example: Example, started: date, now: datetime) -> None:
    """Section 47, from one strategy discussion."""
    record_enquiry(
        conference=example.conference,
        children=example.children,
        started_on=started,
        referral_on=started,
        discussions=[Discussed(started, initiated_s47=True)],
        **example.by(now),
    )


def gather(example: Example, now: datetime) -> None:
    """The family and the professionals who know them, and how to reach each safely."""
    for name, words, contact in (
        ("Marta Example", "Mother", SafeContact.BY_HAND),
        ("Jonas Example", "Uncle, lives close by", SafeContact.ASK),
    ):
        parent = ParentalResponsibility.YES if words == "Mother" else ParentalResponsibility.NO
        related = {child.pk: Related(words, parent) for child in example.children}
        person = _add(example, PersonKind.FAMILY, PersonFacts(name=name, known_as=name.split()[0]), related, now)
        save_contact(person=person, contact=ContactFacts(safe_contact=contact), **example.by(now))
    for name, discipline, job, agency in (
        ("Sam Example", Discipline.SOCIAL_CARE, "Social worker", "Example Town Hall"),
        ("Noah Example", Discipline.POLICE, "Police officer", "Example Police Team"),
        ("Cerys Example", Discipline.SCHOOL, "Class teacher", "Example Lane Primary School"),
        ("Devika Example", Discipline.HEALTH_VISITOR, "Health visitor", "Example Health Visiting Service"),
    ):
        facts = PersonFacts(name=name, discipline=discipline, job=job, agency=agency, had_direct_contact=True)
        _add(example, PersonKind.PROFESSIONAL, facts, {}, now)


def _add(example: Example, kind: str, facts: PersonFacts, related: dict, now: datetime) -> Person:
    person = add_person(conference=example.conference, kind=kind, facts=facts, related=related, **example.by(now))
    example.people[facts.name.split()[0]] = person
    return person


def prepare(example: Example, now: datetime) -> None:
    """The chair meets the family beforehand; one of them chose not to."""
    facts = support.PreparationFacts(
        met_on=now.astimezone(LONDON).date(),
        explained=[Explained.WHAT_HAPPENS, Explained.BREAKS, Explained.WHO_READS],
        questions="Who will read what we say? Can we stop for a while?",
    )
    support.save_preparation(person=example.people["Marta"], facts=facts, **example.by(now))
    declined = support.PreparationFacts(declined=True, offer="A call on the day, if he wants one.")
    support.save_preparation(person=example.people["Jonas"], facts=declined, **example.by(now))
    choices = {"order": "After the children’s words, please.", "words_to_avoid": "“Failed to engage”"}
    support.save_choices(person=example.people["Marta"], words=choices, **example.by(now))


def ask_for_reports(example: Example, now: datetime, *, come: bool) -> None:
    """One report is asked for here; another came on paper, when ``come``."""
    common = {"conference": example.conference, "children": example.children}
    invite_contributor(person=example.people["Noah"], email=CONTRIBUTOR, **common, **example.by(now))
    if come:
        take_from_paper(
            person=example.people["Cerys"],
            received_on=now.astimezone(LONDON).date(),
            answers=Answers(
                words={
                    ReportPartKind.STRENGTHS: "They come in with a story to tell, and read to the younger ones.",
                    ReportPartKind.FACTS: "Absent on six days this term, each after a weekend.",
                    ReportPartKind.WORRIES: "They fall asleep in lessons and say that nights are loud.",
                },
                discussed="yes",
                discussed_on=now.astimezone(LONDON).date(),
                spoke_directly=SpokeDirectly.YES,
            ),
            **common,
            **example.by(now),
        )


# During


def meet(example: Example) -> None:
    """Everybody is there for the whole of one part."""
    part = ConferencePart.objects.get(conference=example.conference)
    starts, ends = part.starts_at, part.ends_at
    room.begin_part(part=part, **example.by(starts))
    for name, person in example.people.items():
        status = Attending.APOLOGIES if name == "Jonas" else Attending.PRESENT
        room.mark_attendance(part=part, person=person, status=status, **example.by(starts))
    for child in example.children:
        room.mark_attendance(part=part, person=child.person, status=Attending.APOLOGIES, **example.by(starts))
        room.set_participation(
            child=child,
            code=ParticipationCode.PN6,
            how="A drawing and three sentences, made with the class teacher.",
            by_whom="Cerys Example",
            next_step="The chair writes to them what was decided.",
            **example.by(starts),
        )
    room.settle_quorum(conference=example.conference, **example.by(starts))
    room.end_part(part=part, **example.by(ends))
    example.conference.refresh_from_db()


def take_down(example: Example, *, everything: bool) -> None:
    """What people said; when not ``everything``, only the beginning of it."""
    marta, cerys = example.people["Marta"], example.people["Cerys"]
    now = example.conference.scheduled_at + timedelta(hours=1)
    for section in Section.objects.filter(conference=example.conference).order_by("position"):
        said = list(_said(section, marta, cerys))
        if said and (everything or section.position <= 4):
            save_section(section=section, version=section.version, blocks=said, **example.by(now))


def _said(section: Section, marta: Person, cerys: Person) -> Iterator[Words]:
    family = {"author_kind": AuthorKind.FAMILY, "person_id": marta.pk, "how": HowSaid.SPOKEN}
    teacher = {"author_kind": AuthorKind.PROFESSIONAL, "person_id": cerys.pk}
    if section.kind == SectionKind.CHILD_WORDS:
        own = {"author_kind": AuthorKind.CHILD, "person_id": section.child.person.pk, "how": HowSaid.WRITTEN}
        yield Words(
            uuid4(), "I like it when we all eat together. I don’t like the shouting.", parent_may_read=True, **own
        )
    elif section.kind == SectionKind.FAMILY_KNOW:
        yield Words(uuid4(), "We sing in the kitchen. Sunday is for their grandmother.", **family)
    elif section.kind == SectionKind.STRENGTHS:
        yield Words(uuid4(), "Reads to the younger ones at school.", fact_or_opinion=FactOrOpinion.FACT, **teacher)
    elif section.kind == SectionKind.FACTS:
        yield Words(uuid4(), "Absent on six days this term.", fact_or_opinion=FactOrOpinion.FACT, **teacher)
    elif section.kind == SectionKind.WORRIES:
        words = "Too tired to learn after loud nights at home."
        yield Words(uuid4(), words, fact_or_opinion=FactOrOpinion.OPINION, **teacher)
    elif section.kind == SectionKind.FAMILY_RESPONSE:
        yield Words(uuid4(), "That is true about the nights. We want help with that.", **family)


# Deciding, signing, giving out


def conclude(example: Example, *, outcome: str, core_group_on: date | None, review_on: date) -> None:
    """Decide for every child, plan one action for the family, say who is in the core group and when they meet."""
    now = example.conference.scheduled_at + timedelta(hours=2)
    for child in example.children:
        deciding.decide(
            child=child,
            outcome=outcome,
            threshold_met=True,
            categories=[Category.EMOTIONAL, Category.NEGLECT] if outcome == Outcome.PLAN else [Category.EMOTIONAL],
            reasons="The nights at home are loud and long, and the children are too tired to learn.",
            family_view="Their mother agrees that things must change, and would rather have had no plan.",
            **example.by(now),
        )
    plans.save_action(
        conference=example.conference,
        child=None,
        given=plans.ActionGiven(
            need="Sleep",
            outcome="Quiet nights, and children who are awake at school.",
            action="Work out with the family an evening that is calm, and visit every week.",
            owner=example.people["Sam"],
            due_on=example.held_on + timedelta(days=30),
            measure="On time and awake at school on four days of five.",
            contingency="The core group meets within a week.",
            plain_words="Sam visits you every week and helps you to make evenings calm.",
        ),
        **example.by(now),
    )
    members = [example.people[name] for name in ("Marta", "Sam", "Cerys")]
    plans.set_core_group(children=example.children, members=members, lead=example.people["Sam"], **example.by(now))
    plans.set_next_dates(
        conference=example.conference,
        core_group_on=core_group_on,
        core_group_place="Example Lane Primary School" if core_group_on else "",
        review_on=review_on,
        review_place="Example Town Hall",
        **example.by(now),
    )


def sign(example: Example, now: datetime) -> None:
    """The chair signs what they have just read."""
    states.send_to_check(conference=example.conference, **example.by(now))
    example.conference.refresh_from_db()
    seen = fingerprint(canonical(example.conference))
    signing.sign_record(conference=example.conference, version=seen, name=example.chair.name, **example.by(now))
    example.conference.refresh_from_db()


def give_out(example: Example, now: datetime) -> None:
    """Their mother gets what is shared with all, by hand."""
    marta = Person.objects.select_related("conference").get(pk=example.people["Marta"].pk)
    clear_shared(person=marta, **example.by(now))
    for kind in (CopyKind.DECISION_LETTER, CopyKind.RECORD):
        copy = copies.prepare_copy(kind=kind, recipient=marta, **example.by(now))
        copies.mark_previewed(copy=copy, **example.by(now))
        copies.issue_copy(copy=copy, method=CopyMethod.BY_HAND, **example.by(now))
    example.conference.refresh_from_db()

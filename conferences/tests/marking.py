"""A family whose every private text holds a marker of its own, and what a marker says about who may read it."""

import re
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from chatr.accounts.models import User
from chatr.database.acting import acting_as
from chatr.testing.people import make_person
from chatr.workdays.clock import local

from ..models import (
    AgencyReport,
    Attending,
    Conference,
    ConferenceChild,
    ConferencePart,
    Person,
    PersonKind,
    Reason,
    ReportPartKind,
    SectionKind,
    TeamMember,
    TeamRole,
)
from ..operations import (
    amending,
    carrying,
    clearing,
    copies,
    deciding,
    emergency,
    enquiries,
    family,
    handing_over,
    keeping,
    listening,
    meeting,
    plans,
    report_requests,
    reports,
    room,
    safety,
    scheduling,
    signing,
    support,
    words,
)
from ..operations.children import ChildToBe
from ..operations.explanations import explain
from ..paper.items import Key
from ..queries.signed import canonical, fingerprint
from ..rules.words import Words
from .making import NOW, Cast, make_conference

TOKEN = re.compile(r"qxm\d{4}x")
MET = local(date(2026, 3, 23), time(10))
TOLD = local(date(2026, 3, 23), time(11))
ALONE = local(date(2026, 3, 23), time(12))
EVENING = local(date(2026, 3, 23), time(18))


@dataclass(frozen=True)
class Marker:
    """What one marker stands for: a field, whose it is, and which child it is about (1 or 2; 0: the family)."""

    token: str
    field: str
    child: int = 0
    of: str = ""


class Marks:
    """Every marker that was given out."""

    def __init__(self):
        self.given: dict[str, Marker] = {}

    def __call__(self, field: str, child: int = 0, of: str = "") -> str:
        """A new one, to be written into a text: letters and digits alone."""
        token = f"QXM{len(self.given):04d}X"
        self.given[token.lower()] = Marker(token.lower(), field, child, of)
        return token

    def found_in(self, *texts: str) -> set[Marker]:
        """Those that stand in the texts, however these are broken into lines or written in capitals."""
        squeezed = (re.sub(r"[\s\u00ad\u200b]", "", text).lower() for text in texts)
        return {self.given[token] for text in squeezed for token in TOKEN.findall(text) if token in self.given}

    def where(self, **wanted) -> set[Marker]:
        """Those with these properties; a property may be one value or several."""
        several = {name: (value,) if isinstance(value, str | int) else value for name, value in wanted.items()}
        return {mark for mark in self.given.values() if all(getattr(mark, name) in several[name] for name in several)}


@dataclass
class Marked:
    """The family, the conference about it, its review, and everybody who is or is not let in."""

    cast: Cast
    marks: Marks
    conference: Conference
    advocate: User
    reader: User  # opened the first child's record in an emergency
    people: dict[str, Person] = field(default_factory=dict)
    children: list[ConferenceChild] = field(default_factory=list)
    next_door: Conference | None = None
    review: Conference | None = None
    overheard: object = None  # logs and tasks, of whoever listened while it was made
    words_given_to_the_teacher: UUID | None = None  # although the child was not asked about the school
    code: str = ""  # of a feedback link nobody used

    @property
    def chair(self) -> User:
        return self.cast.chair

    def reload(self) -> None:
        """What the database holds now."""
        with acting_as(self.chair.pk):
            found = Conference.objects.select_related("team", "chair", "previous")
            self.conference = found.get(pk=self.conference.pk)
            self.children = list(self.conference.children.select_related("child").order_by("position"))
            everybody = Person.objects.select_related("conference__team", "conference__chair", "user")
            self.people = {name: everybody.get(pk=person.pk) for name, person in self.people.items()}


def make_marked(cast: Cast) -> Marked:
    """A conference before it is signed: planned, prepared, reported on, held, written down, decided."""
    marks = Marks()
    conference = _schedule(cast, marks)
    made = Marked(
        cast=cast,
        marks=marks,
        conference=conference,
        advocate=make_person("Ava Lane", "ava@advocates.example.org"),
        reader=make_person("Ella Boyd", "ella@next.example.org", None, "conference_chair"),
    )
    with acting_as(cast.staff.pk):
        TeamMember.objects.create(
            team=cast.next_team, user=made.reader, role=TeamRole.CHAIR, since=NOW, given_by=cast.staff
        )
    made.reload()
    with acting_as(made.chair.pk):
        _prepare(made)
    with acting_as(cast.teacher.pk):
        _file(made)
    with acting_as(made.chair.pk):
        _invite(made)
        _meet(made)
        _write_down(made)
        _decide(made)
    made.next_door = _make_next_door(cast, marks)
    made.reload()
    return made


def sign(made: Marked) -> Marked:
    """Sign it; withhold, clear and give out copies; amend, challenge, listen; hold it; read it in an emergency; start
    the review."""
    by = {"by": made.chair, "now": EVENING}
    with acting_as(made.chair.pk):
        version = fingerprint(canonical(made.conference))
        signing.sign_record(conference=made.conference, version=version, name=made.chair.name, **by)
    made.reload()
    _give_out(made)
    _add_afterwards(made)
    _open_in_an_emergency(made)
    _start_review(made)
    made.reload()
    return made


# Before


def _child(marks: Marks, number: int, of: str = "") -> ChildToBe:
    return ChildToBe(
        marks("child.la_child_id", number, of),
        name=f"{marks('childdetails.name', number, of)} Example",
        known_as=marks("childdetails.known_as", number, of),
        born_on=date(2015, number, 1),
    )


def _schedule(cast: Cast, marks: Marks) -> Conference:
    return make_conference(
        cast,
        children=[_child(marks, 1), _child(marks, 2)],
        mode="hybrid",
        place=marks("arrangements.place"),
        joining=f"https://calls.example.org/{marks('arrangements.joining')}",
        report_author=cast.colleague,
    )


def _make_next_door(cast: Cast, marks: Marks) -> Conference:
    """Another family, of the next team, to which the health visitor reports."""
    other = make_conference(cast, chair=cast.neighbour, children=[_child(marks, 1, "next door")])
    by = {"by": cast.neighbour, "now": NOW}
    with acting_as(cast.neighbour.pk):
        person = _professional(other, marks, "health_visitor", "next door", by)
        report_requests.invite_contributor(
            conference=other, person=person, email=cast.health_visitor.email, children=list(other.children.all()), **by
        )
    return other


def _professional(conference: Conference, marks: Marks, discipline: str, of: str, by: dict) -> Person:
    facts = family.PersonFacts(
        name=f"{marks('person.name', of=of)} Example",
        known_as=marks("person.known_as", of=of),
        pronouns=marks("person.pronouns", of=of),
        language=marks("person.language", of=of),
        discipline=discipline,
        job=marks("person.job", of=of),
        agency=marks("person.agency", of=of),
        had_direct_contact=True,
    )
    return family.add_person(conference=conference, kind=PersonKind.PROFESSIONAL, facts=facts, related={}, **by)


def _relative(made: Marked, of: str, by: dict, **contact) -> Person:
    marks = made.marks
    facts = family.PersonFacts(
        name=f"{marks('person.name', of=of)} Example",
        known_as=marks("person.known_as", of=of),
        pronouns=marks("person.pronouns", of=of),
        language=marks("person.language", of=of),
    )
    related = {
        child.pk: family.Related(marks("relationship.words", number, of), "yes")
        for number, child in enumerate(made.children, 1)
    }
    person = family.add_person(conference=made.conference, kind=PersonKind.FAMILY, facts=facts, related=related, **by)
    given = {
        "safe_contact": "post",
        "safe_contact_note": marks("personcontact.safe_contact_note", of=of),
        "address": f"12 {marks('personcontact.address', of=of)} Road",
        "phone": f"07700 {marks('personcontact.phone', of=of)}",
        "email": f"{marks('personcontact.email', of=of).lower()}@example.org",
    } | contact
    family.save_contact(person=person, contact=family.ContactFacts(**given), **by)
    return person


def _prepare(made: Marked) -> None:
    """People, how they are reached, who is kept apart, what they need and chose, the parts, who reports."""
    by, marks, conference, people = {"by": made.chair, "now": NOW}, made.marks, made.conference, made.people
    _keep_notes(made, conference, by)
    enquiries.record_enquiry(
        conference=conference,
        children=made.children,
        started_on=date(2026, 3, 2),
        referral_on=date(2026, 3, 2),
        discussions=[enquiries.Discussed(date(2026, 3, 2), True)],
        **by,
    )
    for number, child in enumerate(made.children, 1):
        people[f"child {number}"] = child.person
    people["mother"] = _relative(made, "mother", by, address_is_secret=True)
    people["father"] = _relative(made, "father", by)
    people["grandmother"] = _relative(made, "grandmother", by, safe_contact="email")
    for of, discipline in (("social worker", "social_care"), ("teacher", "school"), ("nurse", "school_nurse")):
        people[of] = _professional(conference, marks, discipline, of, by)
    safety.add_flag(
        conference=conference,
        person_a=people["mother"].pk,
        person_b=people["father"].pk,
        kind="no_address",
        reason=marks("safetyflag.reason"),
        review_on=None,
        **by,
    )
    mother = people["mother"]
    _ask(made, mother, by)
    support.let_advocate_in(child=made.children[0], email=made.advocate.email, by=made.chair, now=timezone.now())
    minutes = TeamMember.objects.get(user=made.cast.minute_taker)
    handing_over.hand_over(
        conference=conference, role="minute_taker", to=minutes, reason=marks("explanation.words"), **by
    )
    report_requests.invite_contributor(
        conference=conference, person=people["teacher"], email=made.cast.teacher.email, children=made.children[:1], **by
    )
    said = {kind: marks("reportpart.words", of="social worker") for kind in ReportPartKind}
    said[ReportPartKind.CHAIR_ONLY] = marks("reportpart.chair_only", of="social worker")
    reports.take_from_paper(
        conference=conference,
        person=people["social worker"],
        children=made.children,
        answers=reports.Answers(said, "yes", date(2026, 3, 6), "yes"),
        received_on=date(2026, 3, 9),
        **by,
    )


def _keep_notes(made: Marked, conference: Conference, by: dict) -> None:
    scheduling.change_arrangements(
        conference=conference,
        scheduled_at=conference.scheduled_at,
        minutes=120,
        mode="hybrid",
        place=conference.arrangements.place,
        joining=conference.arrangements.joining,
        notes=made.marks("arrangements.notes"),
        report_author=made.cast.colleague,
        notified_on=None,
        mother_not_medically_fit=False,
        **by,
    )


def _ask(made: Marked, mother: Person, by: dict) -> None:
    """What the mother needs, was told and chose."""
    marks = made.marks
    detail = marks("support.detail", of="mother")
    support.save_support(person=mother, facts=support.SupportFacts(kind="interpreter", detail=detail), **by)
    support.save_preparation(
        person=mother,
        facts=support.PreparationFacts(
            met_on=date(2026, 3, 6),
            questions=marks("preparation.questions", of="mother"),
            offer=marks("preparation.offer", of="mother"),
        ),
        **by,
    )
    chosen = {kind: marks("choice.words", of="mother") for kind in ("place", "words_to_avoid")}
    support.save_choices(person=mother, words=chosen, **by)


def _file(made: Marked) -> None:
    """The teacher files a report about the first child, with a part for the chair alone."""
    by = {"by": made.cast.teacher, "now": NOW}
    report = AgencyReport.objects.get(contributor=made.cast.teacher)
    said = {kind: made.marks("reportpart.words", 1, "teacher") for kind in ReportPartKind}
    said[ReportPartKind.CHAIR_ONLY] = made.marks("reportpart.chair_only", 1, "teacher")
    answers = reports.Answers(said, "yes", date(2026, 3, 6), "yes")
    report = reports.save_report(report=report, answers=answers, version=report.version, **by)
    reports.file_report(report=report, version=report.version, **by)


def _invite(made: Marked) -> None:
    """Two parts, one without the father; his invitation is written."""
    by, marks, conference = {"by": made.chair, "now": NOW}, made.marks, made.conference
    first = conference.parts.get()
    for part, of in ((first, "together"), (None, "without the father")):
        starts = MET if part else ALONE
        facts = meeting.PartFacts(
            starts,
            starts + timedelta(hours=1),
            place=marks("conferencepart.place", of=of),
            waiting_area=marks("conferencepart.waiting_area", of=of),
            call=f"https://calls.example.org/{marks('conferencepart.call', of=of)}",
        )
        if part:
            meeting.change_part(part=part, facts=facts, **by)
        else:
            part = meeting.add_part(conference=conference, facts=facts, **by)
        here = [name for name in made.people if name != "father" or of == "together"]
        waits = {name: marks("attendance.waits_in", of=f"{name}, {of}") for name in ("mother", "father")}
        seats = {made.people[name].pk: meeting.Seat(True, waits_in=waits.get(name, "")) for name in here}
        meeting.seat_people(part=part, seats=seats, **by)
    made.reload()
    copies.prepare_copy(kind="invitation", recipient=made.people["father"], **by)


# During


def _meet(made: Marked) -> None:
    """Both parts happen; the father is kept out of the second."""
    by, marks, people = {"by": made.chair}, made.marks, made.people
    together, alone = ConferencePart.objects.filter(conference=made.conference).order_by("number")
    room.begin_part(part=together, now=MET, **by)
    made.reload()
    for name in people:
        room.mark_attendance(part=together, person=people[name], status=Attending.PRESENT, now=MET, **by)
    room.begin_part(part=alone, now=ALONE, **by)
    for name in people:
        if name != "father":
            room.mark_attendance(part=alone, person=people[name], status=Attending.PRESENT, now=ALONE, **by)
    room.exclude(
        part=alone,
        person=people["father"],
        ground="conflict",
        minimum_minutes=30,
        views_obtained=marks("attendance.views_obtained", of="father"),
        now=ALONE,
        **by,
    )
    room.end_part(part=alone, now=ALONE + timedelta(minutes=30), **by)
    for number, child in enumerate(made.children, 1):
        told = {name: marks(f"participation.{name}", number) for name in ("how", "by_whom", "next_step")}
        room.set_participation(child=child, code="PN1", now=EVENING, **told, **by)
    made.reload()


def _say(made: Marked, kind: str, of: str, number: int = 0, part: ConferencePart | None = None, **more) -> Words:
    """Somebody's words in a section, with a marker: whose, in which part."""
    child = made.children[number - 1] if number else None
    section = made.conference.sections.filter(kind=kind)
    section = section.get(child=child) if kind in (SectionKind.CHILD_WORDS, "strengths", "worries") else section.get()
    person = made.people.get(of)
    alone = ", alone" if part is not None and part.number == 2 else ""
    author = {"family": "family", "professional": "professional", "child": "child"}[person.kind] if person else "chair"
    said = Words(
        uuid4(),
        f"{made.marks('block.words', number, f'{of}{alone}')} was said.",
        author,
        person and person.pk,
        child and child.pk,
        read_back="yes",
        how="spoken",
        part_id=part and part.pk,
        **more,
    )
    words.save_section(section=section, version=section.version, blocks=[said], by=made.chair, now=EVENING)
    return said


def _write_down(made: Marked) -> None:
    together, alone = ConferencePart.objects.filter(conference=made.conference).order_by("number")
    for number in (1, 2):
        # The first child agrees that a parent reads this; the second does not.
        _say(made, "child_words", f"child {number}", number, together, parent_may_read=number == 1)
        _say(made, "strengths", "teacher", number, together)
        _say(made, "worries", "nurse", number, together, fact_or_opinion="opinion")
    for kind in SectionKind:
        if kind not in (SectionKind.CHILD_WORDS, SectionKind.STRENGTHS, SectionKind.WORRIES):
            _say(made, kind, "chair", part=together)
    _say(made, "family_know", "mother", part=alone)
    _say(made, "facts", "father", part=together)
    # Words that were changed while they were written: the old ones are kept, too.
    facts = made.conference.sections.get(kind="facts")
    before = _say(made, "facts", "nurse", part=together)
    section = made.conference.sections.get(pk=facts.pk)
    now = Words(before.id, f"{made.marks('block.words', 0, 'nurse')} instead.", "professional", before.person_id)
    words.save_section(
        section=section, version=section.version, blocks=[now], by=made.chair, now=EVENING + timedelta(hours=1)
    )


def _decide(made: Marked) -> None:
    by, marks, conference, people = {"by": made.chair, "now": EVENING}, made.marks, made.conference, made.people
    for number, child in enumerate(made.children, 1):
        deciding.decide(
            child=child,
            outcome="plan",
            threshold_met=True,
            categories=["NEG"],
            reasons=marks("decision.reasons", number),
            family_view=marks("decision.family_view", number),
            **by,
        )
        given = plans.ActionGiven(
            owner=people["social worker"],
            due_on=date(2026, 12, 30),
            **{
                name: marks(f"planaction.{name}", number)
                for name in ("action", "need", "outcome", "measure", "contingency", "plain_words")
            },
        )
        plans.save_action(conference=conference, child=child, given=given, **by)
        deciding.record_dissent(
            conference=conference,
            person=people["father"],
            child=child,
            formal=False,
            words=marks("dissent.words", number, "father"),
            next_step=marks("dissent.next_step", number, "father"),
            **by,
        )
    inside = list(conference.children.select_related("decision").order_by("position"))
    plans.set_core_group(children=inside, members=[people["social worker"]], lead=people["social worker"], **by)
    plans.set_next_dates(
        conference=conference,
        core_group_on=date(2026, 3, 30),
        core_group_place=marks("nextdate.place"),
        review_on=date(2026, 6, 12),
        review_place=marks("nextdate.place"),
        **by,
    )
    for kind in Reason:
        if kind != Reason.HANDOVER:
            explain(conference=conference, kind=kind, words=marks("explanation.words"), **by)
    for number, child in enumerate(made.children, 1):
        for kind in (Reason.NO_STRENGTHS, Reason.NO_WORRIES):
            explain(conference=conference, kind=kind, child=child, words=marks("explanation.words", number), **by)


# After


def _give_out(made: Marked) -> None:
    """One thing withheld from the father; what is shared with all cleared; a copy each; one taken back."""
    by, marks, people = {"by": made.chair, "now": EVENING}, made.marks, made.people
    with acting_as(made.chair.pk):
        for name in ("father", "teacher"):
            said = next(
                block
                for block in made.conference.blocks.select_related("section").filter(section__kind="worries")
                if block.child_id == made.children[0].pk
            )
            clearing.withhold(
                person=people[name],
                key=Key("block", said.pk),
                ground="risk_to_adult",
                reason=marks("withholding.reason", of=name),
                review_on=date(2026, 9, 1),
                **by,
            )
    with acting_as(made.cast.manager.pk):
        for held in made.conference.withholdings.all():
            clearing.second_withholding(withholding=held, by=made.cast.manager)
    for name in ("child 1", "mother", "father", "grandmother", "teacher"):
        with acting_as(made.chair.pk):
            clearing.clear_shared(person=people[name], **by)
    with acting_as(made.chair.pk):  # the first child's words, although nobody asked whether the school may read them
        said = made.conference.blocks.get(section__kind="child_words", child=made.children[0])
        because = marks("clearance.despite_child_because", 1)
        made.words_given_to_the_teacher = said.pk
        clearing.clear(person=people["teacher"], keys=[Key("block", said.pk)], because=because, **by)
    for name, kind, method in (
        ("child 1", "child_letter", "by_hand"),
        ("mother", "record", "by_hand"),
        ("father", "record", "by_hand"),
        ("grandmother", "decision_letter", "by_hand"),
        ("teacher", "record", "portal"),
    ):
        _give_one_out(made, name, kind, method)
    with acting_as(made.chair.pk):
        copy = made.conference.copies.get(recipient=people["grandmother"])
        copies.withdraw_copy(copy=copy, reason=marks("copy.withdrawn_reason"), **by)


def _give_one_out(made: Marked, name: str, kind: str, method: str) -> None:
    by, marks = {"by": made.chair, "now": EVENING}, made.marks
    typed = {"personal": marks("copycontent.personal", of=name)}
    if kind == "child_letter":
        typed["talked_about"] = marks("copycontent.talked_about", of=name)
    with acting_as(made.chair.pk):
        copy = copies.prepare_copy(kind=kind, recipient=made.people[name], **typed, **by)
        copies.mark_previewed(copy=copy, **by)
    if copy.needs_second_person:
        with acting_as(made.cast.manager.pk):
            copies.second_copy(copy=copy, by=made.cast.manager, now=EVENING)
    with acting_as(made.chair.pk):
        copies.issue_copy(copy=copy, method=method, tell=name in ("grandmother", "teacher"), **by)


def _add_afterwards(made: Marked) -> None:
    later = local(date(2026, 3, 25), time(9))
    by, marks, conference = {"by": made.chair, "now": later}, made.marks, made.conference
    with acting_as(made.chair.pk):
        decision = made.children[0].decision
        amending.amend(
            conference=conference,
            object_id=decision.pk,
            field="reasons",
            new=marks("amendment.new", 1),
            reason=marks("amendment.reason", 1),
            **by,
        )
        challenged = amending.challenge(
            conference=conference,
            person=made.people["father"],
            child=made.children[0],
            block=None,
            words=marks("accuracychallenge.words", 1),
            received_on=date(2026, 3, 25),
            **by,
        )
        amending.answer_challenge(
            challenge=challenged, outcome="stands", response=marks("accuracychallenge.response", 1), **by
        )
        keeping.place_hold(conference=conference, reason=marks("legalhold.reason"), **by)
        made.code = listening.make_link(conference=conference, cohort="parent", by=made.chair, now=timezone.now())[1]
        listening.make_link(
            conference=conference,
            cohort="professional",
            by=made.chair,
            now=timezone.now(),
            send_to=made.cast.teacher,
        )


def _open_in_an_emergency(made: Marked) -> None:
    with acting_as(made.reader.pk):
        reading = emergency.break_glass(
            la_child_id=made.children[0].child.la_child_id,
            ground="risk_now",
            reason=f"{made.marks('breakglass.reason', 1)} and more than twenty characters.",
            by=made.reader,
            now=timezone.now(),
        )
    with acting_as(made.cast.manager.pk):
        emergency.review_reading(
            reading=reading,
            was_right=True,
            verdict=made.marks("breakglass.verdict", 1),
            by=made.cast.manager,
            now=timezone.now(),
        )


def _start_review(made: Marked) -> None:
    """The review, open, with one action of the last plan looked at; both are about the same children."""
    by = {"by": made.chair, "now": local(date(2026, 4, 1), time(9))}
    with acting_as(made.chair.pk):
        made.review = carrying.start_review(
            previous=made.conference,
            team=made.cast.team,
            chair=made.chair,
            scheduled_at=local(date(2026, 6, 8), time(10)),
            minutes=120,
            left_out={},
            key=uuid4(),
            mode="hybrid",
            place=made.marks("arrangements.place"),
            joining=made.marks("arrangements.joining"),
            **by,
        )
        _keep_notes(made, made.review, by)
        mother = made.review.people.get(carried_from=made.people["mother"])
        _ask(made, mother, by)
        plans.review_action(
            conference=made.review,
            action=made.conference.actions.order_by("position").first(),
            progress="done",
            evidence=made.marks("actionreview.evidence", 1),
            **by,
        )

"""The example conferences with what they lack of the states a page can be in, each made by its operation."""

from datetime import datetime, timedelta

from chatr.accounts.models import User
from chatr.database.acting import acting_as
from chatr.testing.people import make_person

from ..examples.days import Days
from ..examples.stages import Example, conclude, enquire
from ..models import (
    AssignmentRole,
    BreakGlass,
    BreakGlassGround,
    Cohort,
    Conference,
    ConferenceKind,
    ConferencePart,
    CopyKind,
    CopyMethod,
    Kept,
    KeptFrom,
    Outcome,
    Person,
    SafetyFlagKind,
    SectionKind,
    SupportKind,
    Team,
    TeamMember,
    TeamRole,
    WithholdingGround,
)
from ..operations import (
    amending,
    clearing,
    copies,
    deciding,
    emergency,
    handing_over,
    keeping,
    listening,
    safety,
    support,
    teams,
)
from ..operations.scheduling import ChildToBe, schedule_conference
from ..queries.amending import items_to_amend
from ..queries.items import items_of
from ..queries.keeping import open_proposals

ADVOCATE, NEIGHBOUR = "advocate@example.org", "next.chair@example.org"
A_YEAR = timedelta(days=365)


class Stage:
    """The conferences by where they stand, and what there is to open in them."""

    def __init__(self, *, now: datetime):
        self.now, self.days = now, Days(now)
        self.chair, self.minute_taker, self.manager, self.administrator = map(
            user,
            ("chair@example.org", "minutes@example.org", "chairs.manager@example.org", "administrator@example.org"),
        )
        with acting_as(self.chair.pk):
            self._find()
            self._before()
            self._in_the_room()
            self._decided()
            self._clear()
            self._copy()
            self._afterwards()
        self._from_the_next_team()
        self._keep()

    @property
    def by(self) -> dict:
        """The chair, now."""
        return {"by": self.chair, "now": self.now}

    def person(self, conference: Conference, name: str) -> Person:
        """Somebody of a conference by their first name, as a page loads them."""
        people = Person.objects.select_related("user", "conference__team", "conference__chair")
        return next(one for one in people.filter(conference=conference) if one.name.split()[0] == name)

    def _find(self) -> None:
        def about(child: str, **more) -> Conference:
            return Conference.objects.get(children__child__la_child_id=child, **more)

        self.soon, self.unborn, self.moved = about("EXA1"), about("EXB1"), about("EXC1")
        self.writing, self.checked, self.signed = about("EXD1"), about("EXE1"), about("EXF1")
        self.given_out = about("EXG1", kind=ConferenceKind.INITIAL)
        self.review = about("EXG1", kind=ConferenceKind.REVIEW)
        self.adjourned, self.cancelled = about("EXH1"), about("EXJ1")
        # A review of a plan that was open before the portal was.
        self.taken_on = schedule_conference(
            team=self.signed.team,
            kind=ConferenceKind.REVIEW,
            scheduled_at=self.days.at(9),
            minutes=90,
            chair=self.chair,
            children=[ChildToBe("EXK1", name="Willow Example", born_on=self.days.today - 8 * A_YEAR)],
            **self.by,
        )
        self.all = list(Conference.objects.order_by("scheduled_at"))

    def _before(self) -> None:
        """A limit that will be missed, an interpreter, two people to keep apart, somebody who takes the minutes."""
        enquire(Example(self.soon, self.chair), self.days.day(-30), self.now)
        mother, uncle = self.person(self.soon, "Marta"), self.person(self.soon, "Jonas")
        facts = support.SupportFacts(kind=SupportKind.INTERPRETER, offered_on=self.days.today, detail="Lithuanian")
        self.support = support.save_support(person=mother, facts=facts, **self.by)
        self.flag = safety.add_flag(
            conference=self.soon,
            person_a=mother.pk,
            person_b=uncle.pk,
            kind=SafetyFlagKind.NOT_TOGETHER,
            reason="She says that she cannot speak while he listens.",
            review_on=self.days.day(20),
            **self.by,
        )
        minutes = TeamMember.objects.get(user=self.minute_taker)
        for conference in (self.soon, self.writing, self.signed):
            handing_over.hand_over(
                conference=conference,
                role=AssignmentRole.MINUTE_TAKER,
                to=minutes,
                reason="She takes the minutes.",
                **self.by,
            )

    def _in_the_room(self) -> None:
        mother = self.person(self.writing, "Marta")
        self.part = ConferencePart.objects.get(conference=self.writing)
        self.dissent = deciding.record_dissent(
            conference=self.writing,
            person=mother,
            child=None,
            formal=True,
            words="I do not agree. We were managing.",
            next_step="The chair tells the chairs’ manager.",
            **self.by,
        )
        child = self.writing.children.select_related("conference").order_by("position").first()
        self.advocate = make_person("Wanda Example", ADVOCATE)
        support.let_advocate_in(child=child, email=ADVOCATE, **self.by)
        self.child_words = self.writing.sections.get(kind=SectionKind.CHILD_WORDS, child=child)

    def _decided(self) -> None:
        """One that can be signed as it stands."""
        people = {person.name.split()[0]: person for person in self.checked.people.all()}
        example = Example(self.checked, self.chair, people)
        conclude(
            example,
            outcome=Outcome.PLAN,
            core_group_on=self.days.day(4),
            review_on=example.held_on + timedelta(days=80),
        )

    def _clear(self) -> None:
        """What the mother of a signed record may read, one thing withheld from her; and her child."""
        self.mother = self.person(self.signed, "Marta")
        self.hazel = self.person(self.signed, "Hazel")
        for person in (self.mother, self.hazel):
            clearing.clear_shared(person=person, **self.by)
        self.item = next(one.key for one in items_of(self.signed) if one.section == SectionKind.WORRIES)
        self.withheld = clearing.withhold(
            person=self.mother,
            key=self.item,
            ground=WithholdingGround.RISK_TO_ADULT,
            reason="It would tell who spoke.",
            review_on=None,
            **self.by,
        )

    def _copy(self) -> None:
        """A letter to a child, a copy to look at, one that was looked at, and one that was given out."""
        self.letter = copies.prepare_copy(
            kind=CopyKind.CHILD_LETTER,
            recipient=self.hazel,
            talked_about="We talked about the evenings at home, and how you sleep.",
            personal="Thank you for your drawing.",
            **self.by,
        )
        self.prepared = copies.prepare_copy(kind=CopyKind.RECORD, recipient=self.mother, **self.by)
        self.looked_at = copies.prepare_copy(kind=CopyKind.DECISION_LETTER, recipient=self.mother, **self.by)
        copies.mark_previewed(copy=self.looked_at, **self.by)
        officer = self.person(self.given_out, "Noah")
        self.contributor = officer.user
        clearing.clear_shared(person=officer, **self.by)
        self.theirs = copies.prepare_copy(kind=CopyKind.DECISION_LETTER, recipient=officer, **self.by)
        copies.mark_previewed(copy=self.theirs, **self.by)
        copies.issue_copy(copy=self.theirs, method=CopyMethod.PORTAL, **self.by)

    def _afterwards(self) -> None:
        """What is added to a record that was given out, and codes for saying how it was."""
        self.amended = items_to_amend(self.given_out)[0]
        amending.amend(
            conference=self.given_out,
            object_id=self.amended.object_id,
            field=self.amended.field,
            new=f"{self.amended.words_now} On some days.",
            reason="It was left out.",
            **self.by,
        )
        self.challenge = amending.challenge(
            conference=self.given_out,
            person=self.person(self.given_out, "Marta"),
            child=None,
            block=None,
            words="My sister was there too.",
            received_on=self.days.today,
            **self.by,
        )
        self.codes = [listening.make_link(conference=self.given_out, cohort=one, **self.by)[1] for one in Cohort]
        self.hold = keeping.place_hold(conference=self.signed, reason="The family court asks for it.", **self.by)

    def _from_the_next_team(self) -> None:
        """A chair of the next team reads in an emergency."""
        self.neighbour = make_person("Nell Example", NEIGHBOUR, None, "conference_chair")
        with acting_as(self.administrator.pk):
            team = teams.save_team(team=Team(name="Next example team"), by=self.administrator)
            member = TeamMember(team=team, user=self.neighbour, role=TeamRole.CHAIR)
            teams.add_member(member=member, by=self.administrator, now=self.now)
        with acting_as(self.neighbour.pk):
            emergency.break_glass(
                la_child_id="EXF1",
                ground=BreakGlassGround.RISK_NOW,
                reason="The school called: nobody came for her, and nobody answers.",
                by=self.neighbour,
                now=self.now,
            )

    def _keep(self) -> None:
        """A rule, and a record that was kept as long as it says."""
        with acting_as(self.manager.pk):
            keeping.agree_rule(
                kind=Kept.RECORD,
                years=1,
                trigger=KeptFrom.HELD,
                authority="Example schedule 4.2",
                in_force_from=self.days.today,
                by=self.manager,
                now=self.now,
            )
        keeping.propose(now=self.now + 2 * A_YEAR)
        with acting_as(self.manager.pk):
            self.proposal = open_proposals().first()
            self.reading = BreakGlass.objects.get(user=self.neighbour)


def user(email: str) -> User:
    return User.objects.get(email=email)

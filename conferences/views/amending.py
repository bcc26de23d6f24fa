"""What is added to a signed record: amendments, and what somebody says is not accurate."""

from itertools import groupby

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect

from chatr.workdays.clock import LONDON
from chatr.workdays.queries import bank_holidays

from ..forms.deciding import WHOLE_FAMILY
from ..forms.signing import AmendmentForm, AnswerForm, ChallengeForm
from ..models import AccuracyChallenge, ChallengeOutcome, ClockKind
from ..operations import amending
from ..queries import amending as queries
from ..queries.plans import children_here, people_to_ask
from ..queries.signed import challenges_of
from ..rules import access as rules
from ..rules.timescales import due_in_words, holidays_around
from .base import ConferenceView
from .deciding import FormPage, chosen_child, chosen_person


class SignedView(ConferenceView):
    """A page about a signed record; until it is signed, it leads to signing."""

    who_may_see = "Those whose assignment lets them read the record, and the team's manager, once it is signed."

    def enter(self, conference_id, *args, **kwargs):
        super().enter(conference_id, *args, **kwargs)
        if not rules.is_signed(self.conference):
            return redirect("conferences:sign", self.conference.pk)
        return None


class SignedFormPage(FormPage, SignedView):
    """A form that adds to a signed record."""

    refusals = (amending.CannotAmend,)

    def enter(self, conference_id, *args, **kwargs):
        return SignedView.enter(self, conference_id, *args, **kwargs) or self.load(**kwargs)


class Amendments(SignedView):
    """Every text that can be amended, and every amendment beside it."""

    def get(self, request, conference_id):
        items = queries.items_to_amend(self.conference)
        context = {
            "groups": [(name, list(texts)) for name, texts in groupby(items, key=lambda item: item.group)],
            "amended": [item for item in items if item.amendments],
            "may_amend": rules.can_amend(self.access),
        }
        return self.page("conferences/deciding/amendments.html", context)


class Amend(SignedFormPage):
    """Add an amendment to one text."""

    who_may_see = "The chair, whoever covers for them, and the team's manager, once the record is signed."
    may = staticmethod(rules.can_amend)
    template = "conferences/deciding/amend.html"
    goes_to = "amend"

    def load(self, object_id, field, **kwargs):
        self.item = queries.item_to_amend(self.conference, object_id, field)
        if self.item is None:
            raise Http404

    def make_form(self, data=None):
        return AmendmentForm(data, initial={"new": self.item.words_now})

    def keep(self, answers):
        amending.amend(
            conference=self.conference,
            object_id=self.item.object_id,
            field=self.item.field,
            **answers,
            **self.acting,
        )

    def context(self):
        return {"item": self.item}


class Challenges(SignedView):
    """What people say is not accurate, with the chair's answers."""

    def get(self, request, conference_id):
        found = [one for challenges in challenges_of(self.conference).values() for one in challenges]
        texts = {item.object_id: item for item in queries.items_to_amend(self.conference)}
        context = {
            "challenges": [(one, texts.get(one.block_id)) for one in found],
            "due": self._due(),
            "may_add": rules.can_prepare(self.access),
            "may_answer": rules.can_decide(self.access),
        }
        return self.page("conferences/deciding/challenges.html", context)

    def _due(self) -> str:
        clock = self.conference.clocks.filter(kind=ClockKind.ACCURACY, child=None, not_needed=False).first()
        if clock is None:
            return ""
        today = self.now.astimezone(LONDON).date()
        return due_in_words(clock.due_on, today, bank_holidays(*holidays_around(today, clock.due_on)))


class AddChallenge(SignedFormPage):
    """Write down, word for word, what somebody says is not accurate."""

    who_may_see = "Those who record or manage the conference, once it is signed."
    may = staticmethod(rules.can_prepare)
    heading = "Somebody says something is not accurate"
    goes_to = "challenges"

    def load(self, **kwargs):
        self.people = people_to_ask(self.conference)
        self.children = children_here(self.conference)
        self.blocks = {
            str(item.object_id): item for item in queries.items_to_amend(self.conference) if item.object_type == "block"
        }

    def make_form(self, data=None):
        texts = [(pk, f"{item.group}: {item.label}, “{_start(item.words)}”") for pk, item in self.blocks.items()]
        return ChallengeForm(data, people=self.people, children=self.children, texts=texts)

    def keep(self, answers):
        about, who, child = (answers.pop(name) for name in ("about", "person", "child"))
        amending.challenge(
            conference=self.conference,
            person=chosen_person(self.people, who),
            child=chosen_child(self.conference, child),
            block=None if about == WHOLE_FAMILY else self.conference.blocks.get(pk=about),
            **answers,
            **self.acting,
        )


class AnswerChallenge(SignedFormPage):
    """The chair's answer. What was said stays beside the text either way."""

    who_may_see = "The chair, or whoever covers for them, until it is answered."
    may = staticmethod(rules.can_decide)
    template = "conferences/deciding/answer.html"
    goes_to = "challenges"

    def load(self, challenge_id, **kwargs):
        waiting = AccuracyChallenge.objects.select_related("person", "block").filter(outcome=ChallengeOutcome.WAITING)
        self.challenge = get_object_or_404(waiting, pk=challenge_id, conference=self.conference)

    def make_form(self, data=None):
        return AnswerForm(data)

    def keep(self, answers):
        amending.answer_challenge(challenge=self.challenge, **answers, **self.acting)

    def context(self):
        return {"challenge": self.challenge}


def _start(words: str) -> str:
    """The first words of a text, to recognise it by."""
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= 60 else f"{one_line[:60].rsplit(' ', 1)[0]} …"

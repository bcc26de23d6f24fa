"""Recording a conference: the whole record, one section at a time, and staying signed in meanwhile."""

import time
from datetime import timedelta

from allauth.account.internal.flows.login import get_authentication_records
from django.db import transaction
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localtime

from ..forms.words import Choices, SectionForm, block_form, new_form, unsaved_form
from ..models import Block, ChoiceKind
from ..operations.words import SIGNED, CannotSave, StaleSection, open_section, save_section, seal_block
from ..queries.amending import with_additions
from ..queries.plans import decided
from ..queries.room import in_the_room, open_break, parts_of, running
from ..queries.words import entries_of, last_time, live_blocks, marks, sections_of, title_of, whole_record
from ..rules import access as rules
from ..rules.words import GUIDES, can_write_section, fingerprint
from .base import SEEN_AT, AreaView, ConferenceView

TEMPLATE_KEY = "00000000-0000-0000-0000-000000000000"  # the page's script puts a fresh id in its place


def may_open_sections(access) -> bool:
    """Those who read the record, and an advocate, who is shown the words of their child alone."""
    return rules.can_read_record(access) or rules.can_write_child_words(access)


class Record(ConferenceView):
    """The whole record in its fixed order, to read and to print for the team."""

    who_may_see = "Those whose assignment lets them read the record, and the team's manager."

    def get(self, request, conference_id):
        record = whole_record(self.conference)
        if rules.is_signed(self.conference):
            entries = [entry for _, _, entries in record for entry in entries]
            with_additions((block for one in entries for block in (one.block, *one.corrections)), self.conference)
        return self.page(
            "conferences/recording/record.html",
            {
                "record": record,
                "is_open": rules.is_open(self.conference),
                "decided": decided(self.conference),
                "explanations": self.conference.explanations.select_related("child__child__details"),
            },
            sections=[section.pk for section, _, _ in record],
        )


class SectionView(ConferenceView):
    """What the page of a section and its saving share."""

    may = staticmethod(may_open_sections)
    who_may_see = "Those whose assignment lets them read the section; whoever records writes in it."

    def enter(self, conference_id, section_id):
        super().enter(conference_id)
        self.section = get_object_or_404(sections_of(self.conference), pk=section_id)
        self.section.conference = self.conference
        self.writes = rules.is_open(self.conference) and can_write_section(self.access, self.section)

    def say_who_is_here(self) -> None:
        """Two people in one section take turns at this, and so see each other."""
        if self.writes:
            open_section(section=self.section, by=self.request.user, now=self.now)

    def choices(self, blocks) -> Choices:
        """What can be chosen in this section."""
        people = sorted(self.conference.people.all(), key=lambda person: (person.position, person.name))
        return Choices(self.section, people, parts_of(self.conference), (block.pk for block in blocks))

    def save(self, form: SectionForm) -> None:
        """Keep what was sent; with it, close the words that were read back."""
        with transaction.atomic():
            saved = save_section(
                section=self.section, version=form.version, blocks=form.to_keep(), by=self.request.user, now=self.now
            )
            if sealed := self.request.POST.get("seal"):
                block = self.section.blocks.filter(pk=sealed).first() if _is_block(sealed, form) else None
                if block is None:
                    raise CannotSave("There are no words here to read back.")
                seal_block(block=block, by=self.request.user, now=self.now)
        self.section.version = saved.version

    def rows(self, forms=()) -> list:
        """The section's words as a page shows them: places to write, and words that stay. ``forms`` were just sent."""
        sent = {form.key: form for form in forms}
        rows = []
        for entry in self.entries:
            for block in (entry.block, *entry.corrections):
                if block.sealed_at or not self.writes:
                    rows.append({"block": block, "correction": self._correction(block, sent)})
                else:
                    rows.append(
                        {"block": block, "form": sent.pop(str(block.pk), None) or block_form(block, self.asked)}
                    )
        return rows + [{"form": form, "block": form.block} for form in sent.values()]

    def _correction(self, block: Block, sent: dict):
        if not (self.writes and block.sealed_at):
            return None
        wanted = [key for key, form in sent.items() if str(form["corrects"].value() or "") == str(block.pk)]
        return sent.pop(wanted[0]) if wanted else new_form(self.asked, corrects=block)

    def load(self) -> None:
        """What stands in the section, and what can be chosen."""
        self.entries = entries_of(self.section)
        self.asked = self.choices(block for entry in self.entries for block in (entry.block, *entry.corrections))

    def both(self, stale: StaleSection) -> dict:
        """The section with both versions of what two people changed, as the page shows it."""
        self.section.version = stale.section.version
        self.entries, forms = entries_of(self.section), []
        for side in stale.sides:
            if side.mine is None or (side.mine.is_gone and side.theirs is None):
                continue
            if side.theirs is not None and side.theirs.sealed_at:
                correction = new_form(self.asked, corrects=side.theirs)
                correction.initial["words"] = side.mine.words
                forms.append(correction)
            else:
                forms.append(unsaved_form(side.mine, self.asked, side.theirs, side if side.both_changed else None))
        return {"rows": self.rows(forms), "section": self.section, "stale": stale}


def _is_block(key: str, form: SectionForm) -> bool:
    return any(one.key == key for one in form.forms)


class SectionPage(SectionView):
    """One section, open to be written in, with last time's beside it."""

    def get(self, request, conference_id, section_id):
        self.load()
        if rules.is_signed(self.conference):
            with_additions((block for one in self.entries for block in (one.block, *one.corrections)), self.conference)
        found = marks(self.conference, self.now)  # before the person is written down as the one who has it open
        self.say_who_is_here()
        return self.show({"rows": self.rows(), "marks": found})

    def post(self, request, conference_id, section_id):
        if not self.writes:
            raise Http404
        self.load()
        stored = {block.pk: block for entry in self.entries for block in (entry.block, *entry.corrections)}
        form = SectionForm(request.POST, self.asked, stored)
        if not form.is_valid():
            return self.show({"rows": self.rows(form.forms), "refused": form})
        try:
            self.save(form)
        except StaleSection as stale:
            return self.show(self.both(stale), status=409)
        except CannotSave as refusal:
            form.refuse(str(refusal), refusal.block)
            return self.show({"rows": self.rows(form.forms), "refused": form})
        return redirect(self._where_to(form))

    def _where_to(self, form: SectionForm) -> str:
        onward = self.request.POST.get("go", "")
        following = self.conference.sections.filter(position__gt=self.section.position).order_by("position").first()
        if onward and following is not None:
            return reverse("conferences:section", args=[self.conference.pk, following.pk])
        return reverse("conferences:section", args=[self.conference.pk, self.section.pk]) + "#words"

    def show(self, context: dict, *, status: int = 200) -> HttpResponse:
        """The page around the section's words."""
        found = context.get("marks") or marks(self.conference, self.now)
        here = next(n for n, mark in enumerate(found) if mark.section.pk == self.section.pk)
        part = running(self.asked.parts, self.now)
        present, excluded = in_the_room(part)
        before = last_time(self.section, self.conference, self.request.user)
        context = {
            "section": self.section,
            "title": title_of(self.section),
            "guide": GUIDES[self.section.kind],
            "links": list(self._links()),
            "marks": found,
            "number": here + 1,
            "previous": found[here - 1] if here else None,
            "following": found[here + 1] if here + 1 < len(found) else None,
            "writes": self.writes,
            "records": rules.can_write_record(self.access),
            "reads_all": rules.can_read_record(self.access),
            "new": new_form(self.asked) if self.writes else None,
            "blank": new_form(self.asked, key=TEMPLATE_KEY) if self.writes else None,
            "part": part,
            "present": present,
            "excluded": excluded,
            "break": open_break(self.conference),
            "spoken": list(self._spoken()),
            "before": before,
            **context,
        }
        shown = [self.section.pk, *([before[1].pk] if before else [])]
        return self.page(
            "conferences/recording/section.html", context, status=status, thing=self.section, sections=shown
        )

    def _links(self):
        if not rules.can_read_record(self.access):
            return
        for name, text in GUIDES[self.section.kind].links:
            try:
                yield reverse(f"conferences:{name}", args=[self.conference.pk]), text
            except NoReverseMatch:
                continue

    def _spoken(self):
        """Words people use for themselves, and words they asked us to avoid."""
        kinds = [ChoiceKind.WORDS_TO_USE, ChoiceKind.WORDS_TO_AVOID]
        for choice in self.conference.choices.filter(kind__in=kinds).select_related("person").order_by("kind"):
            yield choice.person, choice.get_kind_display(), choice.words


class SaveSection(SectionView):
    """Saving a section from its page's script, and what that page asks by itself: who is where, and what changed."""

    who_may_see = SectionView.who_may_see

    @property
    def counts_as_presence(self) -> bool:
        """Typing does; what the page asks by itself, and its last save before signing out, do not."""
        return self.request.method == "POST" and "X-Nobody-Here" not in self.request.headers

    def get(self, request, conference_id, section_id):
        sections = {
            str(mark.section.pk): {
                "written": mark.written,
                "who": mark.opened_by.name if mark.opened_by and mark.opened_by != request.user else "",
            }
            for mark in marks(self.conference, self.now)
        }
        self.say_who_is_here()
        return self.answer({"version": self.section.version, "sections": sections})

    def post(self, request, conference_id, section_id):
        if not self.writes:
            if rules.is_open(self.conference):
                raise Http404
            return self.answer({"errors": {"": [SIGNED]}}, status=400)
        self.load()
        stored = {block.pk: block for entry in self.entries for block in (entry.block, *entry.corrections)}
        form = SectionForm(request.POST, self.asked, stored)
        if not form.is_valid():
            return self.answer({"errors": form.errors}, status=400)
        try:
            self.save(form)
        except StaleSection as stale:
            html = render_to_string("conferences/recording/blocks.html", self.both(stale), request)
            return self.answer({"html": html}, status=409, thing=self.section, sections=[self.section.pk])
        except CannotSave as refusal:
            form.refuse(str(refusal), refusal.block)
            return self.answer({"errors": form.errors}, status=400)
        saved = live_blocks(section=self.section)
        return self.answer(
            {
                "version": self.section.version,
                "at": f"{localtime(self.now):%H:%M}",
                "seen": {str(block.pk): fingerprint(block) for block in saved if not block.sealed_at},
            }
        )


class Presence(AreaView):
    """How long a person stays signed in, asked by every page of the area; pressing "Go on" makes it longer."""

    @property
    def counts_as_presence(self) -> bool:
        return self.request.method == "POST"

    def get(self, request):
        now = time.time()
        first = min((one["at"] for one in get_authentication_records(request, request.user)), default=now)
        idle = request.session.get(SEEN_AT, now) + rules.IDLE.total_seconds()
        ends = min(idle, first + rules.LONGEST.total_seconds())
        ends_at = localtime(self.now + timedelta(seconds=ends - now))
        return self.answer(
            {
                "person": str(request.user.pk),
                "left": max(0, round(ends - now)),
                "ends": f"{ends_at:%H:%M}",
                "token": get_token(request),
            }
        )

    post = get


class SignedInAgain(AreaView):
    """Where signing in leads when a page in another tab waits with unsaved text."""

    def get(self, request):
        return self.page("conferences/recording/signed_in_again.html")

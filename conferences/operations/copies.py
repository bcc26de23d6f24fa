"""Copies: prepared from what was cleared, seen as their reader will see them, given out as seen, taken back."""

import base64
import hashlib
from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from django.db import transaction

from chatr.accounts.models import User
from chatr.audit.operations import record
from chatr.notifications.operations import queue_many
from chatr.pdf.documents import Document, as_html, as_pdf
from chatr.workdays.clock import LONDON

from ..messages.copies import copy_waits
from ..models import Conference, Copy, CopyContent, CopyKind, CopyMethod, Person, State
from ..paper import letters
from ..paper.items import Item
from ..paper.matching import found
from ..queries import access as entering
from ..queries import copies as queries
from ..queries import invitations
from ..queries.clearing import other_children_of, reader_of
from ..queries.items import items_of
from ..rules import access
from ..rules import copies as rules
from ..rules.clearing import may_be_shown
from .clearing import lock_reader
from .clocks import set_clocks

CHANGED = "Something in this copy changed since it was looked at. Prepare it again, look at it, then give it out."
WITH_HELP = (CopyKind.CHILD_LETTER, CopyKind.FAMILY_PLAN)


class CannotPrepare(Exception):
    """Why a copy can't be prepared, worded for the person who tries."""

    def __init__(self, message: str, *, field: str | None = None):
        super().__init__(message)
        self.field = field


class CannotIssue(CannotPrepare):
    """Why a copy can't be agreed, given out or taken back."""


class Written(NamedTuple):
    """A copy as a document, and what it was made of."""

    document: Document
    made_of: list[str]


def write(kind: str, recipient: Person, *, on: date, talked_about: str = "", personal: str = "") -> Written:
    """The document as it would be now. Nothing that is not cleared for this person is handed to what composes it."""
    if kind == CopyKind.INVITATION:
        return Written(invitations.invitation_of(recipient, on=on), [])
    reader = reader_of(recipient)
    cleared = items_of(recipient.conference, reader.cleared)
    known = {item.key: item for item in cleared}
    items: list[Item] = [item for item in cleared if may_be_shown(item, reader, known)]
    frame = queries.frame_of(
        recipient,
        items,
        written_on=on,
        talked_about=talked_about,
        personal=personal,
        with_help=kind in WITH_HELP,
    )
    return Written(letters.compose(kind, frame, items), sorted(item.mark for item in items))


@transaction.atomic
def prepare_copy(
    *,
    kind: str,
    recipient: Person,
    by: User,
    now: datetime,
    talked_about: str = "",
    personal: str = "",
    replaces: Copy | None = None,
) -> Copy:
    """Make one person's copy from what is cleared for them. A copy of that kind not given out yet is made anew.

    :param talked_about: for a letter to a child: what was talked about, in words for this child
    :param personal: some words for this reader
    :raises CannotPrepare: before signing, by somebody who doesn't record here, or when a child's letter names another
        child
    """
    conference = recipient.conference
    _insist(conference, by, rules.can_prepare_a_copy, "The chair or the minute-taker prepares copies.")
    refusal = rules.why_not_prepare(conference, kind, recipient)
    if refusal:
        raise CannotPrepare(refusal, field="kind")
    lock_reader(recipient)
    copy = Copy.objects.filter(conference=conference, kind=kind, recipient=recipient, issued_at=None).first()
    if copy is None:
        copy = Copy(conference=conference, kind=kind, recipient=recipient)
    words = {"talked_about": talked_about, "personal": personal}
    written = write(kind, recipient, on=_day(now), **words)
    if kind == CopyKind.CHILD_LETTER:
        _insist_on_no_other_child(recipient, written.document)
    copy.replaces = replaces or copy.replaces
    copy.prepared_by, copy.prepared_at = by, now
    copy.previewed_at = copy.seconded_by = copy.seconded_at = None
    copy.needs_second_person = reader_of(recipient).is_flagged
    keep(copy, written.document, written.made_of, **words)
    record(
        "conferences.copy_prepared",
        copy,
        by=by,
        details={"kind": kind, "recipient": str(recipient.pk), "things": len(written.made_of)},
    )
    return copy


def keep(copy: Copy, document: Document, made_of: list[str], **words: str) -> None:
    """Store a document as the bytes of a copy, with their hashes; both are made from the same blocks."""
    html, pdf = str(as_html(document)), as_pdf(document)
    copy.html_sha256, copy.pdf_sha256 = _hash(html.encode()), _hash(pdf)
    copy.save()
    fields = {"made_of": made_of, "html": html, "pdf_base64": base64.b64encode(pdf).decode(), **words}
    content = CopyContent.objects.filter(copy=copy).first() or CopyContent(conference=copy.conference, copy=copy)
    for name, value in fields.items():
        setattr(content, name, value)
    content.save()
    copy.content = content


def _insist_on_no_other_child(recipient: Person, document: Document) -> None:
    """A letter is for one child: a brother or sister finds their own life in no letter but theirs."""
    named = found(as_html(document), other_children_of(recipient))
    if named:
        raise CannotPrepare(
            f"This letter names another child: {', '.join(named)}. Change your words, or the plan’s sentence in an "
            "amendment, or clear less for this child.",
            field="talked_about",
        )


def pdf_of(copy: Copy) -> bytes:
    """The stored PDF file, byte for byte."""
    return base64.b64decode(copy.content.pdf_base64)


def is_stale(copy: Copy) -> bool:
    """Whether the copy would read differently if it were made now."""
    content = copy.content
    now = write(
        copy.kind,
        copy.recipient,
        on=_day(copy.prepared_at),
        talked_about=content.talked_about,
        personal=content.personal,
    )
    return str(as_html(now.document)) != content.html


def warnings_of(copy: Copy) -> list[str]:
    """What the copy names, letter for letter, that its reader should perhaps not learn. Never a promise that all is
    found."""
    return found(copy.content.html, reader_of(copy.recipient).secrets)


def what_it_lacks(copy: Copy) -> list[str]:
    """What keeps a copy from being given out, in sentences; empty when nothing does."""
    flagged = reader_of(copy.recipient).is_flagged
    if is_stale(copy) or (flagged and not copy.needs_second_person):
        return [CHANGED]
    lacks = []
    if copy.previewed_at is None:
        lacks.append("Who gives it out has not looked at it as its reader will see it.")
    if copy.needs_second_person and copy.seconded_by_id is None:
        lacks.append("A second person has not looked at it: somebody must be kept safe.")
    if flagged and queries.withholdings_waiting(copy.recipient):
        lacks.append("A second person has not looked at what is withheld from this person.")
    return lacks


@transaction.atomic
def mark_previewed(*, copy: Copy, by: User, now: datetime) -> None:
    """Who gives it out saw exactly the stored bytes. Anybody else's look changes nothing, nor does a later one."""
    found_access = entering.conference_for(by, copy.conference_id)
    may = found_access is not None and rules.can_give_out(found_access[1], copy.kind)
    if not may or copy.issued_at or copy.previewed_at:
        return
    copy.previewed_at = now
    copy.save(update_fields=["previewed_at"])
    record("conferences.copy_previewed", copy, by=by, details={"sha256": copy.html_sha256})


@transaction.atomic
def second_copy(*, copy: Copy, by: User, now: datetime) -> None:
    """Agree to a copy as the second person, who looked at it too.

    :raises CannotIssue: for who prepared it, who is neither chair nor manager, or when it changed meanwhile
    """
    _insist(copy.conference, by, access.can_second, "A chair or the chairs’ manager is the second person.")
    copy = _locked(copy)
    refusal = rules.why_not_second(copy, by.pk)
    if refusal:
        raise CannotIssue(refusal)
    if is_stale(copy):
        raise CannotIssue(CHANGED)
    copy.seconded_by, copy.seconded_at = by, now
    copy.save(update_fields=["seconded_by", "seconded_at"])
    record("conferences.copy_seconded", copy, by=by, details={"sha256": copy.html_sha256})


@transaction.atomic
def issue_copy(*, copy: Copy, method: str, by: User, now: datetime, tell: bool = False) -> Copy:
    """Give a copy out: the very bytes that were looked at. The first makes the conference's copies given out.

    :param tell: send an e-mail that says something waits, and no more
    :raises CannotIssue: for anybody but the chair, while it lacks something, or when it can't reach them that way
    """
    may = partial(rules.can_give_out, kind=copy.kind)
    _insist(copy.conference, by, may, "Only the chair, or who covers for them, gives copies out.")
    copy = _locked(copy)
    conference, recipient = copy.conference, copy.recipient
    if copy.issued_at is not None:
        raise CannotIssue("This copy was given out already.")
    lacks = what_it_lacks(copy)
    if lacks:
        raise CannotIssue(" ".join(lacks))
    if copy.seconded_by == by:
        raise CannotIssue("You looked at this copy as the second person, so somebody else gives it out.")
    contact = queries.contact_of(recipient)
    refusal = rules.why_not_by(method, recipient, contact, is_let_in=queries.is_let_in(recipient))
    if refusal:
        raise CannotIssue(refusal, field="method")
    if tell and not rules.may_be_told_by_email(recipient, contact):
        raise CannotIssue("E-mail is not written down as safe for this person.", field="tell")
    if _hash(copy.content.html.encode()) != copy.html_sha256 or _hash(pdf_of(copy)) != copy.pdf_sha256:
        raise CannotIssue(CHANGED)
    copy.issued_by, copy.issued_at, copy.method = by, now, method
    copy.reader = recipient.user if method == CopyMethod.PORTAL else None
    copy.save()
    record(
        "conferences.copy_issued",
        copy,
        by=by,
        details={"kind": copy.kind, "recipient": str(recipient.pk), "method": method, "sha256": copy.pdf_sha256},
    )
    if copy.kind == CopyKind.INVITATION:
        _take_back_earlier(copy, now)
    if conference.state == State.SIGNED:
        conference.state = State.DISTRIBUTED
        conference.save(update_fields=["state"])
    set_clocks(conference=conference, by=by, now=now)
    if tell:
        queue_many([copy_waits(copy, recipient, contact)])
    return copy


def _take_back_earlier(copy: Copy, now: datetime) -> None:
    """An invitation that is given out is the only one that holds: who reads here no longer finds the one before."""
    for before in Copy.objects.filter(recipient=copy.recipient, kind=copy.kind, issued_at__lt=now, withdrawn_at=None):
        if before.pk != copy.pk:
            before.withdrawn_at, before.withdrawn_reason = now, "A later invitation takes its place."
            before.save(update_fields=["withdrawn_at", "withdrawn_reason"])


@transaction.atomic
def withdraw_copy(*, copy: Copy, reason: str, by: User, now: datetime) -> None:
    """Take a copy back: from now on its reader finds nothing. What was given out stays on record.

    :raises CannotIssue: for anybody but the chair, without a reason, or when it was never given out
    """
    _insist(copy.conference, by, access.can_decide, "Only the chair, or who covers for them, takes copies back.")
    copy = _locked(copy)
    if copy.issued_at is None or copy.withdrawn_at is not None:
        raise CannotIssue("Only a copy that was given out can be taken back, once.")
    if not reason.strip():
        raise CannotIssue("Say why it is taken back.", field="reason")
    copy.withdrawn_at, copy.withdrawn_reason = now, reason
    copy.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    record("conferences.copy_withdrawn", copy, by=by, details={"kind": copy.kind})


def _locked(copy: Copy) -> Copy:
    """The copy as it is now. One at a time, so nothing is given out twice, nor while it is being withheld."""
    lock_reader(copy.recipient)
    Copy.objects.select_for_update().get(pk=copy.pk)
    return Copy.objects.select_related(
        "conference__team", "conference__chair", "recipient__user", "content", "seconded_by"
    ).get(pk=copy.pk)


def _insist(conference: Conference, by: User, rule, refusal: str) -> None:
    found_access = entering.conference_for(by, conference.pk)
    if found_access is None or not rule(found_access[1]):
        raise CannotIssue(refusal)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()

"""The whole record as one text in a fixed order, and what was added to it after it was signed.

The text holds only what the database keeps as it was: what people are called comes from the conference's own list of
people, and people the record does not mention are not in it, because somebody can be added later to receive a copy.
What went to the chair alone is not in it either.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db.models import Model, QuerySet

from chatr.accounts.models import User

from ..models import AccuracyChallenge, Amendment, Arrangements, Conference, ReportPart, ReportPartKind, SignedRecord

# The parts of a record in their order: what each is called when it changed, and its rows with their fields.
_CONFERENCE = (
    "kind previous_id scheduled_at minutes mode held_on notified_on mother_not_medically_fit chair_id report_author_id"
    " independence_overridden_by_id late_agreed_by_id quorate inquorate_grounds"
).split()


@dataclass(frozen=True)
class Part:
    """A kind of row in the record."""

    name: str
    words: str  # what it is called on a page
    rows: str  # the conference's rows
    fields: str
    order: str = "pk"


PARTS = (
    Part("arrangements", "the arrangements", "arrangements", "place joining notes"),
    Part("children", "the children", "children", "child.la_child_id position", "position"),
    Part("enquiries", "section 47", "enquiries", "child_id started_on referral_on icpc_not_required"),
    Part("discussions", "section 47", "strategy_discussions", "child_id held_on initiated_s47"),
    Part("relationships", "who is who", "relationships", "child_id person_id parental_responsibility words"),
    Part("preparations", "preparation meetings", "preparations",
         "person_id met_on with_chair declined reports_read_together explained questions offer"),
    Part("choices", "what people chose", "choices", "person_id kind words"),
    Part("supports", "support", "supports", "person_id kind offered_on outcome is_relative detail"),
    Part("meeting", "the parts of the meeting", "parts", "number starts_at ends_at began_at ended_at place", "number"),
    Part("attendance", "who was there", "attendances",
         "part_id person_id status online ground minimum_minutes decided_by_chair views_obtained"),
    Part("breaks", "breaks", "breaks", "part_id asked_by_id started_at ended_at", "started_at"),
    Part("participation", "how each child took part", "participations", "child_id code how by_whom next_step"),
    Part("reports", "agency reports", "reports",
         "person_id discipline due_on invited_at received_at discussed_on not_discussed spoke_directly withdrawn_at"),
    Part("sections", "the sections", "sections", "kind child_id", "position"),
    Part("words", "what people said", "blocks",
         "section_id child_id position author_kind person_id fact_or_opinion words typed_by_id typed_at how read_back"
         " sealed_at parent_may_read part_id in_break corrects_id removed_at", "position"),
    Part("explanations", "what was explained", "explanations", "kind child_id words by_id at"),
    Part("decisions", "decisions", "decisions",
         "child_id threshold_met outcome categories reasons family_view family_view_not_given"),
    Part("dissents", "who disagrees", "dissents", "person_id child_id formal words next_step"),
    Part("action_reviews", "the last plan", "action_reviews", "action_id child_id progress evidence"),
    Part("actions", "the plan", "actions",
         "child_id owner_id due_on carried_from_id need outcome action measure contingency plain_words", "position"),
    Part("core_group", "the core group", "core_group", "child_id person_id is_lead"),
    Part("next_dates", "the next dates", "next_dates", "kind on place"),
)  # fmt: skip

_PERSON = "kind child_id discipline had_direct_contact name known_as job agency language pronouns".split()
_WHO_TYPED = ("typed_by_id", "by_id")


def canonical(conference: Conference) -> str:
    """The record as JSON: everything in it, in a fixed order, the same text for the same record. Some 25 queries."""
    record = {"conference": _fields(conference, _CONFERENCE)}
    for part in PARTS:
        record[part.name] = _rows(_of(part, conference).order_by(part.order, "pk"), part.fields)
    open_parts = ReportPart.objects.filter(conference=conference).exclude(kind=ReportPartKind.CHAIR_ONLY)
    record["report_parts"] = _rows(open_parts.order_by("report_id", "kind"), "report_id kind words")
    mentioned = {
        value
        for rows in record.values()
        if isinstance(rows, list)
        for row in rows
        for name, value in row.items()
        if name in ("person_id", "owner_id", "asked_by_id")
    }
    people = [
        person
        for person in conference.people.order_by("position", "pk")
        if str(person.pk) in mentioned or person.child_id is not None
    ]
    record["people"] = [{"id": str(person.pk), **_fields(person, _PERSON)} for person in people]
    return as_text(record)


def _of(part: Part, conference: Conference) -> QuerySet:
    if part.name == "arrangements":
        return Arrangements.objects.filter(conference=conference)
    rows = getattr(conference, part.rows).all()
    return rows.filter(removed_at=None) if part.name == "words" else rows


def _rows(rows: QuerySet, fields: str) -> list[dict]:
    names = fields.split()
    if "child.la_child_id" in names:
        rows = rows.select_related("child")
    return [{"id": str(row.pk), **_fields(row, names)} for row in rows]


def _fields(row: Model, names) -> dict:
    found = {}
    for name in names:
        value = row
        for step in name.split("."):
            value = getattr(value, step)
        found[name] = _plain(value)
    return found


def _plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def as_text(content: dict) -> str:
    """JSON in one fixed way of writing it."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def sha256(text: str) -> str:
    """The hash of a text, as it is stored."""
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(text: str) -> str:
    """Which parts a record has, each with the start of its hash: tells what changed between two looks at it."""
    return " ".join(f"{name}:{sha256(as_text(part))[:12]}" for name, part in json.loads(text).items())


def changed_parts(before: str, now: str) -> list[str]:
    """What differs between two fingerprints, in words for a page; empty when nothing does."""
    words = {part.name: part.words for part in PARTS}
    words |= {"conference": "the conference", "report_parts": "agency reports", "people": "people"}
    then = dict(one.partition(":")[::2] for one in before.split(" "))
    differ = [name for name, hash_ in (one.split(":") for one in now.split(" ")) if then.get(name) != hash_]
    return list(dict.fromkeys(words[name] for name in differ))


def staff_of(text: str) -> dict[str, str]:
    """The name of everybody who typed or explained something in a record, by their id."""
    ids = {
        row[name]
        for rows in json.loads(text).values()
        if isinstance(rows, list)
        for row in rows
        for name in _WHO_TYPED
        if row.get(name)
    }
    return {str(user.pk): user.name for user in User.objects.filter(pk__in=ids).order_by("pk")}


def verify_signature(conference: Conference) -> bool:
    """Whether the record still is what was signed: its rows, its stored text and its hash agree.

    Call it acting as the chair, whoever covers for them, or the team's manager: others do not see all of it.
    """
    signed = SignedRecord.objects.filter(conference=conference).first()
    if signed is None or sha256(signed.content) != conference.content_sha256:
        return False
    return as_text(json.loads(signed.content)["record"]) == canonical(conference)


# What was added afterwards


def amendments_of(conference: Conference) -> dict[tuple[UUID, str], list[Amendment]]:
    """Every amendment by the id of what it is about and its field, the first one first. One query."""
    found: dict[tuple[UUID, str], list[Amendment]] = {}
    for amendment in conference.amendments.select_related("by").order_by("number"):
        found.setdefault((amendment.object_id, amendment.field), []).append(amendment)
    return found


def challenges_of(conference: Conference) -> dict[UUID | None, list[AccuracyChallenge]]:
    """What people say is not accurate, by the block it is about (None: the record as a whole). One query."""
    found: dict[UUID | None, list[AccuracyChallenge]] = {}
    for challenge in conference.challenges.select_related("person").order_by("received_on", "pk"):
        found.setdefault(challenge.block_id, []).append(challenge)
    return found

"""Who was at the conference and how it was kept safe, as items."""

from ...models import (
    Attendance,
    Attending,
    Break,
    Conference,
    Explanation,
    Participation,
    PersonContact,
    Reason,
    SectionKind,
    Support,
)
from ...paper.items import Item, Key, Row
from ...paper.wording import clock
from .people import called, role_of, these

# Where each explanation is printed. What is about sharing out work, or about a meeting that never was, is in no copy.
EXPLAINED_IN = {
    Reason.LATE: SectionKind.SAFETY,
    Reason.INTERIM_PROTECTION: SectionKind.SAFETY,
    Reason.INQUORATE: SectionKind.SAFETY,
    Reason.INDEPENDENCE: SectionKind.SAFETY,
    Reason.NO_PREPARATION: SectionKind.SAFETY,
    Reason.COVER_SIGNS: SectionKind.SAFETY,
    Reason.LATE_REPORTS: SectionKind.AGENCIES,
    Reason.NO_CHILD_WORDS: SectionKind.CHILD_WORDS,
    Reason.NO_STRENGTHS: SectionKind.STRENGTHS,
    Reason.NO_WORRIES: SectionKind.WORRIES,
    Reason.INTERIM_PLAN: SectionKind.PLAN,
    Reason.NEXT_DATE_LATE: SectionKind.NEXT,
}
THERE = {
    Attending.PRESENT: "Was there",
    Attending.APOLOGIES: "Sent apologies",
    Attending.INVITED: "Was invited",
    Attending.EXCLUDED: "Was not in all of it",
}


def _attendances(conference: Conference):
    return (
        Attendance.objects.filter(conference=conference, status__in=THERE)
        .select_related("person", "part")
        .order_by("person__position", "person_id", "part__number")
    )


def _attendance(row: Attendance) -> Item:
    status = THERE[row.status] + (", online" if row.online and row.status == Attending.PRESENT else "")
    excluded = row.status == Attending.EXCLUDED
    notes = (f"Why: {row.get_ground_display()}", f"How they were heard: {row.views_obtained}") if excluded else ()
    return Item(
        key=Key("attendance", row.pk),
        section=SectionKind.SAFETY,
        title=f"{called(row.person)}, part {row.part.number}",
        rows=(
            Row("name", "Name", called(row.person)),
            Row("role", "Who they are", role_of(row.person)),
            Row("status", "At the conference", status),
            *(Row("note", "", note) for note in notes),
        ),
        people=these(row.person_id),
        person=row.person_id,
        children=these(row.person.child_id),
        part=row.part_id,
        code=row.status,
    )


def _breaks(conference: Conference):
    return Break.objects.filter(conference=conference).order_by("started_at")


def _break(row: Break) -> Item:
    until = f" to {clock(row.ended_at)}" if row.ended_at else ""
    return Item(
        key=Key("break", row.pk),
        section=SectionKind.SAFETY,
        title="A break",
        rows=(Row("when", "Break", f"{clock(row.started_at)}{until}. Nothing was discussed meanwhile."),),
        part=row.part_id,
    )


def _supports(conference: Conference):
    return Support.objects.filter(conference=conference).select_related("person").order_by("person__position", "kind")


def _support(row: Support) -> Item:
    text = f"{row.get_kind_display()}: {row.get_outcome_display().lower()}"
    return Item(
        key=Key("support", row.pk),
        section=SectionKind.SAFETY,
        title=f"{row.get_kind_display()} for {called(row.person)}",
        rows=(Row("support", f"Help for {called(row.person)}", "\n".join(filter(None, (text, row.detail)))),),
        people=these(row.person_id),
        person=row.person_id,
        children=these(row.person.child_id),
    )


def _contacts(conference: Conference):
    return (
        PersonContact.objects.filter(conference=conference)
        .select_related("person")
        .order_by("person__position", "person_id")
    )


def _contact(row: PersonContact) -> Item:
    return Item(
        key=Key("personcontact", row.pk),
        section=SectionKind.SAFETY,
        title=f"How to reach {called(row.person)}",
        rows=(
            Row("name", "Name", called(row.person)),
            Row("address", "Address", row.address),
            Row("phone", "Phone", row.phone),
            Row("email", "E-mail", row.email),
        ),
        people=these(row.person_id),
        person=row.person_id,
    )


def _explanations(conference: Conference):
    return Explanation.objects.filter(conference=conference, kind__in=EXPLAINED_IN).order_by("kind", "pk")


def _explanation(row: Explanation) -> Item:
    return Item(
        key=Key("explanation", row.pk),
        section=EXPLAINED_IN[row.kind],
        title=row.get_kind_display(),
        rows=(Row("words", row.get_kind_display(), row.words),),
        child=row.child_id,
        children=these(row.child_id),
    )


def _participations(conference: Conference):
    return Participation.objects.filter(conference=conference).order_by("child__position")


def _participation(row: Participation) -> Item:
    return Item(
        key=Key("participation", row.pk),
        section=SectionKind.CHILD_WORDS,
        title="How the child took part",
        rows=(
            Row("code", "How they took part", row.get_code_display()),
            Row("how", "What helped them", row.how),
            Row("by_whom", "Who helped them", row.by_whom),
            Row("next_step", "What is done next", row.next_step),
        ),
        child=row.child_id,
        children=these(row.child_id),
    )


KINDS = {
    "attendance": (_attendances, _attendance),
    "break": (_breaks, _break),
    "support": (_supports, _support),
    "personcontact": (_contacts, _contact),
    "explanation": (_explanations, _explanation),
    "participation": (_participations, _participation),
}

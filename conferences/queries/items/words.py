"""What people said and wrote, as items: blocks, reports, disagreement, and what was added after signing."""

from ...models import (
    AccuracyChallenge,
    AgencyReport,
    Amendment,
    AuthorKind,
    Block,
    ChallengeOutcome,
    Conference,
    Dissent,
    ReadBack,
    ReportPart,
    ReportPartKind,
    SectionKind,
    SpokeDirectly,
)
from ...paper.items import Item, Key, Row
from ...paper.wording import day
from .people import called, role_of, these

# What a copy may hold of a report. What is for the chair alone, or says who in the family did not hear of it, is not.
REPORTED = (
    ReportPartKind.CONTACT,
    ReportPartKind.STRENGTHS,
    ReportPartKind.FACTS,
    ReportPartKind.WORRIES,
    ReportPartKind.CHILD_SAYS,
    ReportPartKind.FAMILY_SAYS,
    ReportPartKind.HELP,
)
OWN = (AuthorKind.CHILD, AuthorKind.FAMILY)


def _blocks(conference: Conference):
    return (
        Block.objects.filter(conference=conference, removed_at=None)
        .select_related("section", "person", "typed_by")
        .order_by("section__position", "position", "pk")
    )


def _block(row: Block) -> Item:
    whose = called(row.person) or row.get_author_kind_display()
    about = Key("block", row.corrects_id) if row.corrects_id else None
    return Item(
        key=Key("block", row.pk),
        section=row.section.kind,
        title=whose,
        who=_who_said(row, whose),
        words=row.words,
        own_words=row.author_kind in OWN,
        child=row.child_id,
        children=these(row.child_id),
        about=about,
        people=these(row.person_id),
        is_childs_words=row.author_kind == AuthorKind.CHILD or row.section.kind == SectionKind.CHILD_WORDS,
        parent_may_read=row.parent_may_read,
        part=row.part_id,
        said_at=row.typed_at,
        in_break=row.in_break,
        version=row.version,
    )


def _who_said(row: Block, whose: str) -> str:
    """Whose words, how they came here, who typed them, whether they were read back."""
    parts = [f"Correction, added later: {whose}" if row.corrects_id else whose]
    if row.author_kind in OWN:
        parts.append(row.get_how_display().lower())
        parts.append(f"written down by {row.typed_by.name}")
        if row.read_back == ReadBack.YES:
            parts.append("read back and agreed")
    elif row.fact_or_opinion:
        parts.append(row.get_fact_or_opinion_display().lower())
    return ", ".join(filter(None, parts))


def _reports(conference: Conference):
    return (
        AgencyReport.objects.filter(conference=conference, withdrawn_at=None)
        .select_related("person")
        .prefetch_related("children")
        .order_by("person__position", "pk")
    )


def _report(row: AgencyReport) -> Item:
    about = frozenset(one.child_id for one in row.children.all())
    discussed = (
        f"Yes, on {day(row.discussed_on)}" if row.discussed_on else "No" if row.not_discussed else "Not answered"
    )
    spoke = "" if row.spoke_directly == SpokeDirectly.NOT_ASKED else row.get_spoke_directly_display()
    return Item(
        key=Key("agencyreport", row.pk),
        section=SectionKind.AGENCIES,
        title=f"Report of {called(row.person)}",
        rows=(
            Row("from", "Report from", ", ".join(filter(None, (called(row.person), role_of(row.person))))),
            Row("received", "Received", day(row.received_at) if row.received_at else "Not received"),
            Row("discussed", "Discussed with the family first", discussed),
            Row("spoke", "Spoke to them directly", spoke),
        ),
        children=about,
        people=these(row.person_id),
    )


def _report_parts(conference: Conference):
    return (
        ReportPart.objects.filter(
            conference=conference,
            kind__in=REPORTED,
            report__withdrawn_at=None,
            report__received_at__isnull=False,
        )
        .select_related("report__person")
        .prefetch_related("report__children")
        .order_by("report__person__position", "report_id", "pk")
    )


def _report_part(row: ReportPart) -> Item:
    whose = called(row.report.person)
    return Item(
        key=Key("reportpart", row.pk),
        section=SectionKind.AGENCIES,
        title=f"{whose}: {row.get_kind_display()}",
        who=f"{row.get_kind_display()} ({whose})",
        words=row.words,
        children=frozenset(one.child_id for one in row.report.children.all()),
        people=these(row.report.person_id),
        is_childs_words=row.kind == ReportPartKind.CHILD_SAYS,
    )


def _dissents(conference: Conference):
    return Dissent.objects.filter(conference=conference).select_related("person").order_by("person__position", "pk")


def _dissent(row: Dissent) -> Item:
    whose = ", ".join(filter(None, (called(row.person), role_of(row.person))))
    return Item(
        key=Key("dissent", row.pk),
        section=SectionKind.DECISION,
        title=f"{called(row.person)} disagrees",
        who=f"{whose} {'dissents formally' if row.formal else 'disagrees'}",
        words=row.words,
        own_words=not row.formal,
        rows=(Row("next_step", "What happens with this", row.next_step),),
        child=row.child_id,
        children=these(row.child_id),
        people=these(row.person_id),
    )


def _amendments(conference: Conference):
    return Amendment.objects.filter(conference=conference).order_by("number")


def _amendment(row: Amendment) -> Item:
    return Item(
        key=Key("amendment", row.pk),
        section=SectionKind.NEXT,
        title="Changed after signing",
        rows=(
            Row("when", "Changed after signing", f"On {day(row.at)}"),
            Row("old", "It said", row.old),
            Row("new", "It says now", row.new),
            Row("reason", "Why", row.reason),
        ),
        child=row.child_id,
        children=these(row.child_id),
        about=Key(row.object_type, row.object_id),
        code=row.field,
    )


def _challenges(conference: Conference):
    return (
        AccuracyChallenge.objects.filter(conference=conference).select_related("person").order_by("received_on", "pk")
    )


def _challenge(row: AccuracyChallenge) -> Item:
    answer = row.response or (row.get_outcome_display() if row.outcome != ChallengeOutcome.WAITING else "")
    return Item(
        key=Key("accuracychallenge", row.pk),
        section=SectionKind.NEXT,
        title=f"{called(row.person)} says something is not right",
        who=f"{called(row.person)} says this is not right",
        words=row.words,
        own_words=True,
        rows=(Row("response", "The chair’s answer", answer),),
        child=row.child_id,
        children=these(row.child_id),
        about=Key("block", row.block_id) if row.block_id else None,
        people=these(row.person_id),
    )


KINDS = {
    "block": (_blocks, _block),
    "agencyreport": (_reports, _report),
    "reportpart": (_report_parts, _report_part),
    "dissent": (_dissents, _dissent),
}
LATER_KINDS = {
    "amendment": (_amendments, _amendment),
    "accuracychallenge": (_challenges, _challenge),
}

"""The received reports in one pack, for the people in the room. What is for the chair alone is not handed to it."""

from collections.abc import Sequence

from chatr.pdf.documents import Document, Facts, Heading, PageBreak, Paragraph, Words
from chatr.web.templatetags.portal import short_day

from ..models import ReportPartKind, SpokeDirectly
from ..queries.names import person_name
from ..queries.reports import Written
from ..rules.reports import HEADINGS, PARTS

TITLE = "Reports"
NOTHING = "Nothing was written here."
NO_REPORTS = "No report has been received yet."


def report_pack(reports: Sequence[Written]) -> Document:
    """Every report given, each from a new page, in the order reports are written.

    :raises ValueError: for a report that still holds its part for the chair alone
    """
    if any(ReportPartKind.CHAIR_ONLY in written.words for written in reports):
        raise ValueError("What is for the chair alone goes into no pack.")
    blocks = [] if reports else [Paragraph(NO_REPORTS)]
    for number, written in enumerate(reports):
        blocks += [PageBreak()] if number else []
        blocks += _report(written)
    return Document(TITLE, tuple(blocks), footer="Confidential")


def _report(written: Written) -> list:
    report = written.report
    blocks = [
        Heading(person_name(report.person)),
        Facts(
            (
                ("Organisation", report.person.agency or report.get_discipline_display()),
                ("About", "; ".join(written.children)),
                ("Received", short_day(report.received_at)),
                ("Discussed with the family", _discussed(report)),
                ("Spoke to them directly", _spoke(report)),
            )
        ),
    ]
    for kind in PARTS:
        words = written.words.get(kind, "")
        blocks.append(Heading(HEADINGS[kind], 2))
        if kind in (ReportPartKind.CHILD_SAYS, ReportPartKind.FAMILY_SAYS) and words:
            blocks.append(Words("As the report gives it", words))
        else:
            blocks.append(Paragraph(words or NOTHING))
    return blocks


def _discussed(report) -> str:
    if report.discussed_on:
        return short_day(report.discussed_on)
    return "No" if report.not_discussed else "Not said"


def _spoke(report) -> str:
    return SpokeDirectly(report.spoke_directly).label

"""The census fields of some children as one table, with the rules each record breaks."""

from collections.abc import Collection, Iterable, Iterator

from .checks import check, no_valid_category
from .children import CensusChild, number_of_previous_plans, reporting_code

HEADER = (
    "Module",
    "LAchildID",
    "PersonBirthDate",
    "ExpectedPersonBirthDate",
    "Sex",
    "PersonDeathDate",
    "S47ActualStartDate",
    "InitialCPCtarget",
    "DateOfInitialCPC",
    "ICPCnotRequired",
    "CPPstartDate",
    "CPPendDate",
    "InitialCategoryOfAbuse",
    "LatestCategoryOfAbuse",
    "NumberOfPreviousCPP",
    "CPPreviewDate",
    "To check",
)


def census_rows(children: Iterable[CensusChild]) -> tuple[tuple[str, ...], Iterator[tuple]]:
    """The header and one row for each record: the child, then enquiries, conferences, plans and their reviews.

    Dates stay dates, and a field that is not of the row's module is empty. The last column has the codes of the
    rules the record breaks, so that one file both shows and checks; a child in need plan has no row here, and its
    codes stand beside the child.
    """
    return HEADER, (tuple(row.get(column, "") for column in HEADER) for child in children for row in _rows(child))


def _rows(child: CensusChild) -> Iterator[dict]:
    without_a_row = {plan.id for plan in child.in_need_plans}
    codes: dict[str | None, list[str]] = {}
    for problem in check(child):
        about = "" if problem.about in without_a_row else problem.about
        codes.setdefault(about, []).append(problem.code)

    def row(module: str, about: str | None, **fields) -> dict:
        known = {name: value for name, value in fields.items() if value is not None}
        return {"Module": module, "LAchildID": child.la_child_id, "To check": " ".join(codes.get(about, ())), **known}

    yield row(
        "ChildIdentifiers",
        "",
        PersonBirthDate=child.born_on,
        ExpectedPersonBirthDate=child.expected_on,
        Sex=child.sex,
        PersonDeathDate=child.died_on,
    )
    for enquiry in child.enquiries:
        yield row(
            "Section47",
            enquiry.id,
            S47ActualStartDate=enquiry.started_on,
            InitialCPCtarget=enquiry.target_on,
            DateOfInitialCPC=enquiry.conference_on,
            ICPCnotRequired="true" if enquiry.conference_not_required else "false",
        )
    for conference in child.conferences:
        yield row("CINdetails", conference.id, DateOfInitialCPC=conference.held_on)
    for plan in child.plans:
        yield row(
            "ChildProtectionPlans",
            plan.id,
            CPPstartDate=plan.started_on,
            CPPendDate=plan.ended_on,
            InitialCategoryOfAbuse=_code_or_nothing(plan.initial_categories),
            LatestCategoryOfAbuse=_code_or_nothing(plan.latest_categories),
            NumberOfPreviousCPP=number_of_previous_plans(child, plan),
        )
        for review in plan.reviews:
            yield row("Reviews", None, CPPreviewDate=review)


def _code_or_nothing(categories: Collection[str]) -> str | None:
    return None if no_valid_category(categories) else reporting_code(categories)

"""The children in need census: what it asks of child protection data, and what it will not take."""

from .checks import RULES, CensusRule, Problem, check
from .children import (
    CONFERENCE_OUTCOMES,
    FROM_HACKNEY,
    CensusChild,
    CensusConference,
    CensusEnquiry,
    CensusInNeedPlan,
    CensusPlan,
    conference_outcome,
    number_of_previous_plans,
    reporting_code,
)
from .gathering import ToCheck, census_child, to_check
from .table import HEADER, census_rows

__all__ = [
    "CONFERENCE_OUTCOMES",
    "FROM_HACKNEY",
    "HEADER",
    "RULES",
    "CensusChild",
    "CensusConference",
    "CensusEnquiry",
    "CensusInNeedPlan",
    "CensusPlan",
    "CensusRule",
    "Problem",
    "ToCheck",
    "census_child",
    "census_rows",
    "check",
    "conference_outcome",
    "number_of_previous_plans",
    "reporting_code",
    "to_check",
]

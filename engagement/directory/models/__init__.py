"""Tables of the directory. Entries in ``services`` and ``locations``; what the public searches in ``finding``."""

from .areas import Area, FrontDoor, Postcode
from .feed import FeedPlace, FeedService
from .finding import CONFIG, Listing, ListingPlace, SearchGap, SearchWord, ServiceDay, Synonym, SynonymGroup
from .keeping import Lookalike, NotADuplicate, Revision, Suggestion, Verification
from .locations import (
    NO_ADDRESS,
    Accessibility,
    Availability,
    ConfidentialAddress,
    Location,
    Schedule,
    ServiceAtLocation,
)
from .organisations import Keeper, OrganisationIdentifier, Profile
from .services import (
    Contact,
    Cost,
    CostOption,
    Phone,
    ReferralRoute,
    Service,
    ServiceArea,
    ServiceLanguage,
    ServiceLevel,
    ServiceTerm,
    YesNo,
)
from .shortlists import SharedShortlist, ShortlistItem
from .sources import Source, SourceOrganisation, SourceRecord
from .taxonomies import Taxonomy, Term
from .thresholds import Pathway, PathwayStep, StepService, ThresholdFramework, ThresholdLevel

__all__ = [
    "CONFIG",
    "NO_ADDRESS",
    "Accessibility",
    "Area",
    "Availability",
    "ConfidentialAddress",
    "Contact",
    "Cost",
    "CostOption",
    "FeedPlace",
    "FeedService",
    "FrontDoor",
    "Keeper",
    "Listing",
    "ListingPlace",
    "Location",
    "Lookalike",
    "NotADuplicate",
    "OrganisationIdentifier",
    "Pathway",
    "PathwayStep",
    "Phone",
    "Postcode",
    "Profile",
    "ReferralRoute",
    "Revision",
    "Schedule",
    "SearchGap",
    "SearchWord",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceDay",
    "ServiceLanguage",
    "ServiceLevel",
    "ServiceTerm",
    "SharedShortlist",
    "ShortlistItem",
    "Source",
    "SourceOrganisation",
    "SourceRecord",
    "StepService",
    "Suggestion",
    "Synonym",
    "SynonymGroup",
    "Taxonomy",
    "Term",
    "ThresholdFramework",
    "ThresholdLevel",
    "Verification",
    "YesNo",
]

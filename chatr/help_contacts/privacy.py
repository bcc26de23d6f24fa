"""Numbers of services, not of people."""

from chatr.privacy.classification import Classification

_PUBLIC = ("name", "by", "number", "what_for", "area", "hours", "website", "checked_on")

CLASSIFIED = {
    "HelpContact": {
        "id": Classification.OPERATIONAL,
        **dict.fromkeys(_PUBLIC, Classification.PUBLIC),
        "place": Classification.OPERATIONAL,
        "is_shown": Classification.OPERATIONAL,
    }
}

"""Public pages hold nothing about anybody."""

from chatr.privacy.classification import Classification

CLASSIFIED = {
    "Page": {
        "id": Classification.OPERATIONAL,
        "slug": Classification.PUBLIC,
        "title": Classification.PUBLIC,
        "summary": Classification.PUBLIC,
        "body": Classification.PUBLIC,
        "is_published": Classification.OPERATIONAL,
        "review_on": Classification.OPERATIONAL,
        "created_at": Classification.OPERATIONAL,
        "updated_at": Classification.OPERATIONAL,
    }
}

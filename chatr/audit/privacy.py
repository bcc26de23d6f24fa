from chatr.privacy.classification import Classification

CLASSIFIED = {
    "AuditEvent": {
        "id": Classification.OPERATIONAL,
        "at": Classification.OPERATIONAL,
        "action": Classification.OPERATIONAL,
        "actor_id": Classification.PERSONAL,  # who did what at work; the id says nothing once the account is erased
        "object_type": Classification.OPERATIONAL,
        "object_id": Classification.OPERATIONAL,
        "details": Classification.OPERATIONAL,
    }
}

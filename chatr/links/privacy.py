from chatr.privacy.classification import Classification

CLASSIFIED = {
    "UsedLink": dict.fromkeys(("id", "purpose", "token_digest", "used_at", "valid_until"), Classification.OPERATIONAL)
}

"""Each change to people, organisations and memberships, in one transaction, with its audit event and its messages."""

"""The tables other packages bring, classified as if they were ours."""

from .classification import Classification as C

CLASSIFIED = {
    "sessions.Session": {"session_key": C.OPERATIONAL, "session_data": C.PERSONAL, "expire_date": C.OPERATIONAL},
    "contenttypes.ContentType": dict.fromkeys(("id", "app_label", "model"), C.OPERATIONAL),
    "auth.Permission": dict.fromkeys(("id", "name", "content_type", "codename"), C.OPERATIONAL),
    "auth.Group": dict.fromkeys(("id", "name", "permissions"), C.OPERATIONAL),
    "admin.LogEntry": {
        "id": C.OPERATIONAL,
        "action_time": C.OPERATIONAL,
        "user": C.OPERATIONAL,
        "content_type": C.OPERATIONAL,
        "object_id": C.OPERATIONAL,
        "object_repr": C.PERSONAL,
        "action_flag": C.OPERATIONAL,
        "change_message": C.PERSONAL,
    },
    "account.EmailAddress": {
        "id": C.OPERATIONAL,
        "user": C.OPERATIONAL,
        "email": C.WORK_CONTACT,
        "verified": C.OPERATIONAL,
        "primary": C.OPERATIONAL,
    },
    "account.EmailConfirmation": {
        "id": C.OPERATIONAL,
        "email_address": C.OPERATIONAL,
        "created": C.OPERATIONAL,
        "sent": C.OPERATIONAL,
        "key": C.PERSONAL,
    },
    "mfa.Authenticator": {
        "id": C.OPERATIONAL,
        "user": C.OPERATIONAL,
        "type": C.OPERATIONAL,
        "data": C.PERSONAL,
        "created_at": C.OPERATIONAL,
        "last_used_at": C.PERSONAL,
    },
    "usersessions.UserSession": {
        "id": C.OPERATIONAL,
        "user": C.OPERATIONAL,
        "created_at": C.PERSONAL,
        "ip": C.PERSONAL,
        "last_seen_at": C.PERSONAL,
        "session_key": C.OPERATIONAL,
        "user_agent": C.PERSONAL,
        "data": C.PERSONAL,
    },
}

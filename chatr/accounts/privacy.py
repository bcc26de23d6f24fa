"""What accounts hold, how much care each field asks for, and what a person gets to see of it.

Erasing an account is ``operations.erasure.erase_account``, which has every other area erase its part.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from chatr.privacy.classification import Classification as C

CLASSIFIED = {
    "User": {
        "id": C.OPERATIONAL,
        "password": C.PERSONAL,
        "last_login": C.PERSONAL,
        "email": C.WORK_CONTACT,
        "name": C.WORK_CONTACT,
        "is_active": C.OPERATIONAL,
        "invited_at": C.OPERATIONAL,
        "created_at": C.OPERATIONAL,
        "landing_path": C.PERSONAL,
        "chosen_membership": C.OPERATIONAL,
        "erased_at": C.OPERATIONAL,
    },
    "Role": dict.fromkeys(("id", "code", "name", "description", "permissions"), C.PUBLIC),
    "RoleGrant": dict.fromkeys(("id", "user", "role", "granted_by", "granted_at", "ended_at"), C.OPERATIONAL),
    "Organisation": {
        **dict.fromkeys(("id", "requested_by", "created_at", "status", "suspended_because"), C.OPERATIONAL),
        **dict.fromkeys(("name", "sector", "borough", "email_domains"), C.PUBLIC),
    },
    "SharedEmailDomain": dict.fromkeys(("id", "domain"), C.PUBLIC),
    "Membership": {
        **dict.fromkeys(("id", "user", "organisation", "confirmed_at", "valid_from", "valid_to"), C.OPERATIONAL),
        **dict.fromkeys(("can_book_for_others", "can_edit_directory"), C.OPERATIONAL),
        **dict.fromkeys(("job_role", "line_manager_name", "line_manager_email"), C.WORK_CONTACT),
    },
    "DeviceReset": {
        **dict.fromkeys(("id", "user", "asked_by", "asked_at", "agreed_by", "done_at"), C.OPERATIONAL),
        **dict.fromkeys(("needs_second_person", "declined_by", "declined_at"), C.OPERATIONAL),
        "reason": C.PERSONAL,
    },
    "ErasureRequest": dict.fromkeys(("id", "user", "asked_at", "withdrawn_at", "done_at"), C.OPERATIONAL),
}


def export_for(user) -> dict:
    """The person's account, where they work, their roles and where they are signed in."""
    return {
        "name": user.name,
        "email": user.email,
        "joined": user.created_at,
        "last_signed_in": user.last_login,
        "email_addresses": list(EmailAddress.objects.filter(user=user).order_by("pk").values("email", "verified")),
        "where_you_work": [
            {
                "organisation": each.organisation.name,
                "job_role": each.job_role,
                "line_manager_name": each.line_manager_name,
                "line_manager_email": each.line_manager_email,
                "confirmed": each.confirmed_at,
                "from": each.valid_from,
                "until": each.valid_to,
            }
            for each in user.memberships.select_related("organisation").order_by("valid_from", "pk")
        ],
        "roles": [
            {"role": each.role.name, "since": each.granted_at, "until": each.ended_at}
            for each in user.role_grants.select_related("role").order_by("granted_at", "pk")
        ],
        "second_steps": list(
            Authenticator.objects.filter(user=user).order_by("pk").values("type", "created_at", "last_used_at")
        ),
        "signed_in": list(
            UserSession.objects.filter(user=user).order_by("pk").values("created_at", "ip", "user_agent")
        ),
        "device_resets": list(user.device_resets.order_by("pk").values("asked_at", "reason", "done_at")),
        "erasure_requests": list(user.erasure_requests.order_by("pk").values("asked_at", "withdrawn_at", "done_at")),
    }

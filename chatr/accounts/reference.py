"""The roles every portal starts with, and the e-mail domains many organisations share."""

from .models import Role, SharedEmailDomain
from .roles import STARTING_ROLES

SHARED_DOMAINS = """
    nhs.net nhs.uk gmail.com googlemail.com hotmail.com hotmail.co.uk outlook.com outlook.co.uk live.com live.co.uk
    msn.com yahoo.com yahoo.co.uk ymail.com rocketmail.com icloud.com me.com mac.com aol.com aol.co.uk btinternet.com
    btopenworld.com sky.com virginmedia.com ntlworld.com blueyonder.co.uk talktalk.net tiscali.co.uk plus.net
    plusnet.com protonmail.com proton.me pm.me gmx.com gmx.co.uk mail.com zoho.com fastmail.com tutanota.com
""".split()


def lay_down() -> None:
    """Add each starting role that is missing, and the shared domains when there are none. Staff's changes stay."""
    Role.objects.bulk_create(
        [
            Role(
                code=code,
                name=name,
                description=description,
                permissions=list(permissions),
            )
            for code, (name, description, permissions) in STARTING_ROLES.items()
        ],
        ignore_conflicts=True,
    )
    if not SharedEmailDomain.objects.exists():
        SharedEmailDomain.objects.bulk_create([SharedEmailDomain(domain=domain) for domain in SHARED_DOMAINS])

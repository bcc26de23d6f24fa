"""How often one visitor may do something on a page that asks for no name."""

import ipaddress

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def allows(request: HttpRequest, what: str, *, times: int, seconds: int) -> bool:
    """Count one more try of ``what`` from this address; False once there were more than so many within the time.

    Only the cache knows, and it holds a keyed hash of the address, never the address: it is forgotten with the count.
    """
    key = f"limit:{what}:{salted_hmac('chatr.web.limits', _network(request), algorithm='sha256').hexdigest()}"
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key) <= times
    except ValueError:  # it was forgotten between the two lines
        return True


def _network(request: HttpRequest) -> str:
    """The address tries are counted by. A household with IPv6 has many, so its whole network counts as one."""
    address = get_adapter(request).get_client_ip(request)
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((known, 64), strict=False)) if known.version == 6 else address

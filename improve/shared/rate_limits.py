"""Limits on how often a client may try things that can be guessed."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import Final

from flask import request
from flask_limiter import Limiter

#: One office or one home has all addresses of IPv6 that begin with the same 64 bits.
_ONE_PLACE: Final = 64


def client_address() -> str:
    """Return from where a client comes, for counting tries; “” where nobody knows."""
    told = request.remote_addr or ""
    try:
        address = ip_address(told)
    except ValueError:
        return told
    if not isinstance(address, IPv6Address) or address.ipv4_mapped is not None:
        return told
    return str(IPv6Address(int(address) >> _ONE_PLACE << _ONE_PLACE))


#: Storage and on/off come from the settings RATELIMIT_STORAGE and RATELIMIT_ENABLED.
limiter = Limiter(key_func=client_address, default_limits=[], headers_enabled=False)

#: Tries at a sign-in, a reset or a one-time link, from one address.
GUESSES = "30 per minute"
#: Ideas logged with one capture pass: a lost phone must not fill a board.
CAPTURED = "30 per minute"
#: Mails to people outside, by one person: an account that was taken over must not send in bulk.
INVITATIONS = "30 per hour"

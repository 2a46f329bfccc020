"""Limits on how often a client may try things that can be guessed."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import date
from ipaddress import IPv6Address, ip_address
from typing import Any, Final

from flask import current_app, request
from flask_limiter import Limiter

from improve.shared import clock

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
#: One form of families: its questions and its sending, as fast as anybody reads them.
ONE_FORM = "10 per minute"
#: What comes from one place: a class of thirty tells at once, a machine goes on and on.
BEGUN = "60 per minute;300 per hour"
ANSWERED = "300 per minute"
SENT = "40 per minute;120 per hour"
#: Words that are no receipt, from one place: a whole school may be behind it.
WRONG_WORDS = "20 per 5 minutes"

_SALT_BYTES: Final = 32
#: The salt of today. It is kept in memory alone, and yesterday's is forgotten.
_salt: tuple[date, bytes] = (date.min, b"")


def nameless(words: str) -> str:
    """Return a name for an address, or for a form's token, that is good today and leads nowhere.

    A keyed hash under a random salt of the day: no address stands in any store, and after the
    day not even the same address could be recognised.
    """
    return hmac.new(_salt_of_today(), words.encode(), hashlib.sha256).hexdigest()


def nameless_client() -> str:
    """Return such a name for where a client comes from."""
    return nameless(client_address())


def _salt_of_today() -> bytes:
    global _salt  # noqa: PLW0603 - one salt a day for the whole process
    day = clock.today()
    if _salt[0] != day:
        fresh = secrets.token_hex(_SALT_BYTES).encode()
        _salt = (day, _shared(day, fresh) if _is_shared() else fresh)
    return _salt[1]


def _is_shared() -> bool:
    return str(current_app.config.get("RATELIMIT_STORAGE_URI", "")).startswith("redis")


def _shared(day: date, fresh: bytes) -> bytes:
    """Return the salt that all processes share: the first to ask has written it, for two days."""
    redis: Any = limiter.storage.storage  # type: ignore[attr-defined]
    name = f"improve:salt:{day.isoformat()}"
    redis.set(name, fresh, nx=True, ex=2 * 24 * 3600)
    found = redis.get(name)
    return bytes(found) if found else fresh

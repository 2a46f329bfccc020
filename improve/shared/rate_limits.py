"""Limits on how often a client may try things that can be guessed."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import date
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Final

from flask import current_app, request
from flask_limiter import Limiter
from limits import parse

from improve.shared import clock

#: One office or one home has all addresses of IPv6 that begin with the same 64 bits.
_ONE_PLACE: Final = 64
#: One holder has all addresses that begin alike: 48 bits of IPv6, 24 of IPv4.
_ONE_NETWORK: Final = 80
_ONE_NETWORK_4: Final = 8


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


def client_network() -> str:
    """Return from which network a client comes: who holds many addresses has them in one."""
    told = request.remote_addr or ""
    try:
        address = ip_address(told)
    except ValueError:
        return told
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return str(IPv6Address(int(address) >> _ONE_NETWORK << _ONE_NETWORK)) + "/48"
        address = address.ipv4_mapped
    return str(IPv4Address(int(address) >> _ONE_NETWORK_4 << _ONE_NETWORK_4)) + "/24"


def nameless(words: str) -> str:
    """Return a name for an address, or for a form's token, that is good today and leads nowhere.

    A keyed hash under a random salt of the day: no address stands in any store, and after the
    day not even the same address could be recognised.
    """
    return hmac.new(_salt_of_today(), words.encode(), hashlib.sha256).hexdigest()


def nameless_client() -> str:
    """Return such a name for where a client comes from."""
    return nameless(client_address())


#: Storage and on/off come from the settings RATELIMIT_STORAGE and RATELIMIT_ENABLED. Nothing in the
#: storage is named by an address.
limiter = Limiter(key_func=nameless_client, default_limits=[], headers_enabled=False)

#: Tries at a sign-in, a reset or a one-time link, from one address.
GUESSES = "30 per minute"
#: Ideas logged with one capture pass: a lost phone must not fill a board.
CAPTURED = "30 per minute"
#: Mails to people outside, by one person: an account that was taken over must not send in bulk.
INVITATIONS = "30 per hour"
#: One form of families: its questions and its sending, as fast as anybody reads them.
ONE_FORM = "10 per minute"
#: One report of staff: more questions, and answers that are changed before it is sent.
ONE_REPORT = "20 per minute"
#: What comes from one place: a class of thirty tells at once, a machine goes on and on.
BEGUN = "60 per minute;300 per hour"
ANSWERED = "300 per minute"
SENT = "40 per minute;120 per hour"
#: Words that are no receipt, from one place: a whole school may be behind it.
WRONG_WORDS = "20 per 5 minutes"
#: The same from one network: whoever has tens of thousands of places there is one guesser.
WRONG_WORDS_OF_NETWORK = "200 per 5 minutes"
#: More wrong words than this, from everywhere: somebody guesses from many networks at once.
_MANY_WRONG_WORDS: Final = parse("2000 per hour")
#: Then each place and network has fewer tries, and nobody has none: a child still comes in.
_WRONG_WORDS_THEN: Final = "5 per 5 minutes"
_WRONG_WORDS_OF_NETWORK_THEN: Final = "50 per 5 minutes"
#: As much as a family, or a small home, does of one kind in a day.
_LITTLE: Final = parse("10 per day")

_SALT_BYTES: Final = 32
#: The salt of today. It is kept in memory alone, and yesterday's is forgotten.
_salt: tuple[date, bytes] = (date.min, b"")


def nameless_network() -> str:
    """Return such a name for the network a client comes from."""
    return nameless(client_network())


def count_wrong_words() -> None:
    """Count one receipt that was none, wherever it was typed. No time or place is kept."""
    if limiter.enabled:
        limiter.limiter.hit(_MANY_WRONG_WORDS, "wrong words")


def wrong_words() -> str:
    """Return how many wrong receipts one place may try now."""
    return _WRONG_WORDS_THEN if _is_guessed() else WRONG_WORDS


def wrong_words_of_network() -> str:
    """Return how many wrong receipts one network may try now."""
    return _WRONG_WORDS_OF_NETWORK_THEN if _is_guessed() else WRONG_WORDS_OF_NETWORK


def is_quiet(what: str) -> bool:
    """Return whether little of one kind, such as “voice sent”, came from a client's network today.

    Above the ceiling of a day only such networks are heard: whoever floods a form closes it to
    their own network and to no other. False where nothing is counted.
    """
    return limiter.enabled and limiter.limiter.test(_LITTLE, what, nameless_network())


def count_of_network(what: str) -> None:
    """Count that a client's network did it once more today."""
    if limiter.enabled:
        limiter.limiter.hit(_LITTLE, what, nameless_network())


def _is_guessed() -> bool:
    return limiter.enabled and not limiter.limiter.test(_MANY_WRONG_WORDS, "wrong words")


def weak_limits() -> str:
    """Return in words why tries are limited less than they should be; “” where nothing is known."""
    if not limiter.enabled:
        return "Limits on tries are off. Turn them on with RATELIMIT_ENABLED=1."
    if not _is_shared():
        return (
            "Each process counts tries by itself, so two let twice as many through. Where more "
            "than one runs, name a store that all share, in RATELIMIT_STORAGE."
        )
    return ""


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

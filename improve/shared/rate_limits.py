"""Limits on how often a client may try things that can be guessed."""

from __future__ import annotations

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

#: Storage and on/off come from the settings RATELIMIT_STORAGE and RATELIMIT_ENABLED.
limiter = Limiter(key_func=get_remote_address, default_limits=[], headers_enabled=False)

#: Tries at a sign-in, a reset or a one-time link, from one address.
GUESSES = "30 per minute"
#: Ideas logged with one capture pass: a lost phone must not fill a board.
CAPTURED = "30 per minute"

"""Six digits from a phone, and codes on paper for a lost one. Pure.

The digits are those of RFC 6238: a new code every 30 seconds, made from a secret that the phone and
the server share. A phone's clock may be half a minute out, so a code before and after also count.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final

import pyotp

STEP_SECONDS: Final = 30
DIGITS: Final = 6
#: Steps before and after the present one whose code is taken.
STEPS_AROUND: Final = 1
RECOVERY_CODES: Final = 10
#: Wrong codes that cost nothing; then a pause that doubles up to the longest.
FREE_TRIES: Final = 5
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(minutes=15)

#: 32 letters and digits of which none is read as another: 5 bits each, 16 of them are 80 bits.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz023456789"
_RECOVERY_LENGTH: Final = 16
_LOOKS_LIKE: Final = str.maketrans({"o": "0"})


def new_secret() -> str:
    """Return a secret of 160 random bits in the letters that authenticator apps take."""
    return pyotp.random_base32(32)


def address_of(secret: str, *, account: str, site_name: str) -> str:
    """Return the otpauth address that an app reads from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=site_name)


def in_fours(text: str) -> tuple[str, ...]:
    """Return a text in groups of four letters, for reading and typing."""
    return tuple(text[start : start + 4] for start in range(0, len(text), 4))


def step_at(at: datetime) -> int:
    """Return the number of the step that a moment falls in."""
    return int(at.timestamp()) // STEP_SECONDS


def step_of(code: str, secret: str, *, at: datetime, after: int | None) -> int | None:
    """Return the step whose code this is, or None.

    Only steps around ``at`` count, and only those after ``after``, the last that was used. Every
    step is compared, so that the time tells nothing.
    """
    typed = "".join(c for c in code if c in "0123456789")
    rest = code.replace(" ", "").replace("-", "")
    if len(typed) != DIGITS or len(rest) != DIGITS:
        return None
    digits = pyotp.HOTP(secret)
    now, found = step_at(at), None
    for step in range(now - STEPS_AROUND, now + STEPS_AROUND + 1):
        is_right = hmac.compare_digest(digits.at(step), typed)
        if is_right and (after is None or step > after):
            found = step
    return found


def new_recovery_codes() -> tuple[str, ...]:
    """Return ten codes of 80 random bits each, in groups of four."""
    return tuple(
        "-".join(in_fours("".join(secrets.choice(_LETTERS) for _ in range(_RECOVERY_LENGTH))))
        for _ in range(RECOVERY_CODES)
    )


def recovery_hash(code: str, *, person_id: int) -> str:
    """Return what is kept of a recovery code. Blanks, marks and capitals make no difference."""
    plain = "".join(c for c in code.lower() if c.isalnum()).translate(_LOOKS_LIKE)
    return hashlib.sha256(f"recovery:{person_id}:{plain}".encode()).hexdigest()


def pause_after(failures: int, last: datetime, at: datetime) -> float:
    """Return how many seconds to wait at ``at`` after so many wrong codes, the last at ``last``."""
    if failures < FREE_TRIES:
        return 0.0
    pause = min(FIRST_PAUSE * 2 ** min(failures - FREE_TRIES, 10), LONGEST_PAUSE)
    return max(0.0, (last + pause - at).total_seconds())

"""What is known of a sign-in that is under way at the council's own sign-in. Pure.

Nothing is kept on the server: the state that goes there and comes back is itself sealed, bound to
the one browser that began, and good for a few minutes.
"""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from improve.shared.sealing import CannotOpen, Sealer

LASTS: Final = timedelta(minutes=10)
#: A longer address to go on to is left out: providers refuse long ones.
LONGEST_NEXT: Final = 300
_LONGEST: Final = 4_000
_PURPOSE: Final = "council sign-in"


@dataclass(frozen=True)
class Begun:
    """One sign-in under way, with what only this browser and this site know of it."""

    council: str
    nonce: str
    verifier: str
    #: Seconds since 1970.
    begun_at: int
    next: str = ""
    #: The token of the invitation that it takes up; “”: none.
    invitation: str = ""
    #: Who joins their council account to the account they are signed in to; 0: nobody.
    joins_id: int = 0
    #: Who is signed in and proves themselves once more; 0: nobody.
    proves_id: int = 0


def begin(
    council: str,
    *,
    at: datetime,
    next_page: str = "",
    invitation: str = "",
    joins_id: int = 0,
    proves_id: int = 0,
) -> Begun:
    """Return a sign-in that begins now, with fresh secrets."""
    return Begun(
        council=council,
        nonce=secrets.token_urlsafe(16),
        verifier=secrets.token_urlsafe(32),
        begun_at=int(at.timestamp()),
        next=next_page if len(next_page) <= LONGEST_NEXT else "",
        invitation=invitation,
        joins_id=joins_id,
        proves_id=proves_id,
    )


def seal(begun: Begun, *, keys: tuple[str, ...], browser: str) -> str:
    """Return it sealed, as it stands in an address. ``browser``: the form token of its cookie."""
    words = json.dumps(list(asdict(begun).values()), separators=(",", ":"))
    sealed = Sealer(keys, _PURPOSE).seal(words, about=browser)
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def unseal(state: str, *, keys: tuple[str, ...], browser: str, at: datetime) -> Begun | None:
    """Return the sign-in that came back; None for another browser's, a changed or an old one."""
    if not browser or not state or len(state) > _LONGEST:
        return None
    try:
        sealed = urlsafe_b64decode(state.encode() + b"=" * (-len(state) % 4))
        begun = Begun(*json.loads(Sealer(keys, _PURPOSE).open(sealed, about=browser)))
    except (CannotOpen, ValueError, TypeError):
        return None
    age = at.timestamp() - begun.begun_at
    return begun if -5 <= age <= LASTS.total_seconds() else None

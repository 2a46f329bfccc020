"""What the page of a receipt carries, so that its form knows the row: the words are typed once.

It is sealed, good for a day, and kept nowhere but in the page.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime, timedelta
from typing import Final

from improve.shared import clock
from improve.shared.errors import NotFound
from improve.shared.sealing import CannotOpen, Sealer

_LASTS: Final = timedelta(days=1)


def pass_for(facts: dict[str, str], *, keys: tuple[str, ...], purpose: str) -> str:
    """Return ``facts``, such as the key of a row, as a page carries them for a day.

    ``keys``: those of sealing, the present one first.
    """
    held = json.dumps({**facts, "at": clock.now().isoformat()})
    return base64.urlsafe_b64encode(Sealer(keys, purpose).seal(held, about=purpose)).decode()


def facts_of_pass(held: str, *, keys: tuple[str, ...], purpose: str) -> dict[str, str]:
    """Return what a page was given. Raises ``NotFound`` after a day, and for anything else."""
    try:
        sealed = base64.urlsafe_b64decode(held.encode())
        known: dict[str, str] = json.loads(Sealer(keys, purpose).open(sealed, about=purpose))
    except (CannotOpen, binascii.Error, ValueError):
        raise NotFound from None
    if clock.now() - datetime.fromisoformat(known["at"]) > _LASTS:
        raise NotFound
    return known

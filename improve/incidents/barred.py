"""Who never goes on with a report that was destroyed, sealed: its head is gone, the rule is not.

The ids of all of them as one: whom the reporter ticked, who had a part in its teams as it came, and
who said that they may know it. Which of these holds for whom went with the report.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from improve.incidents.sealing import BARRED, sealer

#: Characters up to which every list is filled, so that its length tells only a rough size.
_STEP: Final = 256


def sealed_barred(people: Iterable[int], *, key: str) -> bytes:
    """Return the ids of those who never go on with the report ``key``, as they are kept."""
    plain = json.dumps(sorted(set(people)))
    return sealer(BARRED).seal(plain + " " * (-len(plain) % _STEP), about=key)


def barred_in(sealed: bytes | None, *, key: str) -> frozenset[int]:
    """Return these ids. Raises ``CannotOpen``; nobody where nothing was destroyed yet."""
    return frozenset(json.loads(sealer(BARRED).open(bytes(sealed), about=key)) if sealed else ())

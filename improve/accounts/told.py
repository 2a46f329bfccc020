"""How accounts have people told of something: notices are kept by a package above. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from improve.accounts.actor import Actor


@dataclass(frozen=True)
class PeopleTold:
    """Published with ``shared.events``; ``kind`` is the value of a ``NoticeKind``.

    ``people``: ids, or ids with the value of a ``Why`` each.
    """

    actor: Actor
    people: Iterable[int | None] | Mapping[int, str]
    kind: str
    subject_id: int
    facts: Mapping[str, Any] = field(default_factory=dict)

"""What a service says when it will not do what was asked. The web turns these into pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reason:
    """One thing that is missing or wrong: words for the person, and the field they belong to."""

    words: str
    field: str | None = None


class DomainError(Exception):
    """Anything a service refuses to do."""


class RuleBroken(DomainError):
    """A rule says no. ``reasons`` lists every unmet need at once."""

    def __init__(self, reasons: Iterable[Reason] | str) -> None:
        self.reasons = [Reason(reasons)] if isinstance(reasons, str) else list(reasons)
        super().__init__("; ".join(r.words for r in self.reasons))


class Stale(DomainError):
    """Someone else changed it first. ``facts`` says who, when and to what."""

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__("changed meanwhile")


class NotFound(DomainError):
    """Nothing by that name that this person may know of."""


class Forbidden(DomainError):
    """The person may see it but not do this. ``words`` says who can."""

    def __init__(self, words: str = "") -> None:
        self.words = words
        super().__init__(words)

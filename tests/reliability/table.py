"""The lines of the table that ``python -m tests.reliability`` prints."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One figure: what it is held to, and what was found."""

    figure: str
    hold: str
    result: str
    is_held: bool
    #: What does not hold, in words.
    found: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Size:
    """How much is done: the full form, or one that takes seconds."""

    is_short: bool
    #: How long the soak lasts.
    minutes: float = 30.0
    #: How many acknowledged writes the kills happen among.
    writes: int = 10_000

    def of(self, full: int, short: int) -> int:
        """Return the number for this size."""
        return short if self.is_short else full


class NotPossible(Exception):
    """This machine does not allow what the measurement needs. The message says what."""

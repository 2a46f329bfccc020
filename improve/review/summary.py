"""The sentence above the list, which must still make sense alone on a printed page. Pure."""

from __future__ import annotations

from datetime import date
from typing import Protocol

NBSP = "\u00a0"


class Counts(Protocol):
    """True counts of what the filter keeps."""

    @property
    def total(self) -> int:
        """All decided cycles."""

    @property
    def kept(self) -> int:
        """Adopted."""

    @property
    def changed(self) -> int:
        """Adapted: going round again."""

    @property
    def stopped(self) -> int:
        """Abandoned with what was learned."""


def summary_sentence(
    counts: Counts, *, first: date | None, last: date | None, team: str | None
) -> str:
    """Return for example “18 cycles finished, 1 Sep 2026 to 24 Nov 2026: 9 kept, …”."""
    what = "cycle" if counts.total == 1 else "cycles"
    where = f" in {team}" if team else ""
    words = f"{counts.total:,}{NBSP}{what} finished{where}{_period(first, last)}"
    if counts.total == 0:
        return words + "."
    return (
        f"{words}: {counts.kept:,}{NBSP}kept, {counts.changed:,}{NBSP}changed, "
        f"{counts.stopped:,}{NBSP}stopped with what was learned."
    )


def _period(first: date | None, last: date | None) -> str:
    if first and last:
        return f", {_day(first)} to {_day(last)}"
    if first:
        return f" since {_day(first)}"
    if last:
        return f" up to {_day(last)}"
    return ""


def _day(day: date) -> str:
    return f"{day.day}{NBSP}{day:%b}{NBSP}{day.year}"

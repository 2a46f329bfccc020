"""The sentence above the list, which must still make sense alone on a printed page. Pure."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list was narrowed to, in the words that people chose it by; “” for everything.

    ``where`` is a team or a service; ``source`` follows “from”; ``ending`` is kept, changed or
    stopped; ``verdict`` is said of the chart.
    """

    first: date | None = None
    last: date | None = None
    where: str = ""
    aim: str = ""
    driver: str = ""
    source: str = ""
    ending: str = ""
    verdict: str = ""
    is_unread: bool = False


def summary_sentence(counts: Counts, asked: Asked) -> str:
    """Return for example “18 cycles finished in Family Help, 1 Sep to 27 Nov 2026: 9 kept, …”."""
    what = "cycle" if counts.total == 1 else "cycles"
    where = f" in {asked.where}" if asked.where else ""
    words = f"{counts.total:,}{NBSP}{what} finished{where}{_period(asked.first, asked.last)}"
    words += "".join(f", {part}" for part in _narrowed(asked))
    if counts.total == 0 or asked.ending:
        return words + "."
    return (
        f"{words}: {counts.kept:,}{NBSP}kept, {counts.changed:,}{NBSP}changed, "
        f"{counts.stopped:,}{NBSP}stopped with what was learned."
    )


def _narrowed(asked: Asked) -> list[str]:
    endings = {
        "kept": "only those kept",
        "changed": "only those changed",
        "stopped": "only those stopped with what was learned",
    }
    verdicts = {
        "Tried small": "tried small without a chart",
        "No measure": "without a measure",
    }
    parts = []
    if asked.driver:
        parts.append(f"for “{asked.driver}”")
    elif asked.aim:
        parts.append(f"for the aim “{asked.aim}”")
    if asked.source:
        parts.append(f"from {asked.source}")
    if asked.ending:
        parts.append(endings[asked.ending])
    if asked.verdict:
        parts.append(verdicts.get(asked.verdict, f"where the chart now says “{asked.verdict}”"))
    if asked.is_unread:
        parts.append("not yet read by you")
    return parts


def _period(first: date | None, last: date | None) -> str:
    if first and last:
        if first == last:
            return f", on {_day(first)}"
        begins = f"{first.day}{NBSP}{first:%b}" if first.year == last.year else _day(first)
        return f", {begins} to {_day(last)}"
    if first:
        return f" since {_day(first)}"
    if last:
        return f" up to {_day(last)}"
    return ""


def _day(day: date) -> str:
    return f"{day.day}{NBSP}{day:%b}{NBSP}{day.year}"

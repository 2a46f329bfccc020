"""What must stand before a form opens on which people tell something in confidence. Pure.

Signatures with names and days, numbers that somebody rang, somebody who reads on each of the next
days, and a leader's promise: the same for every such form. Each adds what is its own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from improve.accounts.in_confidence.reading_days import DAYS_NEEDED, DAYS_SHOWN, CoverSpan
from improve.shared.errors import Reason

#: Two, so that one may be ill or away.
READERS_NEEDED: Final = 2
OWN_TRAINING: Final = "Nobody enters their own training: another administrator does."
#: Who put their name to what, and when: each with its day.
SIGNED: Final = ("dpia", "legal", "numbers_tried")


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that must stand: what it is, whether it does, what is known or missing, and why."""

    name: str
    title: str
    is_met: bool
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signed what, as it is kept; a council that chose nothing has version 0."""

    version: int = 0
    dpia_by: str = ""
    dpia_on: date | None = None
    legal_by: str = ""
    legal_on: date | None = None
    numbers_tried_by: str = ""
    numbers_tried_on: date | None = None
    numbers_tried: dict[str, str] = field(default_factory=dict)
    promise: str = ""
    promised_by: str = ""
    promised_at: datetime | None = None
    opened_at: datetime | None = None
    opened_by: str = ""


@dataclass(frozen=True, slots=True)
class Ready(ABC):
    """How far a council is on a day."""

    today: date
    setup: Signatures
    slug: str
    duty_numbers: dict[str, str]
    spans: tuple[CoverSpan, ...]
    #: The next working days, and who reads on each.
    days: tuple[tuple[date, tuple[str, ...]], ...]

    @property
    @abstractmethod
    def needs(self) -> tuple[Need, ...]:
        """Everything that must stand, in the order of the page."""

    def readers_need(self, title: str, trained: list[str], why: str) -> Need:
        """Return whether enough of those who read are trained."""
        more = READERS_NEEDED - len(trained)
        words = ", ".join(trained) if more <= 0 else f"{'One' if more == 1 else 'Two'} more needed"
        return Need("readers", title, more <= 0, words, why)

    def cover_need(self, why: str) -> Need:
        """Return whether somebody reads on each of the next days."""
        return Need(
            "cover",
            "Somebody reads on each of the next ten working days",
            not self.days_without,
            "Every day has somebody"
            if not self.days_without
            else f"Nobody yet on {len(self.days_without)} of {min(DAYS_NEEDED, len(self.days))} "
            "days",
            why,
        )

    def dpia_need(self, why: str) -> Need:
        """Return whether the impact assessment is signed."""
        return Need(
            "dpia",
            "Data protection impact assessment signed",
            bool(self.setup.dpia_by and self.setup.dpia_on),
            self.setup.dpia_by or "Not signed yet",
            why,
        )

    def legal_need(self, why: str) -> Need:
        """Return whether the legal check is signed."""
        return Need(
            "legal",
            "Legal check signed",
            bool(self.setup.legal_by and self.setup.legal_on),
            self.setup.legal_by or "Not signed yet",
            why,
        )

    def numbers_need(self, why: str) -> Need:
        """Return whether the numbers that hold now were rung, and somebody answered."""
        untold = [
            words
            for time, words in (("day", "in the day"), ("night", "at night"))
            if not self.duty_numbers.get(time)
        ]
        return Need(
            "numbers",
            "Day and night numbers rung, and somebody answered",
            not untold and self.are_numbers_tried,
            f"No number {' and '.join(untold)} yet"
            if untold
            else "They were changed since. Ring them again"
            if self.were_numbers_changed
            else self.setup.numbers_tried_by or "Not tried yet",
            why,
        )

    def promise_need(self, why: str) -> Need:
        """Return whether a leader signed the promise."""
        return Need(
            "promise",
            "The promise, signed by a leader",
            bool(self.setup.promised_at),
            self.setup.promised_by or "Not signed yet. A leader signs it with their own account",
            why,
        )

    @property
    def were_numbers_changed(self) -> bool:
        """Whether other numbers hold now than those that somebody rang."""
        rung = self.setup.numbers_tried
        return bool(self.setup.numbers_tried_by) and any(
            line != rung.get(time, "") for time, line in self.duty_numbers.items()
        )

    @property
    def are_numbers_tried(self) -> bool:
        """Whether somebody rang the numbers that hold now."""
        setup = self.setup
        return bool(setup.numbers_tried_by and setup.numbers_tried_on) and (
            not self.were_numbers_changed
        )

    @property
    def days_without(self) -> tuple[date, ...]:
        """The next working days that must have somebody and have nobody."""
        return tuple(day for day, names in self.days[:DAYS_NEEDED] if not names)

    @property
    def shown_days(self) -> tuple[tuple[date, tuple[str, ...]], ...]:
        """What the calendar of cover shows."""
        return self.days[:DAYS_SHOWN]

    @property
    def is_read_at_all(self) -> bool:
        """Whether somebody is down to read on a day after today, as the form asks."""
        return any(names for day, names in self.days if day > self.today)

    @property
    def missing(self) -> tuple[Need, ...]:
        """What does not stand yet."""
        return tuple(need for need in self.needs if not need.is_met)

    @property
    def is_open(self) -> bool:
        """Whether the form takes words."""
        return self.setup.opened_at is not None


def unsigned_reasons(signed: Mapping[str, tuple[str, date | None]], *, today: date) -> list[Reason]:
    """Return what is wrong with who signed what, by the names of ``SIGNED``.

    A name without a day, a day without a name, and a day to come; neither: nobody yet.
    """
    reasons = []
    for name in SIGNED:
        by, on = signed.get(name, ("", None))
        if by and on is None:
            reasons.append(Reason("Write the day, too.", f"{name}_on"))
        if on is not None and not by:
            reasons.append(Reason("Write who it was.", f"{name}_by"))
        if on is not None and on > today:
            reasons.append(Reason("Write a day up to today.", f"{name}_on"))
    return reasons


def signed_values(
    signed: Mapping[str, tuple[str, date | None]], *, rung: Mapping[str, str]
) -> dict[str, Any]:
    """Return the columns that keep who signed what. ``rung``: the numbers that were on the page."""
    values: dict[str, Any] = {}
    for name in SIGNED:
        values[f"{name}_by"], values[f"{name}_on"] = signed.get(name, ("", None))
    values["numbers_tried"] = dict(rung) if values["numbers_tried_by"] else {}
    return values

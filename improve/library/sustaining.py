"""Half a year after something was kept: is it still done, and what do the numbers say? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from improve.measures.spc.words import VerdictWords, verdict_words

#: Days after a change was kept on which somebody looks whether it is still done.
SUSTAIN_DAYS: Final = 180
#: A night that comes after a longer time than this asks no more: nobody remembers what it was.
ASKED_FOR_DAYS: Final = 180


class Held(StrEnum):
    """The answer to “Is it still done?”."""

    HELD = "held"
    PARTLY = "partly"
    GONE = "gone"


HELD_WORDS: Final[Mapping[Held, str]] = {
    Held.HELD: "Yes, it is how we work",
    Held.PARTLY: "Partly, or by some of us",
    Held.GONE: "No, it is not done any more",
}
#: As a page says it afterwards.
SAID_WORDS: Final[Mapping[Held, str]] = {
    Held.HELD: "Still done",
    Held.PARTLY: "Partly done",
    Held.GONE: "Not done any more",
}


@dataclass(frozen=True, slots=True)
class SustainedView:
    """One look at whether it held. ``words`` is what was written, ``verdict_*`` of that day.

    Not answered yet: ``answer`` is None and ``due_on`` says since when it is asked.
    """

    idea_id: int
    due_on: date
    answer: Held | None = None
    words: str = ""
    answered_at: datetime | None = None
    by_name: str = ""
    verdict_code: str | None = None
    verdict_facts: Mapping[str, Any] | None = None
    again_on: date | None = None
    version: int = 0
    id: int | None = None

    @property
    def verdict(self) -> VerdictWords | None:
        """What the chart said on the day of the answer."""
        if self.verdict_code is None:
            return None
        return verdict_words(self.verdict_code, self.verdict_facts or {})

    @property
    def said(self) -> str:
        """“Held after six months”, for a list; “” while nobody answered."""
        if self.answer is None:
            return ""
        return {
            Held.HELD: "Held after six months",
            Held.PARTLY: "Partly held after six months",
            Held.GONE: "Did not hold after six months",
        }[self.answer]


def first_due_on(kept_on: date) -> date:
    """Return the day on which the first look is due."""
    return kept_on + timedelta(days=SUSTAIN_DAYS)


def open_check(
    checks: Iterable[SustainedView], idea_id: int, kept_on: date, today: date
) -> SustainedView | None:
    """Return the look that is due of an idea kept on a day, or None.

    A look asked for before it was kept again is not asked any more. Where the night has not
    written it down yet, it has no id.
    """
    first = first_due_on(kept_on)
    ours = [check for check in checks if check.due_on > kept_on]
    waiting = [check for check in ours if check.answer is None and check.due_on <= today]
    if waiting:
        return min(waiting, key=lambda check: check.due_on)
    if not ours and first <= today:
        return SustainedView(idea_id, first)
    return None

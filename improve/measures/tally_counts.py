"""What a week of taps comes to: in numbers, in words, in squares. Pure.

Yes is 1, no is 0; “could not tell” is counted apart and belongs to neither line of the share. Where
the question is how many, the answer is the number itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from improve.measures.table_import.periods import period_start
from improve.shared.formatting import plural

YES, NO, NOT_KNOWN = 1, 0, 2
#: The largest number that one tap of “how many” stands for.
HOW_MANY_MOST = 20
#: Fewer answers than this and one more would change the share a lot: it is said.
FEW = 10
#: More squares than this are told in words.
SQUARES_MOST = 180
#: What the three answers are called.
ANSWER_WORDS: Mapping[int, str] = {YES: "Yes", NO: "No", NOT_KNOWN: "Could not tell"}


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return period_start(day, "week")


def taken_week(asked: date | None, today: date) -> date | None:
    """Return the week a tap belongs to, or None where that week is closed to taps.

    This week and the one before are open. A week to come is a phone whose clock is fast: this one.
    """
    this_week = week_of(today)
    if asked is None:
        return this_week
    asked = week_of(asked)
    if asked > this_week:
        return this_week
    return asked if asked >= this_week - timedelta(days=7) else None


def answer_words(answers: str, answer: int) -> str:
    """Return what a tap said: “Yes”, “Could not tell”, “3”."""
    return ANSWER_WORDS.get(answer, str(answer)) if answers == "yes_no" else str(answer)


def is_answer(answers: str, answer: int) -> bool:
    """Return whether the question can be answered so."""
    return answer in ANSWER_WORDS if answers == "yes_no" else 0 <= answer <= HOW_MANY_MOST


@dataclass(frozen=True, slots=True)
class TallyCounts:
    """How often each answer was tapped in one week; taps taken back do not count."""

    answers: str
    by_answer: Mapping[int, int] = field(default_factory=dict)

    @property
    def taps(self) -> int:
        """All taps."""
        return sum(self.by_answer.values())

    @property
    def top(self) -> int:
        """The top line: how many yes; or, where the question is how many, all of them added up."""
        if self.answers == "yes_no":
            return self.by_answer.get(YES, 0)
        return sum(answer * count for answer, count in self.by_answer.items())

    @property
    def bottom(self) -> int | None:
        """The bottom line: yes and no; None where the question is how many."""
        if self.answers != "yes_no":
            return None
        return self.by_answer.get(YES, 0) + self.by_answer.get(NO, 0)

    @property
    def is_gap(self) -> bool:
        """Whether there is nothing to make a point of."""
        return self.taps == 0 or self.bottom == 0

    @property
    def words(self) -> str:
        """“12 yes of 15 answers. 2 could not tell.”; “No taps yet.”."""
        if not self.taps:
            return "No taps yet."
        if self.answers != "yes_no":
            return f"{self.top:,} in all, from {plural(self.taps, 'tap')}."
        unknown = self.by_answer.get(NOT_KNOWN, 0)
        apart = f" {unknown:,} could not tell." if unknown else ""
        if not self.bottom:
            return f"No yes or no yet.{apart}"
        return f"{self.top:,} yes of {plural(self.bottom, 'answer')}.{apart}"

    @property
    def short_words(self) -> str:
        """“13 of 18 this week”, “14 in all this week”, “no answers yet this week”."""
        if self.is_gap:
            return "no answers yet this week"
        top = f"{self.top:,}"
        said = f"{top} in all" if self.bottom is None else f"{top}\u00a0of\u00a0{self.bottom:,}"
        return f"{said} this week"

    @property
    def few_words(self) -> str:
        """What to bear in mind while there are few answers; “” from ten on."""
        size = self.bottom if self.answers == "yes_no" else None
        if not size or size >= FEW:
            return ""
        return "Few answers: one more could change the share a lot."

    @property
    def squares(self) -> list[int]:
        """One answer for each tap: by answer, never in the order they came."""
        order = (YES, NO, NOT_KNOWN) if self.answers == "yes_no" else sorted(self.by_answer)[::-1]
        found = [answer for answer in order for _ in range(self.by_answer.get(answer, 0))]
        return found[:SQUARES_MOST]

    @property
    def mark(self) -> str:
        """A short text that changes when a count does."""
        return ".".join(f"{answer}-{self.by_answer[answer]}" for answer in sorted(self.by_answer))

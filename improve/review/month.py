"""What a month asks of leaders: its lines, the ways to answer, and how an answer reads. Pure.

``Asked`` is one thing that waits for a leader, as an answer keeps it. One thing asked has one
answer: ``line``, ``subject_kind``, ``subject_id`` and ``asked_on`` say which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from improve.shared.formatting import day

#: How long a leader's own answer can be changed; then it is the team's.
CHANGE_HOURS: Final = 24
#: A visit lies at most so many days ahead: a day nobody can picture is no answer.
VISIT_WITHIN_DAYS: Final = 183


class Line(StrEnum):
    """One line of the month, in the order of the sheet."""

    BLOCKED = "blocked"
    VOICE = "voice"
    BALANCE = "balance"
    DEMAND = "demand"
    HOURS = "hours"
    THANKS = "thanks"
    LEARNED = "learned"


class Way(StrEnum):
    """One way to answer a line."""

    DECIDE = "decide"
    GIVE = "give"
    NO = "no"
    VISIT = "visit"
    WRITE = "write"


#: What each line asks, as its small head says it.
LINE_WORDS: Final[Mapping[Line, str]] = {
    Line.BLOCKED: "Needs someone at your level",
    Line.VOICE: "In their words",
    Line.BALANCE: "One better, its partner worse",
    Line.DEMAND: "Demand beside capacity",
    Line.HOURS: "The hours you promised",
    Line.THANKS: "Two people to thank by name",
    Line.LEARNED: "What finished, and what it taught",
}
WAY_WORDS: Final[Mapping[Way, str]] = {
    Way.DECIDE: "Decide",
    Way.GIVE: "Give money or a name",
    Way.NO: "Say no, because",
    Way.VISIT: "Come and see",
    Way.WRITE: "Write to them",
}
#: The same beside a tick box on paper.
WAY_ON_PAPER: Final[Mapping[Way, str]] = {
    Way.DECIDE: "Decide",
    Way.GIVE: "Money or a name",
    Way.NO: "No, because",
    Way.VISIT: "Come and see",
    Way.WRITE: "Written to",
}
_FOUR: Final = (Way.DECIDE, Way.GIVE, Way.NO, Way.VISIT)
WAYS: Final[Mapping[Line, tuple[Way, ...]]] = {
    Line.BLOCKED: _FOUR,
    Line.VOICE: _FOUR,
    Line.BALANCE: _FOUR,
    Line.DEMAND: _FOUR,
    Line.HOURS: _FOUR,
    Line.THANKS: (Way.WRITE, Way.VISIT),
    Line.LEARNED: (Way.VISIT,),
}
#: Lines that ask for something, and so stand on *You asked, leaders did*. Thanks are between those
#: who say and hear them.
ASKING: Final = tuple(line for line in Line if line not in {Line.THANKS, Line.LEARNED})

#: Kinds of what is asked about that other texts stand on, too: words are hidden there all at once.
HOLDS_TEXTS: Final = ("idea", "measure")


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that waits for a leader.

    ``words`` say it in one sentence, in the words of whoever asked where they wrote any.
    ``team_id`` is whom the answer goes to, None for every team. ``idea_id`` is the idea that it
    stands on, 0 for none.
    """

    line: Line
    subject_kind: str
    subject_id: int
    asked_on: date
    words: str
    team_id: int | None = None
    idea_id: int = 0

    @property
    def key(self) -> tuple[str, str, int, date]:
        """Which thing it is: the same key has one answer."""
        return (self.line.value, self.subject_kind, self.subject_id, self.asked_on)


@dataclass(frozen=True, slots=True)
class Answer:
    """A leader's answer, with what came of it later."""

    id: int
    month: date
    line: Line
    subject_kind: str
    subject_id: int
    team_id: int | None
    team_name: str
    asked: str
    asked_on: date
    way: Way
    words: str
    visit_on: date | None
    by_id: int
    by: str
    answered_at: datetime
    outcome: str
    outcome_on: date | None
    version: int

    @property
    def key(self) -> tuple[str, str, int, date]:
        """Which thing it answers."""
        return (self.line.value, self.subject_kind, self.subject_id, self.asked_on)

    @property
    def first_name(self) -> str:
        """The leader as colleagues call them."""
        return self.by.split(" ", 1)[0]

    @property
    def stands_on(self) -> tuple[str, int]:
        """What else its words are about, an idea or a measure; else the answer alone."""
        if self.subject_kind in HOLDS_TEXTS:
            return (self.subject_kind, self.subject_id)
        return ("answer", self.id)

    @property
    def asked_words(self) -> str:
        """What was asked, and by whom: a team, a child or family, or the numbers themselves."""
        team = self.team_name or "All teams"
        if self.line is Line.VOICE:
            return f"A child or family asked {self.team_name or 'us'}: “{self.asked}”"
        if self.line is Line.HOURS:
            return f"Hours to improve in: {self.asked}"
        if self.line is Line.BALANCE:
            return f"{team}: {self.asked}"
        return f"{team} asked: {self.asked}"

    @property
    def sentence(self) -> str:
        """The answer as it is read: what they chose, and their words."""
        return answer_words(self.way, self.words, self.visit_on)

    def may_change(self, person_id: int, now: datetime) -> bool:
        """Return whether this person may still change it: their own, for a day."""
        is_fresh = now - self.answered_at < timedelta(hours=CHANGE_HOURS)
        return self.by_id == person_id and is_fresh and not self.outcome


def answer_words(way: Way, words: str, visit_on: date | None = None) -> str:
    """Return an answer as a team reads it: “No, because: …”, “I will come and see on Thu 3 Dec.”

    Money or a name, and what was decided, speak for themselves.
    """
    if way is Way.VISIT:
        said = f"I will come and see on {day(visit_on)}." if visit_on else "I will come and see."
        return f"{said} {words}".strip()
    if way is Way.NO:
        return f"No, because: {words}"
    if way is Way.WRITE:
        return words or "I wrote to them."
    return words


def month_of(day_: date) -> date:
    """Return the first day of the month of a day."""
    return day_.replace(day=1)

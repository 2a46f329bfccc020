"""What a board shows: cards, columns and the counts above them. Pure.

``shaping`` turns rows of facts into these; nothing here asks the database or the clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from improve.ideas.kinds import Outcome, Source, Stage

#: Cards a column draws at once.
COLUMN_SIZE: Final = 50
#: How long a finished idea stays on the board.
DONE_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What a board is narrowed to, from the address; all empty shows everything."""

    is_mine: bool = False
    needs_reply: bool = False
    is_blocked: bool = False
    is_ready_to_study: bool = False
    #: Longer in its stage than is usual there, by the team's ``usual_days.StageClock``.
    is_stuck: bool = False
    source: Source | None = None
    text: str = ""
    aim_id: int | None = None
    driver_id: int | None = None

    @property
    def is_active(self) -> bool:
        """Whether anything is narrowed."""
        return self != BoardFilter()


@dataclass(frozen=True, slots=True)
class SourceBadge:
    """Where an idea came from, as cards say it; own ideas show none."""

    words: str
    icon: str


@dataclass(frozen=True, slots=True)
class BlockedStrip:
    """Why an idea cannot go on, and who can help."""

    reason: str
    who: str


@dataclass(frozen=True, slots=True)
class CardVerdict:
    """A stored verdict in the words of a card. ``spark`` are stored points for the small line."""

    measure_id: int
    measure_name: str
    code: str
    label: str
    short: str
    sentence: str
    icon: str
    tone: str
    spark: Mapping[str, Any]
    better_when: str = ""


@dataclass(frozen=True, slots=True)
class SmallTest:
    """What was expected and seen in a small test; ``words`` say both in a sentence."""

    expected_count: int | None
    expected_of: int | None
    seen_count: int | None
    seen_of: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How an idea ended, on its card: “Kept 3 Nov” and what was learned."""

    outcome: Outcome
    words: str
    on: date
    lesson: str
    adopt_anyway: str
    lesson_label: str


@dataclass(frozen=True, slots=True)
class Card:
    """Everything the face of a card shows. Empty parts are None or “”.

    ``age_words`` reads “6 days”, “Yesterday”, “Today”; ``usual_words`` “usual 28” only when the
    age is over it. ``who`` is the line of names: “Ines, with Tess”. ``next_strong`` (bold) and
    ``next_words`` are the next-step line.
    ``is_pinned``: the next huddle talks about it. ``drops`` says where it may be dragged to, for
    the script alone: “plan study done=stop”, each a column, with the way where that is another.
    """

    id: int
    title: str
    stage: Stage
    outcome: Outcome | None
    cycle_number: int
    version: int
    age_days: int
    age_words: str
    usual_days: int | None
    is_over_usual: bool
    usual_words: str
    who: str
    author: str
    lead: str
    is_mine: bool
    badge: SourceBadge | None
    blocked: BlockedStrip | None
    verdict: CardVerdict | None
    beside: CardVerdict | None
    small_test: SmallTest | None
    next_strong: str
    next_words: str
    ending: Ending | None
    may_move: bool
    may_reply: bool
    needs_reply: bool
    is_pinned: bool = False
    may_pin: bool = False
    drops: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One stage of a board. ``total`` is the true count; ``wip`` advice or None.

    Done holds the last 30 days; ``finished_total`` (Done only) counts all that ever finished.
    ``matching`` counts those that the filter keeps (the total without a filter).
    """

    stage: Stage
    name: str
    hint: str
    total: int
    matching: int
    wip: int | None
    cards: tuple[Card, ...]
    page: int = 1
    finished_total: int = 0

    @property
    def is_over_wip(self) -> bool:
        """Whether there is more in it than the team's advice says."""
        return self.wip is not None and self.total > self.wip

    @property
    def count_words(self) -> str:
        """“2”, “1 of 4” or “5 of 4, over limit”."""
        if self.wip is None:
            return str(self.total)
        words = f"{self.total}\u00a0of\u00a0{self.wip}"
        return f"{words}, over limit" if self.is_over_wip else words

    @property
    def has_more(self) -> bool:
        """Whether more cards follow those that are drawn."""
        return self.page * COLUMN_SIZE < self.matching


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A team's board: its columns in order and the counts above them."""

    columns: tuple[Column, ...]
    needs_reply: int
    blocked: int
    ready_to_study: int
    filter: BoardFilter = field(default_factory=BoardFilter)

    @property
    def total(self) -> int:
        """All ideas on the board."""
        return sum(column.total for column in self.columns)

    @property
    def finished(self) -> int:
        """All that ever finished, whenever it was."""
        return sum(column.finished_total for column in self.columns)

    @property
    def is_new(self) -> bool:
        """Whether no idea was ever on it."""
        return self.total == 0 and self.finished == 0

    @property
    def shown(self) -> int:
        """Those that the filter keeps."""
        return sum(column.matching for column in self.columns)

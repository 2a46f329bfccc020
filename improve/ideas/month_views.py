"""What one month of ideas holds for a leader. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from improve.accounts.days.working_calendar import WorkingCalendar
from improve.shared import clock


@dataclass(frozen=True, slots=True)
class WaitingIdea:
    """An idea that waits for somebody above its team.

    ``words`` are its team's own: what it is waiting for, or the suggestion as it was logged.
    """

    id: int
    title: str
    words: str
    who: str
    level: str
    source: str
    since: datetime
    team_id: int
    team_name: str
    calendar: WorkingCalendar

    @property
    def since_on(self) -> date:
        """The day since which it waits."""
        return clock.local(self.since).date()


@dataclass(frozen=True, slots=True)
class EndedIdea:
    """A finished change or an honest stop, with who had the idea."""

    id: int
    title: str
    lesson: str
    decision: str
    by: str
    team_name: str


@dataclass(frozen=True, slots=True)
class ToldOfMonth:
    """What somebody told, as it was read with the ideas of the month.

    ``kind`` says who, in the words of whoever keeps it; ``waiting`` how many like it wait. An idea
    that it led to, and its team, where there is one.
    """

    words: str
    kind: str
    on: date
    waiting: int
    idea_id: int | None
    team_id: int | None
    team_name: str


@dataclass(frozen=True, slots=True)
class IdeasOfMonth:
    """What waits now, and what finished in the month.

    ``blocked`` need a head of service or a director, the longest first, of ``blocked_count`` in
    all. ``voices`` are open ideas of children, parents and carers, the newest first;
    ``voices_waiting`` of such ideas have no first reply after 28 days. ``decided`` counts the
    month's decisions; ``lesson`` is the newest that taught something. ``stopped`` and ``kept`` are
    the newest that no leader thanked anybody for. ``told`` is kept elsewhere, read with it.
    """

    blocked: tuple[WaitingIdea, ...] = ()
    blocked_count: int = 0
    voices: tuple[WaitingIdea, ...] = ()
    voices_waiting: int = 0
    decided: Mapping[str, int] = field(default_factory=dict)
    lesson: EndedIdea | None = None
    stopped: EndedIdea | None = None
    kept: EndedIdea | None = None
    told: ToldOfMonth | None = None


@dataclass(frozen=True, slots=True)
class VoiceOfMonth:
    """What a child, young person, parent or carer told, as staff may read it.

    ``whose`` is “A young person”; ``answers_waiting`` how many voices have had no answer for 28
    days, in words; “” for none. A leader answers it through the idea that it led to, if any.
    """

    words: str
    whose: str
    month: date
    answers_waiting: str
    idea_id: int | None = None
    team_id: int | None = None
    team_name: str = ""


def first_day_after(month: date) -> date:
    """Return the first day of the month after the one that begins on ``month``."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)

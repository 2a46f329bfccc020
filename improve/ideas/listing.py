"""What lists of ideas and of finished cycles show. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from improve.ideas.board import CardVerdict, SmallTest
from improve.ideas.kinds import TAUGHT, Answerer, Decision, Outcome, Source, Stage
from improve.ideas.page import PersonRef, TeamRef


@dataclass(frozen=True, slots=True)
class SentView:
    """The page after sending an idea: who answers, and by when."""

    id: int
    title: str
    team: TeamRef
    is_on_board: bool
    answerers: tuple[PersonRef, ...]
    answerer: Answerer
    reply_due_on: date
    #: “for Sam until Thu 3 Dec”: of a deputy who answers, on the day it was sent.
    for_words: str = ""


@dataclass(frozen=True, slots=True)
class SimilarIdea:
    """An idea that reads like what is being typed; a stopped one brings its lesson."""

    id: int
    title: str
    stage: Stage
    stage_words: str
    outcome: Outcome | None
    cycle_number: int
    age_words: str
    team_name: str
    lesson: str

    @property
    def has_taught(self) -> bool:
        """Whether it ended with a lesson: to be read and tried again, no more to be supported."""
        return self.outcome in TAUGHT


@dataclass(frozen=True, slots=True)
class ListedIdea:
    """An idea in a list: my ideas, waiting for a reply, all finished."""

    id: int
    title: str
    team: TeamRef
    stage: Stage
    stage_words: str
    outcome: Outcome | None
    cycle_number: int
    who: str
    created_at: datetime
    stage_entered_at: datetime
    finished_at: datetime | None
    age_words: str
    reply_words: str
    lesson: str
    version: int


#: What the chart of a cycle says now, as lists of finished cycles can be narrowed to it.
VERDICT_KINDS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "better": ("Improvement", ("improvement",)),
    "worse": ("It got worse", ("deterioration",)),
    "back": (
        "Moved, then went back",
        ("improvement_not_held", "deterioration_ended", "changed_ended"),
    ),
    "moved": ("Changed, no side is better", ("changed_higher", "changed_lower", "mixed")),
    "unclear": (
        "No clear signal",
        ("no_signal", "too_early", "unusual_point", "no_baseline", "baseline_unstable"),
    ),
    "small": ("Tried small", ()),
    "none": ("No measure", ()),
}


@dataclass(frozen=True, slots=True)
class FinishedFilter:
    """Which decided cycles; nothing chosen keeps all. ``verdict`` is a key of ``VERDICT_KINDS``.

    ``team_id`` goes before ``service_id``, ``driver_id`` before ``aim_id``: the narrower holds.
    """

    team_id: int | None = None
    service_id: int | None = None
    aim_id: int | None = None
    driver_id: int | None = None
    source: Source | None = None
    decided_from: date | None = None
    decided_to: date | None = None
    decision: Decision | None = None
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class PeriodCounts:
    """What stands beside finished cycles: of the same days and teams, and what waits there now.

    ``staff`` and ``took_part`` are None where a group is too small to be told of.
    """

    family_ideas: int
    family_waiting: int
    blocked_service: int
    blocked_director: int
    staff: int | None
    took_part: int | None


@dataclass(frozen=True, slots=True)
class FinishedCycle:
    """A cycle that was decided, as the review lists it.

    ``verdict`` is the one now, ``decided_verdict`` the one when it was decided: show both where
    their codes differ. Both are None for a small test without a chart. ``beside`` and
    ``decided_beside`` are those of what might get worse: never show the first without it.
    """

    idea_id: int
    cycle_number: int
    title: str
    team: TeamRef
    who: str
    decision: Decision
    decision_words: str
    decided_at: datetime
    is_small: bool
    small_test: SmallTest | None
    verdict: CardVerdict | None
    decided_verdict: CardVerdict | None
    decided_code: str | None
    lesson: str
    why: str
    adopt_anyway: str
    started_on: date | None
    ended_on: date | None
    beside: CardVerdict | None = None
    decided_beside: CardVerdict | None = None
    source: Source = Source.OWN
    #: How many cycles the idea has had by now.
    cycles: int = 1
    #: Whether the idea itself was kept or stopped, so that another team can take it up.
    is_finished: bool = False
    #: The service of its team, 0 for none.
    service_id: int = 0

    @property
    def has_changed_since_decision(self) -> bool:
        """Whether either verdict is another than when it was decided."""
        pairs = ((self.decided_verdict, self.verdict), (self.decided_beside, self.beside))
        return any(then and (now is None or then.code != now.code) for then, now in pairs)


@dataclass(frozen=True, slots=True)
class FinishedPage:
    """Fifty finished cycles and the true counts of all that the filter keeps."""

    cycles: tuple[FinishedCycle, ...]
    total: int
    kept: int
    changed: int
    stopped: int
    page: int
    size: int = 50
    #: What the list was asked to count besides.
    also: tuple[Any, ...] = ()

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        return self.page * self.size < self.total


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of listed ideas with the true count."""

    ideas: tuple[ListedIdea, ...]
    total: int
    page: int
    size: int = 50

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        return self.page * self.size < self.total

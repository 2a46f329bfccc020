"""What lists of ideas and of finished cycles show. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from improve.ideas.board import CardVerdict, SmallTest
from improve.ideas.kinds import Answerer, Decision, Outcome, Stage
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
    waiting_days: int
    reply_words: str
    lesson: str
    version: int


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

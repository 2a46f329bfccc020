"""What the pages show on which an idea is joined to another. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from improve.ideas.kinds import Outcome, Stage
from improve.ideas.listing import SimilarIdea
from improve.ideas.page import PersonRef, TeamRef


@dataclass(frozen=True, slots=True)
class JoinSide:
    """One of two ideas that are looked at side by side."""

    id: int
    version: int
    title: str
    suggestion: str
    benefit: str
    problem: str
    stage: Stage
    stage_words: str
    outcome: Outcome | None
    cycle_number: int
    author: PersonRef
    team: TeamRef
    is_answered: bool


@dataclass(frozen=True, slots=True)
class JoinSearch:
    """The page on which the other idea is picked.

    ``refusal`` says why nothing can be picked. ``found`` are ideas like it, or those that hold
    the words that were looked for (``is_search``).
    """

    idea: JoinSide
    refusal: str
    words: str
    is_search: bool
    found: tuple[SimilarIdea, ...]


@dataclass(frozen=True, slots=True)
class JoinPair:
    """Both ideas, and why they cannot be joined, if so.

    ``instead`` is the idea that the other one is joined to itself: its id and title.
    """

    idea: JoinSide
    into: JoinSide
    refusal: str
    instead: tuple[int, str] | None = None

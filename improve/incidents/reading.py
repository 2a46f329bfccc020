"""Which step of a report comes next, and who may go on with it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from improve.incidents.confidentiality import Reviewer
from improve.incidents.kinds import StepKind


class Position(StrEnum):
    """What a reviewer is to a report: by opening it, the first or the second reader, or neither."""

    FIRST = "first"
    SECOND = "second"
    NONE = "none"


READERS: Final = (Position.FIRST, Position.SECOND)
#: Two read each report; it is offered to nobody else then.
READERS_OF_ONE: Final = 2


class Step(StrEnum):
    """Steps of a report, in order. Danger, and other routes, are always the first."""

    DANGER = "danger"
    CODING = "coding"
    CALL_BACK = "call_back"
    WORDS = "words"
    SIGN_OFF = "sign_off"
    USE = "use"
    ANSWER = "answer"


STEP_NAMES: Final[Mapping[Step, str]] = {
    Step.DANGER: "Danger and other routes",
    Step.CODING: "Kind and factors",
    Step.CALL_BACK: "Call back",
    Step.WORDS: "What others may read",
    Step.SIGN_OFF: "Sign off",
    Step.USE: "What we do with it",
    Step.ANSWER: "Answer",
}


@dataclass(frozen=True, slots=True)
class Read:
    """What was done with a report so far.

    ``may_call``: the reporter left a way to be called back. ``is_approved``: both readers agreed
    to the same words, or to the theme alone.
    """

    is_safe: bool = False
    is_agreed: bool = False
    may_call: bool = False
    is_called: bool = False
    is_approved: bool = False
    is_ended: bool = False
    is_used: bool = False
    is_answered: bool = False

    @property
    def done(self) -> frozenset[Step]:
        """Steps that are behind it; calling back is, where nobody may be called."""
        found = (
            (Step.DANGER, self.is_safe or self.is_ended),
            (Step.CODING, self.is_agreed or self.is_ended),
            (Step.CALL_BACK, self.is_called or not self.may_call or self.is_ended),
            (Step.WORDS, self.is_approved or self.is_ended),
            (Step.SIGN_OFF, self.is_ended),
            (Step.USE, self.is_used),
            (Step.ANSWER, self.is_answered),
        )
        return frozenset(step for step, is_done in found if is_done)

    @property
    def next(self) -> Step | None:
        """What comes next; None where nothing is left."""
        return next((step for step in Step if step not in self.done), None)


def waited_words(days: int) -> str:
    """Return how long a report is here, by the working days since the day it came.

    No day is named: with none it came today, or since the last working day began.
    """
    if days < 1:
        return "less than a working day here"
    return f"{days:,}\u00a0working {'day' if days == 1 else 'days'} here"


def is_used(
    note: str | None, propose_after: date | None, idea_id: int | None, shown_month: date | None
) -> bool:
    """Return whether something came of what is kept of a report, or is on its way.

    ``propose_after``: the Monday of an idea in fresh words. One whose team was closed has none: it
    waits for a reviewer to choose another. ``shown_month``: since when its words are shown.
    """
    return bool(note) or any(one is not None for one in (propose_after, idea_id, shown_month))


def free_position(taken: Iterable[str]) -> Position:
    """Return what the next reviewer to open it becomes; ``NONE``: two read it already."""
    held = set(taken)
    return next((one for one in READERS if one.value not in held), Position.NONE)


def may_follow(
    reviewer: Reviewer,
    *,
    group_teams: frozenset[int],
    steps: Iterable[tuple[int, StepKind]],
    still_reviewing: Iterable[int],
) -> bool:
    """Return whether a reviewer may go on with a report that was destroyed: use it, answer it.

    ``steps``: who did what with it. Those who read it, as long as they have no membership or line
    in its teams. Where none of them reviews any more, any other reviewer outside these teams who
    never said that they may know it: whoever reported it is owed an answer.
    """
    steps = tuple(steps)
    knowing = {person for person, kind in steps if kind is StepKind.MAY_KNOW}
    read = (StepKind.OPENED, StepKind.READS_WITH)
    readers = {person for person, kind in steps if kind in read} - knowing
    if not reviewer.is_trained or reviewer.teams & group_teams or reviewer.person_id in knowing:
        return False
    return reviewer.person_id in readers or not readers & set(still_reviewing)

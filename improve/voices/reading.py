"""Which question a reader is asked next, and what each answer leads to. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from improve.voices.kinds import State


class Step(StrEnum):
    """Steps of reading, in order. Danger is always the first."""

    DANGER = "danger"
    STAFF = "staff"
    COMPLAINT = "complaint"
    WORDS = "words"
    USE = "use"
    ANSWER = "answer"


STEP_WORDS: Final[Mapping[Step, str]] = {
    Step.DANGER: "Danger",
    Step.STAFF: "About a member of staff",
    Step.COMPLAINT: "Complaint",
    Step.WORDS: "What others may read",
    Step.USE: "What we do with it",
    Step.ANSWER: "Answer",
}
#: The form promises to open within so many working days, and to answer within so many days.
OPEN_DAYS: Final = 1
ANSWER_DAYS: Final = 28
#: After how many days what was written is deleted, unless a council chose.
KEEP_DAYS: Final = 90
#: States in which a voice waits for a reader.
WAITING: Final = (State.WAITING, State.READING, State.AGAIN)
#: Locked away: only readers see that it exists.
LOCKED: Final = (State.SAFEGUARDING, State.ALLEGATION)
#: As rows keep them: what nobody but readers hears of, locked away or set aside.
FOR_READERS_ALONE: Final = tuple(state.value for state in (*LOCKED, State.SET_ASIDE))


@dataclass(frozen=True)
class Read:
    """What readers have said of a voice so far; None: not asked yet."""

    is_danger: bool | None = None
    is_about_staff: bool | None = None
    is_complaint: bool | None = None
    is_settled: bool = False
    is_used: bool = False
    is_answered: bool = False


def next_step(read: Read) -> Step | None:
    """Return what is asked next; None when it is locked, or nothing is left."""
    if read.is_danger is None:
        return Step.DANGER
    if read.is_danger or read.is_about_staff:
        return None
    asked = (
        (Step.STAFF, read.is_about_staff is None),
        (Step.COMPLAINT, read.is_complaint is None),
        (Step.WORDS, not read.is_settled),
        (Step.USE, not read.is_used),
        (Step.ANSWER, not read.is_answered),
    )
    return next((step for step, is_open in asked if is_open), None)


def deleted_on(came_on: date, keep_days: int) -> date:
    """Return the day on which what was written is deleted for good."""
    return came_on + timedelta(days=keep_days)

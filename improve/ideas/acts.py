"""What was done to an idea on a board, told to whoever above wants to know. Pure.

Published by the services of ideas after the write, in the same transaction. An idea that is not on
its team's board is nobody else's business: acts on it are not told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from improve.accounts.actor import Actor
from improve.ideas.kinds import OUTCOME_WORDS, REPLY_WORDS, STAGE_WORDS, Outcome, ReplyKind, Stage
from improve.shared.formatting import day

ActKind = Literal["replied", "moved", "blocked", "unblocked"]


@dataclass(frozen=True, slots=True)
class IdeaActed:
    """One act of ``actor``: a first reply, a move, a mark that it is blocked, or that mark gone.

    ``words`` say it as a line of notes does, without the title and without who: “Moved to Study”,
    “Replied: We will try it”, “Blocked: the form is with IT. IT lead can help”. ``stage``,
    ``cycle_number`` and ``outcome`` are those after the act. A first reply of “not now” is told
    once, as “moved” with that outcome, since the reply is the move.
    """

    actor: Actor
    idea_id: int
    team_id: int
    title: str
    kind: ActKind
    words: str
    stage: Stage
    cycle_number: int
    outcome: Outcome | None


def replied_words(kind: ReplyKind) -> str:
    """Return a first reply as a line of notes; its own words are read on the idea."""
    return f"Replied: {REPLY_WORDS[kind]}"


def moved_words(
    stage: Stage, outcome: Outcome | None, *, cycle_number: int, is_new_cycle: bool
) -> str:
    """Return a move as a line of notes: “Moved to Study”, “Kept”, “Cycle 2 begins in Plan”."""
    if outcome is not None:
        return OUTCOME_WORDS[outcome]
    if is_new_cycle:
        return f"Cycle {cycle_number} begins in {STAGE_WORDS[stage]}"
    return f"Moved to {STAGE_WORDS[stage]}"


def not_now_words(look_again_on: date | None) -> str:
    """Return “Not now. Look again on Thu 3 Dec”."""
    words = OUTCOME_WORDS[Outcome.NOT_NOW]
    return f"{words}. Look again on {day(look_again_on)}" if look_again_on else words


def undone_words(stage: Stage) -> str:
    """Return a move taken back as a line of notes."""
    return f"Took the last move back: in {STAGE_WORDS[stage]} again"


def blocked_words(reason: str, who: str) -> str:
    """Return “Blocked: <why>. <who> can help”."""
    ended = reason if reason.endswith((".", "?", "!")) else f"{reason}."
    return f"Blocked: {ended} {who} can help"


#: A mark that is gone, as a line of notes.
UNBLOCKED_WORDS = "Not blocked any more"

"""The words that people use in improvement logs, and what they mean here. Pure.

What is not known is asked, never guessed: a row whose status says nothing plain needs a look.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from improve.ideas.kinds import Outcome, Stage


class Role(StrEnum):
    """What a column of a log holds."""

    IDEA = "idea"
    HAPPENED = "happened"
    LOGGED_ON = "logged_on"
    WHO = "who"
    STATUS = "status"
    OUTCOME = "outcome"
    LESSON = "lesson"
    ENDED_ON = "ended_on"


ROLE_WORDS: Final[Mapping[Role, str]] = {
    Role.IDEA: "The idea",
    Role.HAPPENED: "What happened",
    Role.LOGGED_ON: "Date logged",
    Role.WHO: "Who had it",
    Role.STATUS: "Status",
    Role.OUTCOME: "Outcome",
    Role.LESSON: "What was learned",
    Role.ENDED_ON: "Date it ended",
}
#: Names that such columns have, the telling ones first. A name counts whole, then as a part.
_NAMES: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.IDEA: (
        *("idea", "suggestion", "change idea", "improvement", "title", "proposal", "change"),
        *("description", "what do you suggest", "action"),
    ),
    Role.HAPPENED: (
        *("what happened", "result", "results", "update", "progress", "notes", "comments"),
        *("what we did", "action taken"),
    ),
    Role.LOGGED_ON: (
        *("date logged", "date raised", "logged on", "raised on", "date", "logged", "when"),
        *("date added", "submitted"),
    ),
    Role.WHO: (
        *("who", "who had it", "name", "raised by", "logged by", "suggested by", "author", "owner"),
        *("by", "lead", "submitted by"),
    ),
    Role.STATUS: ("status", "stage", "state", "rag"),
    Role.OUTCOME: ("outcome", "decision", "how it ended", "impact"),
    Role.LESSON: (
        "lesson",
        "lessons",
        "what was learned",
        "learned",
        "learning",
        "lessons learned",
    ),
    Role.ENDED_ON: (
        *("date ended", "date it ended", "date closed", "closed on", "date completed", "completed"),
        *("finished on", "ended", "end date"),
    ),
}
#: Roles are looked for in this order, so that “Date closed” is not taken for “Date”.
_ORDER: Final = (
    Role.ENDED_ON,
    Role.LOGGED_ON,
    Role.LESSON,
    Role.STATUS,
    Role.OUTCOME,
    Role.WHO,
    Role.HAPPENED,
    Role.IDEA,
)

Landing = tuple[Stage, Outcome | None]

_NEW: Final = (Stage.SUGGESTED, None)
_GOING_ON: Final = (Stage.PLAN, None)
_KEPT: Final = (Stage.DONE, Outcome.ADOPTED)
_STOPPED: Final = (Stage.DONE, Outcome.ABANDONED)
_NOT_NOW: Final = (Stage.DONE, Outcome.NOT_NOW)
_QUICK: Final = (Stage.DONE, Outcome.QUICK_FIX)

_LANDINGS: Final[Mapping[Landing, tuple[str, ...]]] = {
    _NEW: (
        *("new", "open", "idea", "ideas", "suggested", "suggestion", "to do", "todo", "backlog"),
        *("not started", "logged", "waiting", "proposed", "raised", "submitted", "pending"),
    ),
    _GOING_ON: (
        *("in progress", "going on", "started", "ongoing", "on going", "live", "trying"),
        *("testing", "being tested", "pilot", "piloting", "plan", "planning", "planned", "doing"),
        *("do", "study", "act", "active", "underway", "under way", "wip", "amber", "trialling"),
    ),
    _KEPT: (
        *("kept", "keep", "adopted", "adopt", "implemented", "embedded", "done", "complete"),
        *(
            "completed",
            "finished",
            "successful",
            "success",
            "standard practice",
            "business as usual",
        ),
        *("bau", "adapted", "accepted and done"),
    ),
    _STOPPED: (
        *("stopped", "stop", "abandoned", "abandon", "dropped", "cancelled", "canceled", "ended"),
        *("did not work", "didn't work", "didn’t work", "discontinued", "unsuccessful", "failed"),
    ),
    _NOT_NOW: (
        *("not now", "on hold", "hold", "parked", "deferred", "paused", "rejected", "declined"),
        *("not taken forward", "later", "no"),
    ),
    _QUICK: ("quick fix", "quick win", "just do it", "just did it", "fixed"),
}
_BY_WORD: Final[Mapping[str, Landing]] = {
    word: landing for landing, words in _LANDINGS.items() for word in words
}
#: Says that it ended, and not how.
_CLOSED: Final = frozenset({"closed", "close", "archived", "resolved"})
LANDING_WORDS: Final[Mapping[Landing, str]] = {
    _NEW: "Ideas, waits for a first reply from today",
    _GOING_ON: "Plan, counted from today",
    _KEPT: "Done: kept",
    _STOPPED: "Done: stopped",
    _NOT_NOW: "Done: not now",
    _QUICK: "Done: quick fix",
}
STATUS_HINT: Final = "Write new, in progress, kept, stopped, not now or quick fix."


def plain(text: str) -> str:
    """Return a text as it is compared: lower case, single blanks, no marks around it."""
    return re.sub(r"\s+", " ", text.casefold()).strip(" .:;!?-–—_*\"'“”‘’()[]")


def guess_columns(names: tuple[str, ...]) -> dict[Role, int]:
    """Return where each role most likely stands, by the names of the columns; no column twice."""
    said = [plain(name) for name in names]
    found: dict[Role, int] = {}
    for is_whole in (True, False):
        for role in _ORDER:
            if role in found:
                continue
            for known in _NAMES[role]:
                at = _place(said, known, set(found.values()), is_whole=is_whole)
                if at is not None:
                    found[role] = at
                    break
    return found


def _place(said: list[str], known: str, taken: set[int], *, is_whole: bool) -> int | None:
    if not is_whole and len(known) < 4:
        return None
    for at, name in enumerate(said):
        fits = name == known if is_whole else bool(re.search(rf"\b{re.escape(known)}\b", name))
        if at not in taken and fits:
            return at
    return None


def landing_of(status: str, outcome: str) -> tuple[Landing | None, str]:
    """Return where a row lands, and the word that nobody could place (“” for none).

    The outcome decides where it names an ending; else the status. An outcome in free words decides
    nothing, an unknown status is asked about. “Closed” alone does not say how it ended.
    """
    by_status = _BY_WORD.get(plain(status))
    by_outcome = _BY_WORD.get(plain(outcome))
    ends = by_outcome is not None and by_outcome[0] is Stage.DONE
    if plain(status) in _CLOSED or (not plain(status) and plain(outcome) in _CLOSED):
        return (by_outcome, "") if ends else (None, status.strip() or outcome.strip())
    if plain(status) and by_status is None:
        return None, status.strip()
    if ends and (by_status is None or by_status[0] is Stage.DONE):
        return by_outcome, ""
    if by_status is None:
        return by_outcome or _NEW, ""
    return by_status, ""


def is_landing_word(text: str) -> bool:
    """Return whether a text only says how it ended, and tells nothing more."""
    return plain(text) in _BY_WORD or plain(text) in _CLOSED

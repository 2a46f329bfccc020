"""The parts of a huddle, and the kinds of what is said in it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Part(StrEnum):
    """One part of a huddle, as it stands in its address."""

    DUE = "due"
    NEW = "new"
    STUCK = "stuck"
    STUDY = "study"
    SIGNALS = "signals"
    BLOCKED = "blocked"
    HARD = "hard"
    CLOSE = "close"
    #: The two questions of a short huddle, in a busy time.
    TODAY = "today"
    HELP = "help"


#: The seven parts of a team that has chosen nothing, in order.
USUAL_PARTS: Final = (
    Part.DUE,
    Part.NEW,
    Part.STUCK,
    Part.STUDY,
    Part.SIGNALS,
    Part.BLOCKED,
    Part.CLOSE,
)
#: Parts that a team may order or drop; closing is always the last.
CHOOSABLE_PARTS: Final = (*USUAL_PARTS[:-1], Part.HARD)
#: The two questions of a huddle in a busy time, and the close.
SHORT_PARTS: Final = (Part.TODAY, Part.HELP, Part.CLOSE)

PART_WORDS: Final[Mapping[Part, str]] = {
    Part.DUE: "Last actions",
    Part.NEW: "New ideas",
    Part.STUCK: "Stuck or pinned",
    Part.STUDY: "Due to study",
    Part.SIGNALS: "Numbers",
    Part.BLOCKED: "Blocked",
    Part.HARD: "What made it hard",
    Part.CLOSE: "Thanks and close",
    Part.TODAY: "What is in the way?",
    Part.HELP: "Who needs help?",
}


class DecisionKind(StrEnum):
    """What a line under “What we decided” is; all but ``SAID`` note an act in the product."""

    SAID = "said"
    REPLIED = "replied"
    MOVED = "moved"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    GO_ON = "go_on"


class Kept(StrEnum):
    """Whether the hour that a team protects for this happened."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"

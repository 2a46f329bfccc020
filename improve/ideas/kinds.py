"""The kinds an idea is made of: stages, endings, sources, and how each is said. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """Where an idea is: the one stored stage."""

    SUGGESTED = "suggested"
    PLAN = "plan"
    DO = "do"
    STUDY = "study"
    ACT = "act"
    DONE = "done"


class Outcome(StrEnum):
    """How an idea ended."""

    ADOPTED = "adopted"
    ABANDONED = "abandoned"
    NOT_NOW = "not_now"
    QUICK_FIX = "quick_fix"
    JOINED = "joined"
    WITHDRAWN = "withdrawn"


#: The endings that teach something: what was put off, joined or taken back has no page.
TAUGHT: Final[tuple[Outcome, ...]] = (Outcome.ADOPTED, Outcome.ABANDONED, Outcome.QUICK_FIX)


class Decision(StrEnum):
    """How a cycle ended. On screen: Keep, Change, Stop."""

    ADOPT = "adopt"
    ADAPT = "adapt"
    ABANDON = "abandon"


class ReplyKind(StrEnum):
    """What a first reply says beside its words."""

    WILL_TRY = "will_try"
    NEED_TO_KNOW = "need_to_know"
    NOT_NOW = "not_now"


class PredictionHeld(StrEnum):
    """Whether what was expected came true."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class AsPlanned(StrEnum):
    """Whether it was tried the way it was planned."""

    YES = "yes"
    MOSTLY = "mostly"
    NO = "no"


class Answerer(StrEnum):
    """Who is asked for the first reply."""

    MANAGER = "manager"
    COACH = "coach"


class HowKnown(StrEnum):
    """How a small test is counted."""

    TAP = "tap"
    WRITE = "write"


class Source(StrEnum):
    """Where an idea came from. Never a sign of a confidential report."""

    OWN = "own"
    CHILD = "child"
    PARENT_OR_CARER = "parent_or_carer"
    WENT_WRONG = "went_wrong"
    AUDIT = "audit"
    SUPERVISION = "supervision"
    COMPLAINT_OR_COMPLIMENT = "complaint_or_compliment"
    LEARNING_REVIEW = "learning_review"
    REVIEWING_OFFICER = "reviewing_officer"
    PARTNER = "partner"
    FOSTER_OR_KINSHIP_CARER = "foster_or_kinship_carer"
    ANOTHER_TEAM = "another_team"


class Way(StrEnum):
    """One thing a person may choose in the move form; what it posts as ``to``."""

    SUGGESTED = "suggested"
    PLAN = "plan"
    DO = "do"
    STUDY = "study"
    ACT = "act"
    KEEP = "keep"
    CHANGE = "change"
    STOP = "stop"
    NOT_NOW = "not_now"
    QUICK_FIX = "quick_fix"
    WITHDRAW = "withdraw"
    BRING_BACK = "bring_back"
    AGAIN = "again"
    #: Found to be the same as another: only ``service.join`` goes this way.
    JOIN = "join"


class Unblocker(StrEnum):
    """At which level somebody is needed for an idea to go on."""

    TEAM = "team"
    SERVICE = "service"
    DIRECTOR = "director"
    ANOTHER_TEAM = "another_team"
    PARTNER = "partner"


class FollowReason(StrEnum):
    """Why somebody hears of an idea."""

    AUTHOR = "author"
    LEAD = "lead"
    MEMBER = "member"
    COMMENTED = "commented"
    SUPPORTED = "supported"
    MENTIONED = "mentioned"
    JOINED = "joined"
    CHOSE = "chose"


UNBLOCKER_WORDS: Final[Mapping[Unblocker, str]] = {
    Unblocker.TEAM: "Our own manager",
    Unblocker.SERVICE: "A head of service",
    Unblocker.DIRECTOR: "A director",
    Unblocker.ANOTHER_TEAM: "Another team of the council",
    Unblocker.PARTNER: "A partner, such as a school or the NHS",
}
STAGE_WORDS: Final[Mapping[Stage, str]] = {
    Stage.SUGGESTED: "Ideas",
    Stage.PLAN: "Plan",
    Stage.DO: "Do",
    Stage.STUDY: "Study",
    Stage.ACT: "Act",
    Stage.DONE: "Done",
}
STAGE_HINTS: Final[Mapping[Stage, str]] = {
    Stage.SUGGESTED: "New suggestions. One or two sentences is enough.",
    Stage.PLAN: "Decide what to try: what, who, till when, what you expect.",
    Stage.DO: "Try it small. One worker, or up to five families.",
    Stage.STUDY: "Look at what happened. Ideas come here on their study date.",
    Stage.ACT: "Keep it, change it or stop.",
    Stage.DONE: "What was kept, and what was stopped and taught us something.",
}
OUTCOME_WORDS: Final[Mapping[Outcome, str]] = {
    Outcome.ADOPTED: "Kept",
    Outcome.ABANDONED: "Stopped",
    Outcome.NOT_NOW: "Not now",
    Outcome.QUICK_FIX: "Quick fix",
    Outcome.JOINED: "Joined to another idea",
    Outcome.WITHDRAWN: "Withdrawn",
}
DECISION_WORDS: Final[Mapping[Decision, str]] = {
    Decision.ADOPT: "Keep",
    Decision.ADAPT: "Change",
    Decision.ABANDON: "Stop",
}
REPLY_WORDS: Final[Mapping[ReplyKind, str]] = {
    ReplyKind.WILL_TRY: "We will try it",
    ReplyKind.NEED_TO_KNOW: "We need to know more",
    ReplyKind.NOT_NOW: "Not now, because",
}
SOURCE_WORDS: Final[Mapping[Source, str]] = {
    Source.OWN: "My own idea",
    Source.CHILD: "A child or young person",
    Source.PARENT_OR_CARER: "A parent, carer or family",
    Source.WENT_WRONG: "Something that went wrong",
    Source.AUDIT: "An audit or practice week",
    Source.SUPERVISION: "Supervision or a team talk",
    Source.COMPLAINT_OR_COMPLIMENT: "A complaint or compliment",
    Source.LEARNING_REVIEW: "A learning review",
    Source.REVIEWING_OFFICER: "A reviewing officer",
    Source.PARTNER: "A partner agency",
    Source.FOSTER_OR_KINSHIP_CARER: "A foster or kinship carer",
    Source.ANOTHER_TEAM: "Another team’s learning",
}
#: Offered at once; the others stand under “More”.
FIRST_SOURCES: Final = (Source.OWN, Source.CHILD, Source.PARENT_OR_CARER, Source.WENT_WRONG)

#: Days that are usual in a stage until a team has finished enough ideas to know its own.
#: The flow policy of the board: 28/45/21/14 days; Ideas in working days.
USUAL_DAYS: Final[Mapping[Stage, int]] = {
    Stage.PLAN: 28,
    Stage.DO: 45,
    Stage.STUDY: 21,
    Stage.ACT: 14,
}
REPLY_WORKING_DAYS: Final = 2
UNDO_HOURS: Final = 24


def unblocker_words(code: str) -> str:
    """Return at which level somebody is needed; “” where that is not said."""
    return UNBLOCKER_WORDS[Unblocker(code)] if code else ""

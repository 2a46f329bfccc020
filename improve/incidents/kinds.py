"""The plain kinds that a report is made of, and how screens say them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What kind of thing happened. No order of harm: what went well counts as much."""

    NEAR_MISS = "near_miss"
    NO_HARM = "no_harm"
    SOME_HARM = "some_harm"
    WENT_WELL = "went_well"


KIND_WORDS: Final[Mapping[Kind, str]] = {
    Kind.NEAR_MISS: "Something nearly went wrong",
    Kind.NO_HARM: "Something went wrong, and nobody was harmed",
    Kind.SOME_HARM: "Something went wrong, with some harm",
    Kind.WENT_WELL: "Something went well, or was caught",
}


class Safe(StrEnum):
    """Question 0: is every child in this safe now?"""

    YES = "yes"
    TOLD = "told"
    NO = "no"


SAFE_WORDS: Final[Mapping[Safe, str]] = {
    Safe.YES: "Yes, or no child was involved",
    Safe.TOLD: "Someone responsible has been told and is acting",
    Safe.NO: "No, or I don’t know",
}


class When(StrEnum):
    """Roughly when."""

    WEEK = "week"
    MONTH = "month"
    EARLIER = "earlier"


WHEN_WORDS: Final[Mapping[When, str]] = {
    When.WEEK: "This week",
    When.MONTH: "This month",
    When.EARLIER: "Earlier",
}


class WayIn(StrEnum):
    """By which door: confidential from inside, anonymous by a link without sign-in."""

    INSIDE = "inside"
    LINK = "link"


class State(StrEnum):
    """Where a report is with its reviewers."""

    WAITING = "waiting"
    READING = "reading"
    #: It belongs to another route, and was sent out; a stub is kept.
    PASSED_ON = "passed_on"
    SIGNED_OFF = "signed_off"
    #: Nobody signed it off in time: the published schedule destroyed it.
    LAPSED = "lapsed"


#: What was destroyed: nobody can open it any more.
ENDED: Final = frozenset({State.PASSED_ON, State.SIGNED_OFF, State.LAPSED})


class Route(StrEnum):
    """Where something goes that is not for this scheme."""

    SAFEGUARDING = "safeguarding"
    SERIOUS_INCIDENT = "serious_incident"
    ALLEGATION = "allegation"
    DATA_BREACH = "data_breach"
    WHISTLE_BLOWING = "whistle_blowing"


ROUTE_WORDS: Final[Mapping[Route, str]] = {
    Route.SAFEGUARDING: "A child may be at risk: safeguarding, at once",
    Route.SERIOUS_INCIDENT: "A child died or was seriously harmed: the serious incident route",
    Route.ALLEGATION: "An allegation about someone who works with children: the LADO",
    Route.DATA_BREACH: "A personal data breach: the data protection officer, the same day",
    Route.WHISTLE_BLOWING: "Wrongdoing or a grievance: their own routes",
}


class StepKind(StrEnum):
    """What a reviewer did with a report."""

    OPENED = "opened"
    MAY_KNOW = "may_know"
    NO_DANGER = "no_danger"
    TOLD = "told"
    PASSED_ON = "passed_on"
    ALERTED = "alerted"
    CODED = "coded"
    AGREED = "agreed"
    CONTACT_OPENED = "contact_opened"
    CALLED_BACK = "called_back"
    ASKED = "asked"
    WROTE = "wrote"
    JOINED = "joined"
    READS_WITH = "reads_with"
    HELD = "held"
    MADE_STRICT = "made_strict"
    APPROVED = "approved"
    SIGNED_OFF = "signed_off"
    LAPSED = "lapsed"
    FROZEN = "frozen"
    THAWED = "thawed"
    USED = "used"
    ANSWERED = "answered"


STEP_WORDS: Final[Mapping[StepKind, str]] = {
    StepKind.OPENED: "Opened it",
    StepKind.MAY_KNOW: "Said “I may know this”",
    StepKind.NO_DANGER: "Looked for danger and for other routes: none",
    StepKind.TOLD: "Noted by which route it goes, and whom they told",
    StepKind.PASSED_ON: "Sent it to another route",
    StepKind.ALERTED: "Told the owner of a system of a hazard",
    StepKind.CODED: "Coded kind and factors",
    StepKind.AGREED: "Agreed on kind and factors",
    StepKind.CONTACT_OPENED: "Opened how to call back",
    StepKind.CALLED_BACK: "Called back, and read the words out",
    StepKind.ASKED: "Asked whoever reported it",
    StepKind.WROTE: "Changed the words for others",
    StepKind.JOINED: "Joined it to another of the same event",
    StepKind.READS_WITH: "May read it, since it was joined to another",
    StepKind.HELD: "Held it, or ended the holding",
    StepKind.MADE_STRICT: "Changed how strictly it is told",
    StepKind.APPROVED: "Agreed to the words for others",
    StepKind.SIGNED_OFF: "Signed it off: it was destroyed",
    StepKind.LAPSED: "The schedule destroyed it",
    StepKind.FROZEN: "Kept it as it is, by a lawful order",
    StepKind.THAWED: "Ended the keeping by a lawful order",
    StepKind.USED: "Said what comes of it",
    StepKind.ANSWERED: "Answered whoever reported it",
}

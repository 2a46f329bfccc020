"""The plain kinds that a voice is made of, and how screens of staff say them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Speaker(StrEnum):
    """Who tells."""

    CHILD = "child"
    YOUNG_PERSON = "young_person"
    PARENT_OR_CARER = "parent_or_carer"
    CARE_LEAVER = "care_leaver"
    #: Somebody writes for one of them: whose words they are is asked next.
    HELPER = "helper"


SPEAKER_WORDS: Final[Mapping[Speaker, str]] = {
    Speaker.CHILD: "A child",
    Speaker.YOUNG_PERSON: "A young person",
    Speaker.PARENT_OR_CARER: "A parent or carer",
    Speaker.CARE_LEAVER: "A care leaver",
    Speaker.HELPER: "Someone helping",
}


class AgeBand(StrEnum):
    """How old, where it was said."""

    TO_7 = "7"
    TO_11 = "8-11"
    TO_15 = "12-15"
    FROM_16 = "16"


AGE_WORDS: Final[Mapping[AgeBand, str]] = {
    AgeBand.TO_7: "7 and under",
    AgeBand.TO_11: "8 to 11",
    AgeBand.TO_15: "12 to 15",
    AgeBand.FROM_16: "16 and over",
}


class Wording(StrEnum):
    """Which of the three wordings they were asked in."""

    YOUNGER = "younger"
    OLDER = "older"
    ADULT = "adult"


def wording_for(speaker: Speaker, age: AgeBand | None) -> Wording:
    """Return how to speak to somebody: younger up to eleven, then older, then adults.

    Of a child nothing is known but that they call themselves one: younger.
    """
    if speaker in {Speaker.PARENT_OR_CARER, Speaker.CARE_LEAVER}:
        return Wording.ADULT
    if age in {AgeBand.TO_7, AgeBand.TO_11}:
        return Wording.YOUNGER
    if age is None and speaker is Speaker.CHILD:
        return Wording.YOUNGER
    return Wording.OLDER


#: Faces to choose from.
SCALES: Final[Mapping[Wording, int]] = {Wording.YOUNGER: 3, Wording.OLDER: 5, Wording.ADULT: 5}
#: How a rating reads, best first, by how many there are.
RATING_WORDS: Final[Mapping[int, tuple[str, ...]]] = {
    3: ("Good", "OK", "Not good"),
    5: ("Really good", "Good", "OK", "Not good", "Really bad"),
}
#: Up to which rating an answer counts as “good or better”.
GOOD_UP_TO: Final[Mapping[int, int]] = {3: 1, 5: 2}


class Topic(StrEnum):
    """What it is about; the form says each in the words of its wording."""

    HOME = "home"
    SOCIAL_WORKER = "social_worker"
    PLAN = "plan"
    MEETINGS = "meetings"
    FAMILY_TIME = "family_time"
    SCHOOL = "school"
    FIRST_CONTACT = "first_contact"
    VISITS = "visits"
    BEING_LISTENED_TO = "being_listened_to"
    ELSE = "else"


TOPIC_WORDS: Final[Mapping[Topic, str]] = {
    Topic.HOME: "home",
    Topic.SOCIAL_WORKER: "their social worker",
    Topic.PLAN: "the plan",
    Topic.MEETINGS: "meetings",
    Topic.FAMILY_TIME: "family time",
    Topic.SCHOOL: "school",
    Topic.FIRST_CONTACT: "getting in touch",
    Topic.VISITS: "visits",
    Topic.BEING_LISTENED_TO: "being listened to",
    Topic.ELSE: "something else",
}
#: What each wording offers, in order; “something else” last.
TOPICS: Final[Mapping[Wording, tuple[Topic, ...]]] = {
    Wording.YOUNGER: (
        Topic.HOME,
        Topic.SOCIAL_WORKER,
        Topic.PLAN,
        Topic.MEETINGS,
        Topic.FAMILY_TIME,
        Topic.SCHOOL,
        Topic.ELSE,
    ),
    Wording.OLDER: (
        Topic.HOME,
        Topic.SOCIAL_WORKER,
        Topic.PLAN,
        Topic.MEETINGS,
        Topic.FAMILY_TIME,
        Topic.SCHOOL,
        Topic.ELSE,
    ),
    Wording.ADULT: (
        Topic.FIRST_CONTACT,
        Topic.VISITS,
        Topic.MEETINGS,
        Topic.PLAN,
        Topic.HOME,
        Topic.BEING_LISTENED_TO,
        Topic.ELSE,
    ),
}


class MayShow(StrEnum):
    """Whether their words may be shown to others; not knowing is read as no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class WayIn(StrEnum):
    """How it came."""

    WEB = "web"
    PAPER = "paper"
    SURVEY = "survey"


WAY_IN_WORDS: Final[Mapping[WayIn, str]] = {
    WayIn.WEB: "web form",
    WayIn.PAPER: "paper, typed in",
    WayIn.SURVEY: "survey",
}


class State(StrEnum):
    """Where a voice is with its readers."""

    WAITING = "waiting"
    READING = "reading"
    #: Locked: a danger was passed to duty, an allegation to the designated officer.
    SAFEGUARDING = "safeguarding"
    ALLEGATION = "allegation"
    #: Read, its words settled; the answer is still owed.
    TO_ANSWER = "to_answer"
    ANSWERED = "answered"
    #: The person said that we did not get it right: it waits again.
    AGAIN = "again"
    #: Nobody's words: sent by a machine, or empty of any meaning.
    SET_ASIDE = "set_aside"


class StepKind(StrEnum):
    """What a reader did."""

    OPENED = "opened"
    DANGER_NO = "danger_no"
    DANGER_YES = "danger_yes"
    STAFF_NO = "staff_no"
    STAFF_YES = "staff_yes"
    COMPLAINT_NO = "complaint_no"
    COMPLAINT_YES = "complaint_yes"
    ENGLISH = "english"
    WORDS_SETTLED = "words_settled"
    #: Settled words are being changed: nobody else reads them until they are settled anew.
    WORDS_REOPENED = "words_reopened"
    #: “Could their own worker tell?” is asked of another reader.
    SECOND_READER = "second_reader"
    THEME_CHOSEN = "theme_chosen"
    THEME_ONLY = "theme_only"
    THANKS_PASSED_ON = "thanks_passed_on"
    IDEA_STARTED = "idea_started"
    IDEA_LINKED = "idea_linked"
    GIVEN_TO_TEAM = "given_to_team"
    PASSED_ON = "passed_on"
    HIDDEN = "hidden"
    SHOWN_AGAIN = "shown_again"
    ANSWERED = "answered"
    SET_ASIDE = "set_aside"
    REPLY_READ = "reply_read"


class Ending(StrEnum):
    """What came of what somebody said, as everybody may read it."""

    KEPT = "kept"
    CHANGED = "changed"
    STOPPED = "stopped"
    TRYING = "trying"
    LISTENING = "listening"

"""What people are told of, why, and how a notice reads. Pure.

A notice says what happened to an idea and who did it, who says thank you, or who asks for
something. Its facts hold names and codes, never the words a person wrote: those are read on the
page itself.

Whoever tells (``notifications.service.tell``) gives the people as ids, or as a mapping of id to
``Why`` where people are told for reasons that differ; ``subject_id`` is the id of what the kind is
about (``subject_of``); ``facts`` hold at least ``title`` (of the idea, or what the list shows as
the link) and ``by`` (a first name). A few kinds read more:

=================  ====================================================================
``MOVED`` (back)   ``to``: a stage as boards say it
``DECIDED``        ``decision``: adopt, adapt or abandon
``TEAM_CHANGED``   ``change``: renamed, joined, closed or moved (the idea went to ``title``)
``SPREAD_BEGAN``   ``team``: the name of the team that tries it
``LEADER_READ``    ``has_words``: whether they wrote anything
``REPORT_REVIEWER`` ``who``: whose training was entered
``VOICES_TRAINED``  ``who``: whose training was entered
``OUT_OF_PUBLIC``  ``because``: ending, taken down, or nothing where its page was changed
``DEPUTY_NAMED``   ``days``: “from Mon 2 to Fri 6 Nov”, or nothing
about a team       ``slug`` of the team, for the link to its board
about a voice      ``key`` of the voice; its subject is the step by which it was given on
=================  ====================================================================

What nobody did (a reminder of the night) is told with ``tell_by_itself`` and no ``by``.
``accounts`` stands below this package: it publishes ``accounts.told.PeopleTold``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class NoticeKind(StrEnum):
    """What somebody is told."""

    FIRST_REPLY = "first_reply"
    MOVED = "moved"
    MOVED_BACK = "moved_back"
    DECIDED = "decided"
    NOT_NOW = "not_now"
    QUICK_FIX = "quick_fix"
    BROUGHT_BACK = "brought_back"
    WITHDRAWN = "withdrawn"
    COMMENTED = "commented"
    MENTIONED = "mentioned"
    UNDONE = "undone"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    LEAD_CHOSEN = "lead_chosen"
    WORDS_ADDED = "words_added"
    #: Two ideas of the same thing became one, and were taken apart again.
    JOINED = "joined"
    SPLIT = "split"
    COACH_ASKED = "coach_asked"
    COACH_ANSWERED = "coach_answered"
    #: For whoever should reply: a coach can answer or help.
    COACH_OFFERED = "coach_offered"
    REPLY_REMINDER = "reply_reminder"
    NEEDS_LEAD = "needs_lead"
    #: Words are hidden at once, and later taken out or shown again.
    WORDS_HIDDEN = "words_hidden"
    WORDS_REMOVED = "words_removed"
    GUEST_INVITED = "guest_invited"
    #: Its subject is the thank-you, not an idea.
    THANKED = "thanked"
    #: Its subject is the action.
    ACTION_GIVEN = "action_given"
    #: Their subject is the team.
    TEAM_CHANGED = "team_changed"
    BUSY_ANSWERED = "busy_answered"
    DEPUTY_NAMED = "deputy_named"
    #: Its subject is the page that was shared.
    SUPERVISION_SHARED = "supervision_shared"
    #: Their subject is the answer: a leader answered what a team asked, and says what came of it.
    LEADER_ANSWERED = "leader_answered"
    LEADER_TOLD = "leader_told"
    #: A leader read how a cycle ended, and may have written to its people.
    LEADER_READ = "leader_read"
    #: Another team begins to try it; and half a year after it was kept somebody looks again.
    SPREAD_BEGAN = "spread_began"
    SUSTAIN_DUE = "sustain_due"
    #: For whoever let the public read what an idea taught: it is out of public again.
    OUT_OF_PUBLIC = "out_of_public"
    #: What a child or a family told: thanks for one worker, and words given to a team.
    VOICE_THANKS = "voice_thanks"
    VOICE_GIVEN = "voice_given"
    #: For readers on cover: how many wait, or may speak of danger. Its subject is the council.
    VOICES_WAIT = "voices_wait"
    #: For all staff: the monthly note about reports, read on its page. Its subject is the note.
    REPORT_NOTE = "report_note"
    #: For reviewers: what staff read of a report may identify someone. Its subject is the council.
    REPORT_HIDDEN = "report_hidden"
    #: For reviewers: somebody else's training was entered. Its subject is the council.
    REPORT_REVIEWER = "report_reviewer"
    #: For voices readers: somebody else's training was entered. Its subject is the council.
    VOICES_TRAINED = "voices_trained"


class Subject(StrEnum):
    """What the ``subject_id`` of a notice is the id of."""

    IDEA = "idea"
    THANKS = "thanks"
    ACTION = "action"
    TEAM = "team"
    SUPERVISION = "supervision"
    ANSWER = "answer"
    VOICE = "voice"
    DESK = "desk"
    REPORT_DESK = "report_desk"
    REPORT_HIDDEN = "report_hidden"
    REPORT_NOTE = "report_note"


class Why(StrEnum):
    """Why somebody is told. The first eight are the reasons somebody follows an idea for."""

    AUTHOR = "author"
    LEAD = "lead"
    MEMBER = "member"
    COMMENTED = "commented"
    SUPPORTED = "supported"
    MENTIONED = "mentioned"
    JOINED = "joined"
    CHOSE = "chose"
    #: Asked of this person: an action, a reply, a lead.
    ASKED = "asked"
    THANKED = "thanked"
    TEAM = "team"
    MANAGER = "manager"
    COACH = "coach"
    DEPUTY = "deputy"
    GUEST = "guest"
    SUPERVISION = "supervision"
    PUBLISHED = "published"
    STAFF = "staff"
    READER = "reader"
    REVIEWER = "reviewer"


class Group(StrEnum):
    """What somebody chooses the pace of mail for, in the order of the settings page."""

    REPLIES = "replies"
    MENTIONS = "mentions"
    FOLLOWED = "followed"
    ASKED = "asked"
    TEAM = "team"


class Pace(StrEnum):
    """How soon mail tells."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


GROUP_WORDS: Final[Mapping[Group, str]] = {
    Group.REPLIES: "Replies to my ideas, and what is decided",
    Group.MENTIONS: "When somebody mentions me",
    Group.FOLLOWED: "Other news of ideas that I follow",
    Group.ASKED: "What somebody asks of me",
    Group.TEAM: "Thanks, notes of huddles, and changes to my team",
}
PACE_WORDS: Final[Mapping[Pace, str]] = {
    Pace.AT_ONCE: "At once",
    Pace.DAILY: "Once a day",
    Pace.WEEKLY: "Once a week",
    Pace.NEVER: "Never",
}
#: Once a day, except what somebody is waiting to hear.
USUAL_PACE: Final[Mapping[Group, Pace]] = {
    Group.REPLIES: Pace.AT_ONCE,
    Group.MENTIONS: Pace.AT_ONCE,
    Group.FOLLOWED: Pace.DAILY,
    Group.ASKED: Pace.DAILY,
    Group.TEAM: Pace.DAILY,
}

_SUBJECTS: Final[Mapping[NoticeKind, Subject]] = {
    NoticeKind.THANKED: Subject.THANKS,
    NoticeKind.ACTION_GIVEN: Subject.ACTION,
    NoticeKind.TEAM_CHANGED: Subject.TEAM,
    NoticeKind.BUSY_ANSWERED: Subject.TEAM,
    NoticeKind.DEPUTY_NAMED: Subject.TEAM,
    NoticeKind.SUPERVISION_SHARED: Subject.SUPERVISION,
    NoticeKind.LEADER_ANSWERED: Subject.ANSWER,
    NoticeKind.LEADER_TOLD: Subject.ANSWER,
    NoticeKind.VOICE_THANKS: Subject.VOICE,
    NoticeKind.VOICE_GIVEN: Subject.VOICE,
    NoticeKind.VOICES_WAIT: Subject.DESK,
    NoticeKind.REPORT_NOTE: Subject.REPORT_NOTE,
    NoticeKind.REPORT_HIDDEN: Subject.REPORT_HIDDEN,
    NoticeKind.REPORT_REVIEWER: Subject.REPORT_DESK,
    NoticeKind.VOICES_TRAINED: Subject.DESK,
}
_DECISIONS: Final = frozenset(
    {
        NoticeKind.FIRST_REPLY,
        NoticeKind.DECIDED,
        NoticeKind.NOT_NOW,
        NoticeKind.QUICK_FIX,
        NoticeKind.JOINED,
        NoticeKind.SPLIT,
    }
)
_GROUPS: Final[Mapping[NoticeKind, Group]] = {
    NoticeKind.MENTIONED: Group.MENTIONS,
    NoticeKind.LEAD_CHOSEN: Group.ASKED,
    NoticeKind.COACH_ASKED: Group.ASKED,
    NoticeKind.COACH_ANSWERED: Group.ASKED,
    NoticeKind.COACH_OFFERED: Group.ASKED,
    NoticeKind.REPLY_REMINDER: Group.ASKED,
    NoticeKind.NEEDS_LEAD: Group.ASKED,
    NoticeKind.GUEST_INVITED: Group.ASKED,
    NoticeKind.ACTION_GIVEN: Group.ASKED,
    NoticeKind.DEPUTY_NAMED: Group.ASKED,
    NoticeKind.SUSTAIN_DUE: Group.ASKED,
    NoticeKind.THANKED: Group.TEAM,
    NoticeKind.TEAM_CHANGED: Group.TEAM,
    NoticeKind.BUSY_ANSWERED: Group.TEAM,
    NoticeKind.SUPERVISION_SHARED: Group.TEAM,
    NoticeKind.LEADER_ANSWERED: Group.TEAM,
    NoticeKind.LEADER_TOLD: Group.TEAM,
    NoticeKind.LEADER_READ: Group.TEAM,
    NoticeKind.OUT_OF_PUBLIC: Group.ASKED,
    NoticeKind.VOICE_THANKS: Group.TEAM,
    NoticeKind.VOICE_GIVEN: Group.TEAM,
    NoticeKind.VOICES_WAIT: Group.REPLIES,
    NoticeKind.REPORT_NOTE: Group.TEAM,
    NoticeKind.REPORT_HIDDEN: Group.ASKED,
    NoticeKind.REPORT_REVIEWER: Group.ASKED,
    NoticeKind.VOICES_TRAINED: Group.ASKED,
}
#: Reasons that make an idea one's own. None given: told as its author or lead.
_OWN: Final = frozenset({"", Why.AUTHOR, Why.LEAD, Why.JOINED})

_USUAL_WHY: Final[Mapping[NoticeKind, Why]] = {
    NoticeKind.MENTIONED: Why.MENTIONED,
    NoticeKind.LEAD_CHOSEN: Why.ASKED,
    NoticeKind.COACH_ASKED: Why.COACH,
    NoticeKind.COACH_OFFERED: Why.ASKED,
    NoticeKind.REPLY_REMINDER: Why.ASKED,
    NoticeKind.NEEDS_LEAD: Why.MANAGER,
    NoticeKind.SUSTAIN_DUE: Why.ASKED,
    NoticeKind.GUEST_INVITED: Why.GUEST,
    NoticeKind.THANKED: Why.THANKED,
    NoticeKind.ACTION_GIVEN: Why.ASKED,
    NoticeKind.TEAM_CHANGED: Why.TEAM,
    NoticeKind.BUSY_ANSWERED: Why.TEAM,
    NoticeKind.DEPUTY_NAMED: Why.DEPUTY,
    NoticeKind.SUPERVISION_SHARED: Why.SUPERVISION,
    NoticeKind.LEADER_ANSWERED: Why.TEAM,
    NoticeKind.LEADER_TOLD: Why.TEAM,
    NoticeKind.LEADER_READ: Why.MEMBER,
    NoticeKind.OUT_OF_PUBLIC: Why.PUBLISHED,
    NoticeKind.VOICE_THANKS: Why.THANKED,
    NoticeKind.VOICE_GIVEN: Why.TEAM,
    NoticeKind.VOICES_WAIT: Why.READER,
    NoticeKind.REPORT_NOTE: Why.STAFF,
    NoticeKind.REPORT_HIDDEN: Why.REVIEWER,
    NoticeKind.REPORT_REVIEWER: Why.REVIEWER,
    NoticeKind.VOICES_TRAINED: Why.READER,
}


def subject_of(kind: NoticeKind) -> Subject:
    """Return what the subject of such a notice is: most are about an idea."""
    return _SUBJECTS.get(kind, Subject.IDEA)


def group_of(kind: NoticeKind, why: str = "") -> Group:
    """Return which choice of the settings page such a notice falls under."""
    if kind in _DECISIONS:
        return Group.REPLIES if why in _OWN else Group.FOLLOWED
    return _GROUPS.get(kind, Group.FOLLOWED)


def usual_why(kind: NoticeKind) -> str:
    """Return the reason that holds for everybody told of this kind; “”: not one for all."""
    return _USUAL_WHY.get(kind, "")

"""What a notice says, in a sentence; as the subject of a mail; and why somebody is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from improve.notifications.kinds import NoticeKind, Why

_WHY_WORDS: Final[Mapping[str, str]] = {
    Why.AUTHOR: "it is your idea",
    Why.LEAD: "you lead it",
    Why.MEMBER: "you are working on it",
    Why.COMMENTED: "you commented on it",
    Why.SUPPORTED: "you added your support",
    Why.MENTIONED: "somebody mentioned you",
    Why.JOINED: "your idea was joined to it",
    Why.CHOSE: "you chose to follow it",
    Why.ASKED: "it is asked of you",
    Why.THANKED: "it is meant for you",
    Why.TEAM: "you are in the team",
    Why.MANAGER: "you manage the team",
    Why.COACH: "you are a coach",
    Why.DEPUTY: "you stand in for the team’s manager",
    Why.GUEST: "you are invited to it",
    Why.SUPERVISION: "it was shared with you",
    Why.READER: "you read voices",
    Why.REVIEWER: "you review reports",
    Why.STAFF: "it is for all staff",
    Why.PUBLISHED: "you let the public read what it taught",
}


def why_words(why: str) -> str:
    """Return why somebody is told, to follow “because”."""
    return _WHY_WORDS.get(why, "it is your idea, or you lead it")


def subject_words(kind: NoticeKind, facts: Mapping[str, Any], why: str = "") -> str:
    """Return the sentence as the subject of a mail: it stands alone, so it says what “it” is.

    It names no title, which others may see in a list of mails.
    """
    it = "your idea" if why == Why.AUTHOR else "an idea"
    by = facts.get("by") or "A colleague"
    alone = {
        NoticeKind.COMMENTED: f"{by} commented on {it}",
        NoticeKind.MENTIONED: f"{by} mentioned you in a comment",
        NoticeKind.UNDONE: f"{by} took the last move of {it} back",
        NoticeKind.NOT_NOW: f"{by} says not now to {it}, and why",
        NoticeKind.COACH_ANSWERED: f"{by} answered {it} as a coach",
        NoticeKind.COACH_OFFERED: f"A coach can give {it} its first reply, or help you with it",
    }
    return alone.get(kind) or notice_words(kind, facts, why, it=it)


def notice_words(
    kind: NoticeKind, facts: Mapping[str, Any], why: str = "", *, it: str = "it"
) -> str:
    """Return the sentence of a notice, without the idea's title; ``it`` is what stands for that.

    Reads the facts that ``notifications.kinds`` names for each kind.
    """
    by = facts.get("by") or "A colleague"
    to = facts.get("to", "")
    decided = {
        "adopt": f"decided to keep {it}",
        "adapt": f"decided to change {it} and test again",
        "abandon": f"decided to stop {it}, with what was learned",
    }
    changes = {
        "renamed": "gave your team a new name",
        "joined": "joined your team with another",
        "closed": "closed your team",
        "moved": "moved an idea to this team",
    }
    undone = {"ending": "took its ending back", "taken down": "took it down"}
    changed = undone.get(facts.get("because", ""), "changed its page")
    is_own = why in {"", Why.AUTHOR}
    days = f" {facts['days']}" if facts.get("days") else ""
    sentences = {
        NoticeKind.FIRST_REPLY: f"{by} replied to your idea" if is_own else f"{by} replied to {it}",
        NoticeKind.MOVED: f"{by} moved {it} to {to}",
        NoticeKind.MOVED_BACK: f"{by} moved {it} back to {to}, and says why",
        NoticeKind.DECIDED: f"{by} {decided.get(facts.get('decision', ''), 'decided')}",
        NoticeKind.NOT_NOW: f"{by} says not now, why, and when to look again",
        NoticeKind.QUICK_FIX: f"{by} marked {it} as a quick fix",
        NoticeKind.BROUGHT_BACK: f"{by} brought {it} back to the board",
        NoticeKind.WITHDRAWN: f"{by} withdrew {it}",
        NoticeKind.COMMENTED: f"{by} commented",
        NoticeKind.MENTIONED: f"{by} mentioned you",
        NoticeKind.UNDONE: f"{by} took the last move back",
        NoticeKind.BLOCKED: f"{by} marked {it} blocked",
        NoticeKind.UNBLOCKED: f"{by} says {it} can go on",
        NoticeKind.LEAD_CHOSEN: f"{by} asks you to lead {it}",
        NoticeKind.WORDS_ADDED: f"{by} added words to {it}",
        NoticeKind.JOINED: f"{by} joined {it} with another idea of the same thing",
        NoticeKind.SPLIT: f"{by} took {it} apart again from the one it was joined to",
        NoticeKind.COACH_ASKED: f"{by} asks for a coach",
        NoticeKind.COACH_ANSWERED: f"{by} answered as a coach",
        NoticeKind.COACH_OFFERED: "A coach can give the first reply, or help you with it",
        NoticeKind.REPLY_REMINDER: f"{it[:1].upper()}{it[1:]} is waiting for a first reply",
        NoticeKind.NEEDS_LEAD: f"{it[:1].upper()}{it[1:]} needs somebody to lead it",
        NoticeKind.WORDS_HIDDEN: f"{by} says words in {it} may identify someone. They are hidden",
        NoticeKind.WORDS_REMOVED: "Words that may identify someone were looked at and settled",
        NoticeKind.GUEST_INVITED: f"{by} invites you to read {it} and to say what you think",
        NoticeKind.THANKED: f"{by} says thank you",
        NoticeKind.ACTION_GIVEN: f"{by} put an action to your name",
        NoticeKind.TEAM_CHANGED: f"{by} {changes.get(facts.get('change', ''), 'changed the team')}",
        NoticeKind.BUSY_ANSWERED: f"{by} answered what the team asked for in its busy time",
        NoticeKind.DEPUTY_NAMED: f"{by} asks you to stand in{days}",
        NoticeKind.SUPERVISION_SHARED: f"{by} shared a page for supervision",
        NoticeKind.LEADER_ANSWERED: f"{by} answered what was asked of leaders",
        NoticeKind.LEADER_TOLD: f"{by} says what came of an answer of leaders",
        NoticeKind.LEADER_READ: f"{by} read what came of {it}"
        + (", and wrote to you" if facts.get("has_words") else ""),
        NoticeKind.SPREAD_BEGAN: f"{by} tries {it} in {facts.get('team') or 'another team'}",
        NoticeKind.SUSTAIN_DUE: f"Half a year ago {it} was kept. Is it still done?",
        NoticeKind.VOICE_THANKS: f"{by} passes on thanks from somebody you worked with",
        NoticeKind.VOICE_GIVEN: f"{by} gives your team words of somebody who told us",
        NoticeKind.VOICES_WAIT: "Voices wait on the reading desk",
        NoticeKind.REPORT_NOTE: "What we heard from reports, and what we are trying",
        NoticeKind.REPORT_REVIEWER: f"{by} made {facts.get('who') or 'a colleague'}"
        " a reviewer of reports, or changed their training",
        NoticeKind.VOICES_TRAINED: f"{by} made {facts.get('who') or 'a colleague'}"
        " a reader of voices, or changed their training",
        NoticeKind.REPORT_HIDDEN: "Words that staff read may identify someone. They are hidden",
        NoticeKind.OUT_OF_PUBLIC: f"What {it} taught is not public any more. {by} {changed}",
    }
    return sentences[kind]

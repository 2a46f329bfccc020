"""What people are told of, and how a notice reads. Pure.

A notice says what happened to an idea and who did it, who says thank you, or who asks for an
action. Its facts hold names
and codes, never the words a person wrote: those are read on the idea itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class NoticeKind(StrEnum):
    """The things an author or lead is told."""

    FIRST_REPLY = "first_reply"
    MOVED = "moved"
    MOVED_BACK = "moved_back"
    DECIDED = "decided"
    NOT_NOW = "not_now"
    QUICK_FIX = "quick_fix"
    BROUGHT_BACK = "brought_back"
    WITHDRAWN = "withdrawn"
    COMMENTED = "commented"
    UNDONE = "undone"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    LEAD_CHOSEN = "lead_chosen"
    WORDS_ADDED = "words_added"
    #: Its subject is the thank-you, not an idea.
    THANKED = "thanked"
    #: Its subject is the action.
    ACTION_GIVEN = "action_given"


def notice_words(kind: NoticeKind, facts: Mapping[str, Any]) -> str:
    """Return the sentence of a notice, without the idea's title.

    Reads the facts ``by`` (a first name), ``to`` (a stage as boards say it), ``decision``.
    """
    by = facts.get("by") or "A colleague"
    to = facts.get("to", "")
    decided = {
        "adopt": "decided to keep it",
        "adapt": "decided to change it and test again",
        "abandon": "decided to stop it, with what was learned",
    }
    sentences = {
        NoticeKind.FIRST_REPLY: f"{by} replied to your idea",
        NoticeKind.MOVED: f"{by} moved it to {to}",
        NoticeKind.MOVED_BACK: f"{by} moved it back to {to}, and says why",
        NoticeKind.DECIDED: f"{by} {decided.get(facts.get('decision', ''), 'decided')}",
        NoticeKind.NOT_NOW: f"{by} says not now, why, and when to look again",
        NoticeKind.QUICK_FIX: f"{by} marked it as a quick fix",
        NoticeKind.BROUGHT_BACK: f"{by} brought it back to the board",
        NoticeKind.WITHDRAWN: f"{by} withdrew it",
        NoticeKind.COMMENTED: f"{by} commented",
        NoticeKind.UNDONE: f"{by} took the last move back",
        NoticeKind.BLOCKED: f"{by} marked it blocked",
        NoticeKind.UNBLOCKED: f"{by} says it can go on",
        NoticeKind.LEAD_CHOSEN: f"{by} asks you to lead it",
        NoticeKind.WORDS_ADDED: f"{by} added words to it",
        NoticeKind.THANKED: f"{by} says thank you",
        NoticeKind.ACTION_GIVEN: f"{by} put an action to your name",
    }
    return sentences[kind]

"""The tables of ideas."""

from __future__ import annotations

from improve.ideas.models.aims import Aim, Driver
from improve.ideas.models.conversation import (
    CoachRequest,
    Comment,
    IdeaFollower,
    IdeaGuest,
    PromptPutAway,
    ReminderSent,
    Thanks,
)
from improve.ideas.models.history import IdeaEdit, IdeaJoin, KeptWords, StageMove
from improve.ideas.models.idea import Cycle, Idea, IdeaMeasure, IdeaMember
from improve.ideas.models.lists import LogImport, SavedView
from improve.ideas.models.sums import FlowMonth

__all__ = [
    "Aim",
    "CoachRequest",
    "Comment",
    "Cycle",
    "Driver",
    "FlowMonth",
    "Idea",
    "IdeaEdit",
    "IdeaFollower",
    "IdeaGuest",
    "IdeaJoin",
    "IdeaMeasure",
    "IdeaMember",
    "KeptWords",
    "LogImport",
    "PromptPutAway",
    "ReminderSent",
    "SavedView",
    "StageMove",
    "Thanks",
]

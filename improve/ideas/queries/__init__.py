"""Reads about ideas: boards, one idea, lists. The actor first; their organisation always inside."""

from __future__ import annotations

from improve.ideas.board import (
    BlockedStrip,
    BoardFilter,
    BoardPage,
    Card,
    CardVerdict,
    Column,
    Ending,
    SmallTest,
    SourceBadge,
)
from improve.ideas.huddle_views import HuddleIdea, HuddleIdeaDetail, MissingItem
from improve.ideas.listing import (
    FinishedCycle,
    FinishedPage,
    ListedIdea,
    ListPage,
    SentView,
    SimilarIdea,
)
from improve.ideas.page import (
    BlockedView,
    CommentView,
    CycleView,
    EndingView,
    HistoryLine,
    IdeaMay,
    IdeaPage,
    MoveChoice,
    MoveFormView,
    NextStep,
    PersonRef,
    PlanFormView,
    ReplyView,
    TeamRef,
    TiedMeasure,
    UndoView,
)
from improve.ideas.queries.boards import board, card, column_heads
from improve.ideas.queries.finished import finished_cycles
from improve.ideas.queries.following import followers_of
from improve.ideas.queries.forms import move_form, plan_form
from improve.ideas.queries.huddle import for_huddle, huddle_idea
from improve.ideas.queries.lists import (
    all_finished,
    logged_with,
    my_ideas,
    sent,
    similar_ideas,
    waiting_for_reply,
)
from improve.ideas.queries.meanwhile import other_tests
from improve.ideas.queries.mentions import Mentionable, mentionable, told_by
from improve.ideas.queries.names import idea_heads, thanks_lines
from improve.ideas.queries.one import history, idea_page
from improve.ideas.queries.record import cycles_for_record, ideas_for_supervision
from improve.ideas.queries.reminders import ServiceWaiting, waiting_by_service
from improve.ideas.queries.thanks import one_thanks, thanks_to_me
from improve.ideas.thanks_views import ThanksView

__all__ = [
    "BlockedStrip",
    "BlockedView",
    "BoardFilter",
    "BoardPage",
    "Card",
    "CardVerdict",
    "Column",
    "CommentView",
    "CycleView",
    "Ending",
    "EndingView",
    "FinishedCycle",
    "FinishedPage",
    "HistoryLine",
    "HuddleIdea",
    "HuddleIdeaDetail",
    "IdeaMay",
    "IdeaPage",
    "ListPage",
    "ListedIdea",
    "Mentionable",
    "MissingItem",
    "MoveChoice",
    "MoveFormView",
    "NextStep",
    "PersonRef",
    "PlanFormView",
    "ReplyView",
    "SentView",
    "ServiceWaiting",
    "SimilarIdea",
    "SmallTest",
    "SourceBadge",
    "TeamRef",
    "ThanksView",
    "TiedMeasure",
    "UndoView",
    "all_finished",
    "board",
    "card",
    "column_heads",
    "cycles_for_record",
    "finished_cycles",
    "followers_of",
    "for_huddle",
    "history",
    "huddle_idea",
    "idea_heads",
    "idea_page",
    "ideas_for_supervision",
    "logged_with",
    "mentionable",
    "move_form",
    "my_ideas",
    "one_thanks",
    "other_tests",
    "plan_form",
    "sent",
    "similar_ideas",
    "thanks_lines",
    "thanks_to_me",
    "told_by",
    "waiting_by_service",
    "waiting_for_reply",
]

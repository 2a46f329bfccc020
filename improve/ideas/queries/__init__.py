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
from improve.ideas.queries.blocked import (
    BlockedFilter,
    BlockedIdea,
    BlockedPage,
    blocked_page,
)
from improve.ideas.queries.board_rows import board_rows
from improve.ideas.queries.boards import board, card, card_after_act, column_heads
from improve.ideas.queries.coach import CoachingPage, coaching_page
from improve.ideas.queries.comments import CommentsPage, earlier_comments, one_comment
from improve.ideas.queries.finished import finished_cycle, finished_cycles, in_study
from improve.ideas.queries.following import followers_of
from improve.ideas.queries.forms import move_form, plan_form
from improve.ideas.queries.guests import (
    InvitedIdea,
    guests_of_idea,
    guests_to_come,
    ideas_invited_to,
    ideas_of_guest,
    is_stranger_to,
)
from improve.ideas.queries.huddle import for_huddle, huddle_idea
from improve.ideas.queries.joining import join_pair, join_search
from improve.ideas.queries.lanes import Lane, lanes
from improve.ideas.queries.learned import finished_ideas
from improve.ideas.queries.lists import (
    all_finished,
    answerers,
    logged_with,
    my_ideas,
    sent,
    waiting_for_reply,
)
from improve.ideas.queries.meanwhile import other_tests
from improve.ideas.queries.mentions import Mentionable, mentionable, told_by
from improve.ideas.queries.names import idea_heads, thanks_lines
from improve.ideas.queries.one import history, idea_page
from improve.ideas.queries.record import (
    cycles_for_record,
    ideas_for_supervision,
    people_of_idea,
)
from improve.ideas.queries.reminders import ServiceWaiting, waiting_by_service
from improve.ideas.queries.similar import similar_ideas
from improve.ideas.queries.team_facts import team_and_facts
from improve.ideas.queries.thanks import one_thanks, thanks_to_me
from improve.ideas.queries.views import saved_views
from improve.ideas.thanks_views import ThanksView

__all__ = [
    "BlockedFilter",
    "BlockedIdea",
    "BlockedPage",
    "BlockedStrip",
    "BlockedView",
    "BoardFilter",
    "BoardPage",
    "Card",
    "CardVerdict",
    "CoachingPage",
    "Column",
    "CommentView",
    "CommentsPage",
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
    "InvitedIdea",
    "Lane",
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
    "answerers",
    "blocked_page",
    "board",
    "board_rows",
    "card",
    "card_after_act",
    "coaching_page",
    "column_heads",
    "cycles_for_record",
    "earlier_comments",
    "finished_cycle",
    "finished_cycles",
    "finished_ideas",
    "followers_of",
    "for_huddle",
    "guests_of_idea",
    "guests_to_come",
    "history",
    "huddle_idea",
    "idea_heads",
    "idea_page",
    "ideas_for_supervision",
    "ideas_invited_to",
    "ideas_of_guest",
    "in_study",
    "is_stranger_to",
    "join_pair",
    "join_search",
    "lanes",
    "logged_with",
    "mentionable",
    "move_form",
    "my_ideas",
    "one_comment",
    "one_thanks",
    "other_tests",
    "people_of_idea",
    "plan_form",
    "saved_views",
    "sent",
    "similar_ideas",
    "team_and_facts",
    "thanks_lines",
    "thanks_to_me",
    "told_by",
    "waiting_by_service",
    "waiting_for_reply",
]

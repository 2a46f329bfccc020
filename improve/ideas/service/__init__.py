"""What people do with ideas: one module a verb, all named here.

Every function takes the actor first and raises ``NotFound`` (nothing that this person may know
of), ``Forbidden`` (with words who can), ``RuleBroken`` (all reasons at once) or ``Stale`` (with
who changed it, when, to what, and the texts as they stand now). Nothing here commits.
"""

from __future__ import annotations

from improve.ideas.service.answer import save_answers
from improve.ideas.service.block import mark_blocked, unblock
from improve.ideas.service.change_team import change_team, put_into_team
from improve.ideas.service.coach import (
    answer_as_coach,
    ask_coach,
    put_prompt_away,
    take_coach_request_back,
)
from improve.ideas.service.comment import (
    comment,
    edit_comment,
    remove_comment,
    support_idea,
)
from improve.ideas.service.conflict import add_words_after_conflict, leave_words_out
from improve.ideas.service.edit import choose_lead, choose_measures, edit_field, join_idea
from improve.ideas.service.flow_months import (
    months_that_differ,
    months_to_sum,
    sum_every_month_anew,
)
from improve.ideas.service.following import follow_idea, start_following, stop_following
from improve.ideas.service.guests import (
    LONGEST_STAY,
    USUAL_STAY,
    GuestAsked,
    end_guest,
    end_guests_of_past,
    invite_guest,
    send_link_again,
)
from improve.ideas.service.join import join_ideas, split_ideas
from improve.ideas.service.move import Moved, move_stage
from improve.ideas.service.pin import pin, unpin, unpin_talked_about
from improve.ideas.service.plan import plan_small_test
from improve.ideas.service.propose import Proposed, propose_idea, put_on_board
from improve.ideas.service.reminders import send_reminders
from improve.ideas.service.reply import reply_first
from improve.ideas.service.saved_view import remove_view, rename_view, save_view
from improve.ideas.service.thanks import remove_thanks, say_thanks
from improve.ideas.service.undo import undo_move
from improve.ideas.service.usual import settle_every_team, settle_usual_days
from improve.ideas.service.verdicts_rewritten import follow_measures

__all__ = [
    "LONGEST_STAY",
    "USUAL_STAY",
    "GuestAsked",
    "Moved",
    "Proposed",
    "add_words_after_conflict",
    "answer_as_coach",
    "ask_coach",
    "change_team",
    "choose_lead",
    "choose_measures",
    "comment",
    "edit_comment",
    "edit_field",
    "end_guest",
    "end_guests_of_past",
    "follow_idea",
    "follow_measures",
    "invite_guest",
    "join_idea",
    "join_ideas",
    "leave_words_out",
    "mark_blocked",
    "months_that_differ",
    "months_to_sum",
    "move_stage",
    "pin",
    "plan_small_test",
    "propose_idea",
    "put_into_team",
    "put_on_board",
    "put_prompt_away",
    "remove_comment",
    "remove_thanks",
    "remove_view",
    "rename_view",
    "reply_first",
    "save_answers",
    "save_view",
    "say_thanks",
    "send_link_again",
    "send_reminders",
    "settle_every_team",
    "settle_usual_days",
    "split_ideas",
    "start_following",
    "stop_following",
    "sum_every_month_anew",
    "support_idea",
    "take_coach_request_back",
    "unblock",
    "undo_move",
    "unpin",
    "unpin_talked_about",
]

"""What people do in and around a huddle: one module a verb, all named here.

Every function takes the actor first and raises ``NotFound``, ``Forbidden`` (with words who can),
``RuleBroken`` (all reasons at once, with fields) or ``Stale``. Nothing here commits.
"""

from __future__ import annotations

from improve.huddles.service.actions import (
    Added,
    add_action,
    end_action,
    move_action,
    reopen_action,
)
from improve.huddles.service.after import ToDoAfter, do_after
from improve.huddles.service.decide import (
    Decided,
    decide,
    keep_testing,
    put_off,
    remove_decision,
    settle,
)
from improve.huddles.service.finish import (
    Closing,
    finish_huddle,
    reopen_huddle,
    resume_huddle,
)
from improve.huddles.service.hard import note_hard_thing
from improve.huddles.service.hours import promise_hour, say_hour_kept
from improve.huddles.service.pace import go_on, go_to, pause, take_over_driving, tick_here
from improve.huddles.service.plan import plan_huddles
from improve.huddles.service.start import Started, start_huddle
from improve.huddles.service.taps import bring_in_taps
from improve.huddles.service.thanks import thank_in_huddle

__all__ = [
    "Added",
    "Closing",
    "Decided",
    "Started",
    "ToDoAfter",
    "add_action",
    "bring_in_taps",
    "decide",
    "do_after",
    "end_action",
    "finish_huddle",
    "go_on",
    "go_to",
    "keep_testing",
    "move_action",
    "note_hard_thing",
    "pause",
    "plan_huddles",
    "promise_hour",
    "put_off",
    "remove_decision",
    "reopen_action",
    "reopen_huddle",
    "resume_huddle",
    "say_hour_kept",
    "settle",
    "start_huddle",
    "take_over_driving",
    "thank_in_huddle",
    "tick_here",
]

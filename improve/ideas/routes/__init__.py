"""The pages of ideas: one module a theme, one blueprint."""

from __future__ import annotations

from improve.ideas.routes import (
    aims,
    all_teams,
    blocked,
    board_views,
    boards,
    bring_in,
    cards,
    change_team,
    coach,
    conversation,
    cycles,
    drivers,
    guests,
    joining,
    learned,
    log,
    one,
    pins,
    plan,
    thanks,
)
from improve.ideas.routes.blueprint import blueprint

__all__ = [
    "aims",
    "all_teams",
    "blocked",
    "blueprint",
    "board_views",
    "boards",
    "bring_in",
    "cards",
    "change_team",
    "coach",
    "conversation",
    "cycles",
    "drivers",
    "guests",
    "joining",
    "learned",
    "log",
    "one",
    "pins",
    "plan",
    "thanks",
]

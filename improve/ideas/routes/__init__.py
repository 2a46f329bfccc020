"""The pages of ideas: one module a theme, one blueprint."""

from __future__ import annotations

from improve.ideas.routes import (
    aims,
    blocked,
    board_views,
    boards,
    change_team,
    coach,
    cycles,
    drivers,
    guests,
    log,
    one,
    pins,
    plan,
    thanks,
)
from improve.ideas.routes.blueprint import blueprint

__all__ = [
    "aims",
    "blocked",
    "blueprint",
    "board_views",
    "boards",
    "change_team",
    "coach",
    "cycles",
    "drivers",
    "guests",
    "log",
    "one",
    "pins",
    "plan",
    "thanks",
]

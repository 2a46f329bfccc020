"""The pages of ideas: one module a theme, one blueprint."""

from __future__ import annotations

from improve.ideas.routes import boards, change_team, cycles, log, one, pins, plan, thanks
from improve.ideas.routes.blueprint import blueprint

__all__ = ["blueprint", "boards", "change_team", "cycles", "log", "one", "pins", "plan", "thanks"]

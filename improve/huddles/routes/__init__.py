"""Pages of huddles: what is going on, its parts, its notes, when a team meets."""

from __future__ import annotations

from improve.huddles import service  # noqa: F401
from improve.huddles.routes import (  # noqa: F401
    about_ideas,
    actions,
    calendar,
    hours,
    notes,
    past,
    running,
    saying,
    settings,
    wall,
)
from improve.huddles.routes.blueprint import blueprint

__all__ = ["blueprint"]

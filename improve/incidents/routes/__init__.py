"""The pages of reports: one module a theme, one blueprint."""

from __future__ import annotations

from improve.incidents import queries  # noqa: F401
from improve.incidents.routes import (  # noqa: F401
    answer,
    coding,
    desk,
    learned,
    learning_team,
    notes,
    patterns,
    public,
    tell,
    use,
)
from improve.incidents.routes.blueprint import blueprint

__all__ = ["blueprint"]

"""The pages of reports: one module a theme, one blueprint."""

from __future__ import annotations

from improve.incidents import queries  # noqa: F401
from improve.incidents.routes import (  # noqa: F401
    answer,
    call_back,
    coding,
    cover,
    desk,
    ended_meanwhile,
    groups,
    learned,
    learning_team,
    notes,
    patterns,
    public,
    readiness,
    receipt,
    sign_off,
    tell,
    together,
    use,
    wordings,
    words,
)
from improve.incidents.routes.blueprint import blueprint

__all__ = ["blueprint"]

"""Start, my page, settings, help: one blueprint. Gathers what the others offer."""

from __future__ import annotations

from improve.home.routes import (  # noqa: F401 - each adds its pages to the blueprint
    calendar,
    first_days,
    manifest,
    me,
    news,
    pages,
    search_page,
    settings,
    stop,
)
from improve.home.routes.blueprint import blueprint

__all__ = ["blueprint"]

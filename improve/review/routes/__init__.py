"""The pages of the review: one module a theme, one blueprint."""

from __future__ import annotations

from improve.review.routes import finished, tabs, work
from improve.review.routes.blueprint import blueprint

__all__ = ["blueprint", "finished", "tabs", "work"]

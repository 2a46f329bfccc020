"""The pages of the review: one module a theme, one blueprint."""

from __future__ import annotations

from improve.review.routes import aims, answers, did, finished, month, reading, saved, tabs, work
from improve.review.routes.blueprint import blueprint

__all__ = [
    "aims",
    "answers",
    "blueprint",
    "did",
    "finished",
    "month",
    "reading",
    "saved",
    "tabs",
    "work",
]

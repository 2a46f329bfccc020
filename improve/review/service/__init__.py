"""What leaders do here: they tick what they read, and answer what is asked of them."""

from __future__ import annotations

from improve.review.service.answers import answer_line, change_answer, say_outcome, write_to_them
from improve.review.service.read import tick_read
from improve.review.service.views import remove_review, rename_review, save_review

__all__ = [
    "answer_line",
    "change_answer",
    "remove_review",
    "rename_review",
    "save_review",
    "say_outcome",
    "tick_read",
    "write_to_them",
]

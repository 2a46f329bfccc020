"""What leaders do here: they tick what they read, and answer what is asked of them."""

from __future__ import annotations

from improve.review.service.answers import answer_line, change_answer, say_outcome, write_to_them

__all__ = ["answer_line", "change_answer", "say_outcome", "write_to_them"]

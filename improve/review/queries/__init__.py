"""Reads for the review. The actor first; their organisation is always inside."""

from __future__ import annotations

from improve.review.queries.answers import (
    ANSWERS_A_PAGE,
    answer_for_change,
    answer_to,
    answered_days,
    answers_of_month,
    answers_of_team,
    answers_page,
    one_answer,
)
from improve.review.queries.history import history

__all__ = [
    "ANSWERS_A_PAGE",
    "answer_for_change",
    "answer_to",
    "answered_days",
    "answers_of_month",
    "answers_of_team",
    "answers_page",
    "history",
    "one_answer",
]

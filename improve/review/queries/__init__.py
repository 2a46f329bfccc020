"""Reads for the review. The actor first; their organisation is always inside."""

from __future__ import annotations

from improve.review.queries.answers import (
    ANSWERS_A_PAGE,
    answer_for_change,
    answer_to,
    answered_among,
    answered_days,
    answers_of_month,
    answers_of_team,
    answers_page,
    has_letter,
    one_answer,
)
from improve.review.queries.finished import (
    BesideRows,
    ReadView,
    SavedLine,
    beside_rows,
    finished_work,
    in_study_now,
    period_begins,
    read_for_change,
    readers,
    reads_of_cycle,
    saved_for_change,
    saved_reviews,
    unread_by,
)
from improve.review.queries.history import history

__all__ = [
    "ANSWERS_A_PAGE",
    "BesideRows",
    "ReadView",
    "SavedLine",
    "answer_for_change",
    "answer_to",
    "answered_among",
    "answered_days",
    "answers_of_month",
    "answers_of_team",
    "answers_page",
    "beside_rows",
    "finished_work",
    "has_letter",
    "history",
    "in_study_now",
    "one_answer",
    "period_begins",
    "read_for_change",
    "readers",
    "reads_of_cycle",
    "saved_for_change",
    "saved_reviews",
    "unread_by",
]

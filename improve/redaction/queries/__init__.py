"""Reads of hidden texts."""

from __future__ import annotations

from improve.redaction.queries.desk import (
    PAGE_SIZE,
    HiddenPage,
    HiddenRow,
    hidden_text,
    hidden_to_read,
    waiting,
    waiting_count,
)
from improve.redaction.queries.hidden import hidden_of_idea, hidden_rows

__all__ = [
    "PAGE_SIZE",
    "HiddenPage",
    "HiddenRow",
    "hidden_of_idea",
    "hidden_rows",
    "hidden_text",
    "hidden_to_read",
    "waiting",
    "waiting_count",
]

"""Reads of hidden texts."""

from __future__ import annotations

from improve.redaction.queries.desk import (
    PAGE_SIZE,
    HiddenPage,
    HiddenRow,
    hidden_text,
    hidden_to_read,
    waiting,
)

__all__ = [
    "PAGE_SIZE",
    "HiddenPage",
    "HiddenRow",
    "hidden_text",
    "hidden_to_read",
    "waiting",
]

"""Reads of hidden texts."""

from __future__ import annotations

from improve.redaction.queries.hidden import (
    hidden_of_idea,
    hidden_rows,
)

__all__ = ["hidden_of_idea", "hidden_rows"]

"""Reads for the review. The actor first; their organisation is always inside."""

from __future__ import annotations

from improve.review import models
from improve.review.queries.history import history

__all__ = ["history", "models"]

"""Pages of texts that may identify someone."""

from __future__ import annotations

from improve.redaction import service  # noqa: F401
from improve.redaction.routes import desk, saying
from improve.redaction.routes.blueprint import blueprint

__all__ = ["blueprint", "desk", "saying"]

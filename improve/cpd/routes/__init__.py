"""Pages of one's own record of learning."""

from __future__ import annotations

from improve.cpd import service  # noqa: F401
from improve.cpd.routes.blueprint import blueprint

__all__ = ["blueprint"]

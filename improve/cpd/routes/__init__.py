"""Pages of one's own record of learning, and of the page for supervision."""

from __future__ import annotations

from improve.cpd.routes import pieces, records, supervision  # noqa: F401
from improve.cpd.routes.blueprint import blueprint

__all__ = ["blueprint"]

"""Pages of privacy: for whoever answers for it, for oneself, and for everybody. One blueprint."""

from __future__ import annotations

from improve.privacy.routes import (  # noqa: F401 - each adds its pages to the blueprint
    desk,
    documents,
    finding,
    own,
    people,
)
from improve.privacy.routes.blueprint import blueprint

__all__ = ["blueprint"]

"""The pages of the library: one module a theme, one blueprint."""

from __future__ import annotations

from improve.library import queries
from improve.library.routes.blueprint import blueprint

__all__ = ["blueprint", "queries"]

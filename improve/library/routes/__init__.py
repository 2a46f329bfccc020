"""The pages of the library: one module a theme, one blueprint."""

from __future__ import annotations

from improve.library.routes import borrowed, exchange, feeds, spread, sustain  # noqa: F401
from improve.library.routes.blueprint import blueprint

__all__ = ["blueprint"]

"""The pages of the library: one module a theme, one blueprint."""

from __future__ import annotations

from improve.library.routes import (  # noqa: F401
    borrowed,
    exchange,
    feeds,
    pages,
    public,
    publishing,
    spread,
    sustain,
    writing,
)
from improve.library.routes.blueprint import blueprint

__all__ = ["blueprint"]

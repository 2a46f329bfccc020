"""The pages of open data: one module a theme, one blueprint."""

from __future__ import annotations

from improve.open_data.routes import archive, tables  # noqa: F401 - each adds its pages
from improve.open_data.routes.blueprint import blueprint

__all__ = ["blueprint"]

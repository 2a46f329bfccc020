"""Reads about learning pages and spread. The actor first."""

from __future__ import annotations

from improve.library import models

__all__ = ["models"]

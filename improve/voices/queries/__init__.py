"""Reads about voices. The actor first, where there is one."""

from __future__ import annotations

from improve.voices import models  # noqa: F401 - the tables are known from here on

"""Reads about reports. The actor first, where there is one."""

from __future__ import annotations

from improve.incidents import models  # noqa: F401 - the tables are known from here on

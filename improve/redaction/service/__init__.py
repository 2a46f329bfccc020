"""Hiding a text, taking words out everywhere, showing it again."""

from __future__ import annotations

from improve.redaction import models  # noqa: F401

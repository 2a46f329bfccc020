"""What leaders do here: they tick what they read, and answer what is asked of them."""

from __future__ import annotations

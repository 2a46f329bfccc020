"""The driver diagram: where its boxes stand and how its curves run, from counted lines. Pure."""

from __future__ import annotations

"""Reads for tables and archives. The actor first."""

from __future__ import annotations

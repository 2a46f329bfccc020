"""Reads of one's own records."""

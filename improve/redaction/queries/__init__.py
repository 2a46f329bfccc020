"""Reads of hidden texts."""

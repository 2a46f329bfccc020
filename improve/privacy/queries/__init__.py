"""Reads for privacy: over the tables as the database has them, of one council only."""

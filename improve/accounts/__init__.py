"""Organisations, teams, people, what each may do, and signing in."""

"""Measures: what a team counts, the tests of change judged on it, and the charts that show it."""

"""The tests. ``python -m tests`` runs everything; ``pytest tests/ideas`` runs one room."""

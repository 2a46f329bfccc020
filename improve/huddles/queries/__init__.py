"""Reads about huddles. The actor first; their organisation always inside."""
